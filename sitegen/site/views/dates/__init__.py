"""Immutable values of the pages of years, months and days."""
