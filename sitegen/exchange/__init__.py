"""The exchange format: a post as one JSON object, and back.

The names and their order are sitegen's export schema. What the schema has no field for
(polls, shortened links, the places of links in the text, a source's own extra fields) is
added only where there is some, so that a plain post is a plain record.
"""

from sitegen.exchange.decode import FACET_KINDS, exported, facets, post
from sitegen.exchange.encode import known, lines, record
from sitegen.exchange.privacy_words import KEYS as PRIVACY

NAME = "JSON lines of posts"  # what a report calls a file in it

__all__ = [
    "FACET_KINDS",
    "NAME",
    "PRIVACY",
    "exported",
    "facets",
    "known",
    "lines",
    "post",
    "record",
]
