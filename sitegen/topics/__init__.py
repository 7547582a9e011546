"""Topics: what posts are about. They are found after an import, and matched by every build.

`content/topics.found.toml` has those that were found, `content/topics.toml` what a person changes.
"""
