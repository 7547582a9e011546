"""The format of the files in content/: threads, profiles, front matter."""
