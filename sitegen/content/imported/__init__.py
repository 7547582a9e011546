"""The records of imports about sources and posts, in content/.imported/."""
