"""What a thread's front matter says of it, whatever YAML a person made of it."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen import frontmatter, moments
from sitegen.content.draft import Parts, digest
from sitegen.content.keys import THREAD, misspelt
from sitegen.content.stored import Heading, StoredPost
from sitegen.content.thread_file import ThreadFile
from sitegen.errors import ContentError
from sitegen.model import Json


def heading(file: ThreadFile, shown: Sequence[StoredPost]) -> Heading:
    """Return what speaks for a thread of which these posts are shown.

    Raises ContentError for a title that is no text, a date that is none, and tags that are no list
    of words.
    """
    fields = _spoken(file, shown)
    title = _title(fields.get("title"), file)
    warnings = tuple(misspelt(file.fields, THREAD, file.head))
    return Heading(title, date_of(fields, file.path, file.head), _tags(file, fields), warnings)


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


def date_of(fields: Parts, path: str, head: str) -> str | None:
    """Return the date of front matter, which people may write in their own ways.

    Raises ContentError for what is no date.
    """
    written = fields.get("date")
    if written is None or written == "":
        return None
    if isinstance(written, str):
        if moments.parse(written):
            return written
        from sitegen import dates  # nearly all dates are ISO 8601, and need no other patterns

        if found := dates.iso(written):
            return found
    raise ContentError(
        f"date: {written!r} is no date",
        path=path,
        line=frontmatter.line_of(head, "date"),
        hint="write it as 2024-05-02, with a time as 2024-05-02T10:00:00Z.",
    )


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
