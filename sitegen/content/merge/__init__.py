"""Three-way merge of what sitegen last wrote, what is there now, and what a source brings."""
