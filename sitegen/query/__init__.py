"""The query language: parse a query, and match it against posts.

One grammar serves `[[collection]]`, `sitegen export --query` and `[privacy] hide`; docs/query.md
describes it.
"""
