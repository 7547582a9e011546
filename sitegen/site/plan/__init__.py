"""Plan the site: every page and file as a value, before anything is rendered."""
