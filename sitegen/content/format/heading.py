"""Read a thread's heading (title, date, tags) from front matter in any YAML a person writes."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen import timestamps
from sitegen.content.format import draft, front_matter
from sitegen.content.format.draft import Parts, digest
from sitegen.content.format.keys import THREAD, find_misspelt
from sitegen.content.format.stored import Heading, StoredPost
from sitegen.content.format.thread_file import ThreadFile, stored_posts
from sitegen.errors import ContentError
from sitegen.model import Json, Post

_CUT_OFF = " ,;:.–—-"  # characters that a truncated title does not end in


def heading(file: ThreadFile, shown: Sequence[StoredPost]) -> Heading:
    """Return the heading of a thread of which these posts are shown.

    Raises ContentError for a title, date or tags of the wrong type.
    """
    fields = _public_fields(file, shown)
    title = _title(fields.get("title"), file)
    warnings = tuple(find_misspelt(file.fields, THREAD, file.head))
    return Heading(title, date_of(fields, file.path, file.head), _tags(file, fields), warnings)


def _public_fields(file: ThreadFile, shown: Sequence[StoredPost]) -> Parts:
    """Return the front matter that may be published.

    If posts are hidden, that is only what a person wrote: the rest was derived from those posts
    too. Without a digest, a value that equals a hidden post's is not taken for a person's.
    """
    if len(shown) == len(file.sections):
        return file.fields
    written = file.written
    fields = {k: v for k, v in file.fields.items() if written.get(k) != digest(v)}
    unknown = [key for key in ("title", "date", "tags") if key in fields and key not in written]
    if unknown:
        hidden = [stored.post for stored in stored_posts(file) if stored.hidden]
        fields |= {key: _without_hidden(key, fields[key], hidden, shown) for key in unknown}
    return fields


def _without_hidden(
    key: str, value: Json, hidden: Sequence[Post], shown: Sequence[StoredPost]
) -> Json:
    """Return a front matter value without what was, or may be, derived from hidden posts."""
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
    open_tags = {tag.casefold() for stored in shown for tag in stored.post.tags}
    closed = {tag.casefold() for post in hidden for tag in post.tags} - open_tags
    return [tag for tag in listed if str(tag).strip().casefold() not in closed]


def _is_title_of(title: Json, post: Post) -> bool:
    """Return whether a title is the beginning of a post, or the one that sitegen would make."""
    words = " ".join(str(title or "").split()).casefold().removesuffix("…").rstrip(_CUT_OFF)
    begins = [" ".join(text.split()).casefold() for text in draft.title_candidates(post)]
    name = draft.title_of(post).casefold()
    return bool(words) and (name.startswith(words) or any(b.startswith(words) for b in begins))


def _title(title: Json, file: ThreadFile) -> str:
    if title is None or isinstance(title, str):
        return title or ""
    if isinstance(title, int | float):
        return str(title)
    raise file.wrong("title", '"title" must be a text')


def date_of(fields: Parts, path: str, head: str) -> str | None:
    """Return the date of front matter, in any notation that people use.

    Raises ContentError for anything but a date.
    """
    written = fields.get("date")
    if written is None or written == "":
        return None
    if isinstance(written, str):
        if timestamps.parse(written):
            return written
        from sitegen.text import dates  # rarely needed: nearly all dates are ISO 8601

        if found := dates.parse_date(written):
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
