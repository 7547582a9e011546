"""Formats of files, read safely: archives, HTML, JSON, YAML, CAR."""
