"""One module for each checker."""
