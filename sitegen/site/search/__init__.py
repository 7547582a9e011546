"""The search index: words, fields and facets of all shown posts, in files for browsers.

docs/search-index.md describes the files.
"""
