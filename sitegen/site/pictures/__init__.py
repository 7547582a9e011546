"""Pictures in the sizes that screens need: looked at once, made once, kept in the cache."""
