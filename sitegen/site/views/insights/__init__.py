"""Immutable values of the pages of figures and charts about an archive."""
