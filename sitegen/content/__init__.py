"""The only reader and writer of content/, the Markdown files that are the archive."""
