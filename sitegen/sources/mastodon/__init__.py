"""Mastodon and other servers that speak ActivityPub: exports and saved outboxes."""
