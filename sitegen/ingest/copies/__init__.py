"""Copies of a post: from the text of a page, on another network, of a post that was deleted."""
