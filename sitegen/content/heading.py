"""What a thread's front matter says of it, whatever YAML a person made of it."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.content.draft import Parts, digest
from sitegen.content.stored import Heading, StoredPost
from sitegen.content.thread_file import ThreadFile
from sitegen.model import Json


def heading(file: ThreadFile, shown: Sequence[StoredPost]) -> Heading:
    """Return what speaks for a thread of which these posts are shown.

    Raises ContentError for a title that is no text, and tags that are no list of words.
    """
    fields = _spoken(file, shown)
    date = fields.get("date")
    title = _title(fields.get("title"), file)
    return Heading(title, date if isinstance(date, str) else None, _tags(file, fields))


def _spoken(file: ThreadFile, shown: Sequence[StoredPost]) -> Parts:
    """Return the front matter that may speak for the thread.

    Where posts are hidden, only what a person wrote may: the rest was made of those posts too.
    """
    if len(shown) == len(file.sections):
        return file.fields
    written = file.written
    return {k: v for k, v in file.fields.items() if written.get(k) != digest(v)}


def _title(title: Json, file: ThreadFile) -> str:
    if title is None or isinstance(title, str):
        return title or ""
    if isinstance(title, int | float):
        return str(title)
    raise file.wrong("title", '"title" must be a text')


def _tags(file: ThreadFile, fields: Parts) -> tuple[str, ...] | None:
    listed = fields.get("tags")
    if isinstance(listed, str):
        listed = [*listed.split(",")]
    if isinstance(listed, list) and not any(isinstance(name, list | dict) for name in listed):
        return tuple([str(name).strip() for name in listed if name is not None])
    if listed is not None:
        raise file.wrong("tags", '"tags" must be a list of words')
    if fields is file.fields and '"tags"' in file.head and file.written.get("tags"):
        return ()  # a person deleted the line
    return None
