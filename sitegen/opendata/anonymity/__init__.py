"""Anonymous posts: nothing in them names an account, a person or an address of the archive.

What happens to each field of a post is a table in `decisions.py`.
"""
