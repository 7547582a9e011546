"""The builder: content/ to a static site."""
