"""Tweets as posts: text, entities, media, cards, versions."""
