"""Read a thread's heading (title, date, tags) from front matter in any YAML a person writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen import timestamps
from sitegen.content.format import front_matter
from sitegen.content.format.draft import Parts
from sitegen.content.format.keys import THREAD, find_misspelt
from sitegen.content.format.stored import Heading, StoredPost
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.post_media import media_block
from sitegen.errors import ContentError
from sitegen.model import Json


def heading(file: ThreadFile, stored: Sequence[StoredPost]) -> Heading:
    """Return the heading of a thread with these posts, some of which may be hidden.

    Then nothing of it says anything about those: date and tags are those of the posts that are
    shown, and the title is a person's or none. Raises ContentError for a title, date or tags of
    the wrong type.
    """
    title, tags = _title(file.fields.get("title"), file), _tags(file)
    date = date_of(file.fields, file.path, file.head)
    misspelt = find_misspelt(file.fields, THREAD, file.head)
    warnings = (*misspelt, *_far_addresses(file, [one for one in stored if not one.hidden]))
    if not any(one.hidden for one in stored):
        return Heading(title, date, tags, warnings)
    from sitegen.content.format import own_title

    is_open = own_title.may_be_published(title, stored)
    return Heading(title if is_open else "", None, _shown_tags(tags, stored), warnings)


def _far_addresses(file: ThreadFile, shown: Sequence[StoredPost]) -> Iterator[str]:
    """Yield warnings about addresses of media that do not lead there from the file."""
    for identity in [stored.post.id for stored in shown if stored.post.media]:
        for medium in file.section_of(identity).block:
            if not medium.is_near:
                line = file.line_of_medium(identity, medium.name)
                right = media_block.address(medium.name, file.levels)
                yield f"{line}: the address of {medium.name} should be {right}, which was meant"


def _shown_tags(
    listed: tuple[str, ...] | None, stored: Sequence[StoredPost]
) -> tuple[str, ...] | None:
    """Return the tags of the shown posts, without those that a person took out of the list."""
    if not listed:
        return listed
    known = {tag.casefold() for tag in listed}
    tags = [tag for one in stored if not one.hidden for tag in one.post.tags]
    return tuple(dict.fromkeys([tag for tag in tags if tag.strip().casefold() in known]))


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


def _tags(file: ThreadFile) -> tuple[str, ...] | None:
    """Return the thread's tags; None if its posts' tags count. Raises ContentError.

    A file of version 1 has digests, which show that a person deleted the line.
    """
    listed = file.fields.get("tags")
    if isinstance(listed, str):
        listed = [*listed.split(",")]
    if isinstance(listed, list) and not any(isinstance(name, list | dict) for name in listed):
        return tuple([str(name).strip() for name in listed if name is not None])
    if listed is not None:
        raise file.wrong("tags", '"tags" must be a list of words')
    if '"tags"' in file.head and file.written.get("tags"):
        return ()
    return None
