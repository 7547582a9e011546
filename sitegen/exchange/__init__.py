"""The exchange format: a post as one JSON object, and back.

The names and their order are sitegen's export schema. Fields outside the schema
(polls, shortened links, the positions of links in the text, a source's own extra fields) are
added only where there are any, so that a plain post is a plain record.
"""

from sitegen.exchange.decode import FACET_KINDS, line, post
from sitegen.exchange.encode import encode, json_line, known, line_of, lines

NAME = "JSON lines of posts"  # the name of such a file in a report

__all__ = [
    "FACET_KINDS",
    "NAME",
    "encode",
    "json_line",
    "known",
    "line",
    "line_of",
    "lines",
    "post",
]
