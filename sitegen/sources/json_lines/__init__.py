"""JSON lines in the exchange format: for any source that has no importer."""
