"""Outputs that no template makes: feeds, sitemap, robots.txt."""
