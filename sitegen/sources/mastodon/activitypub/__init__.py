"""ActivityPub: activities, notes, their audience, tags and attachments."""
