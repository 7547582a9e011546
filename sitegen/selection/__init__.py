"""Which posts of content/ queries mean: those to hide, to list, and to export."""
