"""Bluesky: repositories (CAR) and answers of its API, by the lexicons of app.bsky."""
