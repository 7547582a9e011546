"""content/: the only reader and writer of the Markdown that is the truth."""
