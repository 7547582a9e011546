"""The entries of threads in listings, made from their posts."""
