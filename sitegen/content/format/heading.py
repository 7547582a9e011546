"""What a thread's front matter says of it, whatever YAML a person made of it."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen import timestamps
from sitegen.content.format import draft, front_matter
from sitegen.content.format.draft import Parts, digest
from sitegen.content.format.keys import THREAD, misspelt
from sitegen.content.format.stored import Heading, StoredPost
from sitegen.content.format.thread_file import ThreadFile, stored_posts
from sitegen.errors import ContentError
from sitegen.model import Json, Post

_CUT_OFF = " ,;:.–—-"  # what a title that is cut does not end in


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
    Where no digest tells who wrote a part, one that a hidden post would give is not the person's.
    """
    if len(shown) == len(file.sections):
        return file.fields
    written = file.written
    fields = {k: v for k, v in file.fields.items() if written.get(k) != digest(v)}
    unknown = [key for key in ("title", "date", "tags") if key in fields and key not in written]
    if unknown:
        hidden = [one.post for one in stored_posts(file) if one.hidden]
        fields |= {key: _without(key, fields[key], hidden, shown) for key in unknown}
    return fields


def _without(key: str, value: Json, hidden: Sequence[Post], shown: Sequence[StoredPost]) -> Json:
    """Return what front matter says without what was, or may be, made of hidden posts."""
    if key == "title":
        return None if any(_is_title_of(value, post) for post in hidden) else value
    if key == "date":
        dates = [
            date for post in hidden for date in (post.created_at, draft.date_of(post.created_at))
        ]
        return None if value in dates else value
    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, list):
        return value
    open_tags = {tag.casefold() for one in shown for tag in one.post.tags}
    closed = {tag.casefold() for post in hidden for tag in post.tags} - open_tags
    return [tag for tag in listed if str(tag).strip().casefold() not in closed]


def _is_title_of(title: Json, post: Post) -> bool:
    """Tell whether a title is how a post begins, or what sitegen would call it."""
    words = " ".join(str(title or "").split()).casefold().removesuffix("…").rstrip(_CUT_OFF)
    begins = [" ".join(text.split()).casefold() for text in draft.beginnings(post)]
    name = draft.title_of(post).casefold()
    return bool(words) and (name.startswith(words) or any(b.startswith(words) for b in begins))


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
        if timestamps.parse(written):
            return written
        from sitegen.text import dates  # nearly all dates are ISO 8601, and need no other patterns

        if found := dates.iso(written):
            return found
    raise ContentError(
        f"date: {written!r} is no date",
        path=path,
        line=front_matter.line_of(head, "date"),
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
