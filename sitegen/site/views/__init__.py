"""Immutable values that templates see: pages, threads, posts, links, pictures."""
