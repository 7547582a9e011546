"""JSON lines in the exchange format: the way in for any source that has no importer."""
