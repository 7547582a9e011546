"""Feeds: RSS, Atom, JSON Feed, and the h-feeds of pages."""
