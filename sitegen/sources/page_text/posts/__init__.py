"""The posts in the text of a page: boundaries, statistics, embeds."""
