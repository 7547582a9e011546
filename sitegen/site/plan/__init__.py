"""Plan the site: library, taxonomies and pages as values, before anything is rendered."""
