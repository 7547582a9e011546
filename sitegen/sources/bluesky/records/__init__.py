"""Records of the app.bsky lexicons: posts, profiles, embeds, rich text, labels."""
