"""Convert tweets to posts: text, entities, media, cards, versions."""
