"""The identity of authors and posts that sources know only by a handle or a derived id."""
