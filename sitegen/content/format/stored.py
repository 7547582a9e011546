"""The contents of a thread's file: its posts and its heading, whichever reader read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import force_setattr

from sitegen import exchange
from sitegen.content.counts import CountsReader
from sitegen.content.format import draft, keys
from sitegen.content.format.draft import Parts
from sitegen.content.format.hiding import DRAFT, HIDE, VISIBILITY, is_closed, is_hidden
from sitegen.content.format.post_text import marker_name
from sitegen.content.format.recorded import legacy_digest
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.post_media import media_block, media_parts
from sitegen.content.post_media.media_parts import MEDIA
from sitegen.errors import ContentError
from sitegen.formats.json_fields import StrictFields
from sitegen.model import NO_COUNTS, Facet, Json, Media, Post
from sitegen.text import richtext
from sitegen.text.richtext.handwritten import links_of


class StoredPost(Struct, frozen=True):
    """A post as its file has it; `handwritten` is Markdown that only a person writes."""

    post: Post
    handwritten: str | None
    hidden: bool


def inline_media(posts: Sequence[StoredPost]) -> Sequence[tuple[Media, ...]]:
    """Return the media within the Markdown of each post; nothing if people wrote none."""
    if not any(each.handwritten for each in posts):
        return ()
    return [media_block.inline_media(each.handwritten or "") for each in posts]


def add_counts(stored: Sequence[StoredPost], counts: CountsReader) -> None:
    """Complete newly read posts in place with their counts. Raises ContentError.

    A new post object for each would make a large build a twentieth slower.
    """
    for post in (each.post for each in stored):
        known = counts.of(post.network, post.id, post.created_at)
        if known is not NO_COUNTS and post.counts == NO_COUNTS:
            force_setattr(post, "counts", known)


class Heading(Struct, frozen=True):
    """Title, date and tags of a thread's front matter; if tags is None, its posts' tags are used.

    `warnings` are about keys that sitegen does not read, each with its line.
    """

    title: str
    date: str | None
    tags: tuple[str, ...] | None
    warnings: tuple[str, ...] = ()


NO_HEADING = Heading(title="", date=None, tags=None)


def stored_posts(file: ThreadFile) -> tuple[StoredPost, ...]:
    """Return the posts of a file, in its order. Raises ContentError."""
    network = file.fields.get("network")
    if not isinstance(network, str) or not network:
        raise file.wrong("network", '"network" must be a text such as "bluesky"')
    listed = tuple([stored_post(file, identity, network) for identity in file.records])
    if len(listed) < len(file.sections):
        raise _loose_marker(file, listed)
    return listed


def _loose_marker(file: ThreadFile, listed: tuple[StoredPost, ...]) -> ContentError:
    """Return the error for a marker whose post is not listed."""
    names = {marker_name(stored.post.id) for stored in listed}
    name = next(name for name in file.sections if name not in names)
    return ContentError(
        f"the marker of post {name} has no line in the front matter",
        path=file.path,
        line=file.text.count("\n", 0, file.text.find(f"<!-- post {name} -->")) + 1,
        hint=f'add a line - {{"id": "{name}"}} to posts, or delete the marker.',
    )


def stored_post(file: ThreadFile, identity: str, network: str) -> StoredPost:
    """Convert a post's line and Markdown into a post. Raises ContentError."""
    line, section = file.records[identity], file.section_of(identity)
    body = section.text
    parsed = richtext.from_markdown(body)
    text = parsed.text if parsed else richtext.plain(body)
    in_body = parsed.facets if parsed else ()
    fields = {**line, "network": network}
    hidden = False
    if len(line) > 1:
        hidden = _check_hidden(file, identity, line)
        fields.pop(HIDE, None)
        fields.pop(DRAFT, None)
    extra = fields.pop("extra", None)
    if isinstance(extra, dict):
        fields |= extra
    if section.block or MEDIA in line:
        fields[MEDIA] = media_parts.read_media(line.get(MEDIA), section.block)
    if "author" not in fields:
        handle = file.fields.get("author")
        fields["author"] = file.fields.get("account") or (handle and {"handle": handle})
    record = StrictFields(fields, file.path, 0, ContentError)
    try:
        post = exchange.post(
            record, text, _facets(line, text, in_body), _links(record, links_of(body, parsed))
        )
    except ContentError as error:
        error.line = file.line_of_post(identity)
        raise
    return StoredPost(post, None if parsed else body, hidden)


def _check_hidden(file: ThreadFile, identity: str, line: Parts) -> bool:
    """Return whether a post is hidden, after checking its line's keys. Raises ContentError."""
    try:
        keys.refuse_unknown(line, file.path)
        return is_post_hidden(file, identity)
    except ContentError as error:
        error.line = file.line_of_post(identity)
        raise


def is_post_hidden(file: ThreadFile, identity: str) -> bool:
    """Return whether a post's line hides it. Raises ContentError."""
    line = file.records[identity]
    if is_hidden(line, file.path):
        return True
    return is_closed(line) and not _is_imported_visibility(file, identity, line)


def _is_imported_visibility(file: ThreadFile, identity: str, line: Parts) -> bool:
    """Return whether an import set the visibility of a post in a file of version 1.

    Such files have digests, and no `hide: false` where an import included what is not public.
    """
    posts = file.written.get("posts")
    digests = posts.get(identity) if isinstance(posts, dict) else None
    written = digests.get(VISIBILITY) if isinstance(digests, dict) else None
    is_old = isinstance(digests, dict) and HIDE not in digests
    return is_old and written == legacy_digest(line.get(VISIBILITY))


def _facets(line: Parts, text: str, in_body: tuple[Facet, ...]) -> tuple[Facet, ...]:
    """Merge the body's links with the line's facets that still match the text."""
    listed = line.get("facets")
    if not isinstance(listed, list):
        return draft.derived_facets(text, in_body, line)
    return draft.merge_facets(in_body, (f for value in listed if (f := _parse_facet(value, text))))


def _parse_facet(value: Json, text: str) -> Facet | None:
    if not isinstance(value, dict):
        return None
    start, end, kind, target = (value.get(k) for k in ("start", "end", "kind", "value"))
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(target, str)):
        return None
    if kind not in exchange.FACET_KINDS or not 0 <= start < end <= len(text):
        return None
    return Facet(start, end, kind, target) if text[start:end] == value.get("shown") else None  # type: ignore[arg-type]


def _links(record: StrictFields, shown: Iterable[str]) -> tuple[str, ...]:
    """Return the links of a post's line, and those that its Markdown shows."""
    if "links" not in record.values:
        return tuple(shown)
    listed = record.texts("links")
    known = frozenset(listed)
    return listed + tuple(link for link in shown if link not in known)
