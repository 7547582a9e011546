"""X, formerly Twitter: the archive that an account gets of itself, of every era."""
