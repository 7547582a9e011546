"""The HTML of posts as exact text, with the places of links, mentions and tags."""
