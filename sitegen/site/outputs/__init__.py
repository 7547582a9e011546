"""Outputs without a template: feeds, sitemaps, robots.txt."""
