"""The topics of the invented archive: as many, and of as many posts, as in archives of people.

Its words are invented, so that nearly all of them would be found as topics, with seven for each
post. In an archive from X of 2,013 posts, 158 topics were found, with 1.09 for each post.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from .archive import Thread

TOPICS = 200
TOPICS_PER_POST = 1.1
NAME = "topics.found.toml"


def write(threads: Iterable[Thread], folder: Path) -> None:
    """Write the topics into a content folder: words of about the same number of posts."""
    posts, total = Counter[str](), 0
    for thread in threads:
        for post in thread.posts:
            total += 1
            pieces = (piece for paragraph in post.paragraphs for piece in paragraph)
            posts.update(
                {p.value.lower() for p in pieces if p.kind == "word" and p.value.isalpha()}
            )
    wanted = total * TOPICS_PER_POST / TOPICS
    nearest = sorted(posts, key=lambda word: (abs(posts[word] - wanted), word))[:TOPICS]
    text = "".join([_table(word) for word in sorted(nearest)])
    (folder / NAME).write_text(text, "utf-8")


def _table(word: str) -> str:
    name = json.dumps(word, ensure_ascii=False)
    return f"[[topic]]\nname = {name}\nwords = [{name}]\n\n"
