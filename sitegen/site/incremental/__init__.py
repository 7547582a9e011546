"""Incremental builds: which pages are stale, and the update itself."""
