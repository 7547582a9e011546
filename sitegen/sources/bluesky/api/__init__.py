"""Saved responses of the app.bsky API, and Jetstream events."""
