"""Compile and render templates: faster code than that of Jinja, and errors with file and line."""
