"""content/.imported/: what imports record about sources and posts."""
