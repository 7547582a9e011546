"""The topics of the invented archive: as many, and of as many posts, as in archives of people.

Its words are invented, so that nearly all of them would be found as topics, with seven for each
post. In an archive from X of 2,013 posts, 158 topics were found, with 1.09 for each post.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from .archive import Thread, posts_by_word

TOPICS = 200
TOPICS_PER_POST = 1.1
NAME = "topics.found.toml"


def write(threads: Iterable[Thread], posts: int, folder: Path) -> None:
    """Write the topics of so many posts into a content folder: words of about the same number."""
    found = posts_by_word(threads)
    wanted = posts * TOPICS_PER_POST / TOPICS
    nearest = sorted(found, key=lambda word: (abs(found[word] - wanted), word))[:TOPICS]
    text = "".join([_table(word) for word in sorted(nearest)])
    (folder / NAME).write_text(text, "utf-8")


def _table(word: str) -> str:
    name = json.dumps(word, ensure_ascii=False)
    return f"[[topic]]\nname = {name}\nwords = [{name}]\n\n"
