"""`content/topics.found.toml`: the topics that were found. sitegen alone writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sitegen import durable_files
from sitegen.content import content_folder
from sitegen.errors import ContentError
from sitegen.topics import topic as topics
from sitegen.topics import topic_tables
from sitegen.topics.topic import Topic

NAME = "topics.found.toml"
_HEAD = """\
# The topics that sitegen found in the posts. An import writes this file anew, so edit
# topics.toml instead: it renames, merges, hides and adds topics.
"""
_KEYS = ("name", "words", "tags", "group", "former")


class Recorded(NamedTuple):
    """The topics of the file; names that topics had which are gone; how many were held back.

    `too_few` is the number of those in too few posts, `people` that of names of people.
    """

    topics: tuple[Topic, ...] = ()
    former: tuple[str, ...] = ()
    too_few: int = 0
    people: int = 0


def read(folder: Path) -> Recorded:
    """Read the file of a content folder; nothing if it is missing. Raises ContentError."""
    path = folder / NAME
    if not path.is_file():
        return Recorded()
    try:
        return _read(path)
    except ContentError as error:
        raise ContentError(
            error.message, path=error.path, line=error.line,
            hint="take it back from git, or delete it: sitegen topics --update makes it anew.",
        ) from error  # fmt: skip


def _read(path: Path) -> Recorded:
    tables = topic_tables.parse(content_folder.read_text(str(path)), path)
    tables.check_keys(("former", "held_back", "topic"))
    held_back = tables.counts("held_back", ("too_few", "people"))
    listed = [_topic(table) for table in tables.tables("topic", _KEYS)]
    return Recorded(tuple(listed), tables.strings("former"), **held_back)


def _topic(table: topic_tables.Table) -> Topic:
    return Topic(
        name=table.name(),
        words=table.strings("words"),
        tags=table.strings("tags"),
        group=table.string("group"),
        former=table.strings("former"),
    )


def write(folder: Path, recorded: Recorded) -> bool:
    """Write the file if it changes; return whether it did. Raises OutputError, OSError.

    An archive that never had a topic gets no file.
    """
    path, data = folder / NAME, render(recorded).encode()
    if path.is_file():
        is_known = path.read_bytes() == data
    else:
        is_known = not (recorded.topics or recorded.former)
    if not is_known:
        durable_files.write_durably([(str(path), data)], folder)
    return not is_known


def render(recorded: Recorded) -> str:
    """Return the text of the file, with the topics by name."""
    lines = [_HEAD]
    if recorded.former:
        lines.append(f"former = {_list(sorted(recorded.former))}\n")
    held_back = f"too_few = {recorded.too_few}\npeople = {recorded.people}\n"
    lines.append(f"[held_back]\n{held_back}")
    for each in sorted(recorded.topics, key=lambda each: (topics.key(each.name), each.name)):
        fields = {"words": each.words, "tags": each.tags, "former": tuple(sorted(each.former))}
        rows = [f"name = {_string(each.name)}"]
        rows += [f"{key} = {_list(values)}" for key, values in fields.items() if values]
        rows += [f"group = {_string(each.group)}"] if each.group else []
        lines.append("[[topic]]\n" + "\n".join(rows) + "\n")
    return "\n".join(lines)


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_string, values))}]"


def _string(value: str) -> str:
    """Return a basic string of TOML, whose escapes are those of JSON, and the one for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
