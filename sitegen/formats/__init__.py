"""File formats, read safely: archives, HTML, JSON, YAML, CAR."""
