"""The media of posts in the files of content/: Markdown images, and parts that are merged."""
