"""`content/topics.toml`: what a person changes of the topics. sitegen never writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sitegen.content import content_folder
from sitegen.errors import QueryError
from sitegen.query import folding
from sitegen.text.printing import is_label
from sitegen.topics import topic_tables
from sitegen.topics.topic import Topic, key

NAME = "topics.toml"
_KEYS = ("name", "query", "words", "group")


class Rename(NamedTuple):
    """That a topic has another name; the change is in this line of the file."""

    old: str
    new: str
    line: int | None


class Merge(NamedTuple):
    """That a topic has the posts of others, too."""

    into: str
    others: tuple[str, ...]
    line: int | None


class Added(NamedTuple):
    """A topic of the person's own."""

    topic: Topic
    line: int | None


class Changes(NamedTuple):
    """What a person changes: renamed, merged, hidden and added topics, and the file."""

    path: Path
    renames: tuple[Rename, ...] = ()
    merges: tuple[Merge, ...] = ()
    hidden: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()

    @property
    def names(self) -> Iterator[str]:
        """The names of found topics that must stay, since the changes refer to them."""
        yield from (rename.old for rename in self.renames)
        for merge in self.merges:
            yield from (merge.into, *merge.others)
        yield from self.hidden  # else its former names would lead on once it is gone


def read(folder: Path) -> Changes:
    """Read the file of a content folder; no changes if it is missing. Raises ContentError."""
    path = folder / NAME
    if not path.is_file():
        return Changes(path)
    file = topic_tables.parse(content_folder.read_text(str(path)), path)
    file.check_keys(("hide", "rename", "merge", "topic"))
    return Changes(
        path=path,
        renames=tuple(_renames(file)),
        merges=tuple(_merges(file)),
        hidden=file.strings("hide"),
        added=tuple(_all_added(file)),
    )


def _renames(file: topic_tables.File) -> Iterator[Rename]:
    for old, new in file.table("rename").items():
        if not isinstance(new, str) or not is_label(new.strip()):
            hint = 'write it like "comet" = "Comets".'
            raise file.refuse(f"the new name of {old!r} must be a text", f"rename.{old}", hint)
        yield Rename(old, new.strip(), file.line_of(f"rename.{old}"))


def _merges(file: topic_tables.File) -> Iterator[Merge]:
    hint = 'write it like "Comets" = ["comet", "tail"].'
    for into, others in file.table("merge").items():
        if not isinstance(others, list) or not all(isinstance(each, str) for each in others):
            raise file.refuse(f"what {into!r} has must be a list of names", f"merge.{into}", hint)
        if not is_label(into.strip()):
            raise file.refuse(f"{into!r} is no name of a topic", f"merge.{into}", hint)
        yield Merge(into.strip(), tuple(others), file.line_of(f"merge.{into}"))


def _all_added(file: topic_tables.File) -> Iterator[Added]:
    names: set[str] = set()
    for table in file.tables("topic", _KEYS):
        added = _added(table)
        if key(added.topic.name) in names:
            hint = "write all of its words and its query in one."
            raise table.refuse(f"there is a topic {added.topic.name} above", hint)
        names.add(key(added.topic.name))
        yield added


def _added(table: topic_tables.Table) -> Added:
    name, query, words = table.name(), table.string("query"), table.strings("words")
    if query:
        from sitegen.topics import queries  # most sites have no queries for topics

        try:
            queries.compile_topic(query)
        except QueryError as error:
            raise table.refuse(f"query of {name}: {error.message}", error.hint or "") from error
    for word in (*words, *(() if query or words else (name,))):
        if not folding.has_words(word):
            raise table.refuse(f"{word!r} has no word", "write words that posts have.")
    words = words if words or query else (name,)
    return Added(Topic(name, words, query=query, group=table.string("group")), table.line)
