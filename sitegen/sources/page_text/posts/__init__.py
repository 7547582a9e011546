"""The posts in the text of a page: where each ends, its statistics, what is embedded."""
