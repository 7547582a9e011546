"""Who wrote a post and which id it has, when sources know it by a handle or a derived id."""
