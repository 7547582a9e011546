"""Render pages: themes, templates, Markdown, sanitising."""
