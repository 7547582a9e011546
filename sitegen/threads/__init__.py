"""Threads: group posts into them, and tell the kinds of posts apart."""

from sitegen.threads.grouping import Key, copies_of, group, key, make_thread, sort_posts

__all__ = ["Key", "copies_of", "group", "key", "make_thread", "sort_posts"]
