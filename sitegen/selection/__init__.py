"""Which posts of content/ queries mean: those to hide, and those to export."""
