"""Files of content/ on the site: their published names, and those that texts name."""
