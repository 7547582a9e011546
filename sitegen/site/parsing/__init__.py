"""Parses files of content/ into what the site is planned from."""
