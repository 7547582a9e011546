"""h-feeds and h-entries (https://microformats.org/wiki/h-feed)."""
