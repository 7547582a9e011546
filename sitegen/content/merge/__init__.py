"""Three-way merge of what sitegen last wrote, what a file has now, and what a source has."""
