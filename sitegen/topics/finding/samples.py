"""The posts of an archive as topics are found in them: texts without links, names and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sitegen.model import Post
from sitegen.query.facts import other_texts
from sitegen.text.clean_words import without_addresses
from sitegen.text.printing import is_label, printable
from sitegen.threads.kinds import without_marker

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


class Sample(NamedTuple):
    """A shown post: its texts, its tags, the languages that it states, and its month.

    `thread` identifies the thread that it belongs to; `month` is "" where no time is known.
    """

    identity: tuple[str, str]
    thread: str
    text: str
    tags: tuple[str, ...]
    langs: tuple[str, ...]
    month: str


def sample(post: Post, thread: str, tags: tuple[str, ...]) -> Sample:
    """Return a post of a thread, which has these tags, as a sample."""
    month = _MONTH.match(post.created_at or "")
    return Sample(
        identity=(post.network, post.id),
        thread=thread,
        text=printable("\n".join(map(without_addresses, texts_of(without_marker(post))))),
        tags=tuple(dict.fromkeys(filter(is_label, (tag.lstrip("#") for tag in tags)))),
        langs=post.langs,
        month=month[0] if month else "",
    )


def texts_of(post: Post) -> Iterator[str]:
    """Yield the texts of a post that a search finds."""
    text = post.text
    for facet in sorted(post.facets, reverse=True):
        if facet.kind != "tag":
            text = f"{text[: facet.start]}\n{text[facet.end :]}"
    yield text
    yield from other_texts(post)
