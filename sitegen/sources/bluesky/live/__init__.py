"""A live Bluesky account: resolved, fetched and cached, without login."""
