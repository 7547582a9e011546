"""The fast path for a thread's file that is exactly as sitegen writes it.

Most files of a large archive are. For anything else it returns None, and `thread_file` reads the
file, which understands whatever a person may write and reports errors.
"""

import re
from functools import lru_cache

from msgspec import DecodeError, Struct, convert, to_builtins
from msgspec import json as fast
from msgspec.structs import force_setattr as complete

from sitegen import timestamps
from sitegen.content.format.draft import merge_facets
from sitegen.content.format.hiding import CLOSED
from sitegen.content.format.stored import Heading, StoredPost
from sitegen.content.post_media import media_block, media_parts
from sitegen.content.post_media.media_block import FOLDER, LEVELS, BlockLine
from sitegen.model import Author, Media, Post
from sitegen.text import richtext
from sitegen.text.richtext.handwritten import links_of

Texts = tuple[str, ...]
Blocks = dict[str, tuple[BlockLine, ...]]
NO_AUTHOR = Post("").author  # what the author is where a line has none
Plain = tuple[Heading, tuple[StoredPost, ...]]

_HEAD = re.compile(
    rb"""---\n
    title:\ (?P<title>".*")\n
    (?:date:\ (?P<date>".*")\n)?
    network:\ (?P<network>".*")\n
    id:\ (?P<id>".*")\n
    (?:author:\ (?P<handle>".*")\n)?
    (?:account:\ (?P<account>\{.*\})\n)?
    (?:tags:\ (?P<tags>\[.*\])\n)?
    posts:\n(?P<posts>(?:\ \ -\ \{.*\}\n)+)
    (?:written:\ (?P<written>\{.*\})\n)?
    ---\n""",
    re.VERBOSE,
)
_PLACED = (b'"file": ', b'"after": ')
_MARKER = "\n<!-- post "

_text = fast.Decoder(str).decode
_texts = fast.Decoder(Texts).decode
_posts = fast.Decoder(tuple[Post, ...]).decode


class _Medium(Struct, frozen=True, omit_defaults=True):
    """A medium of a post's line, which may say more of a line of the block."""

    kind: str | None = None
    file: str | None = None
    path: str | None = None
    alt: str | None = None
    origin: str | None = None
    after: str | None = None


class _Line(Post, frozen=True):
    """A post's line with such media."""

    media: tuple[_Medium, ...] = ()  # type: ignore[assignment]

    @property
    def details(self) -> tuple[_Medium, ...]:
        """The media of the line."""
        return self.media


_lines = fast.Decoder(tuple[_Line, ...]).decode
_account = fast.Decoder(Author).decode
_encode = fast.Encoder().encode
_FIELDS = Post.__struct_fields__


def read(data: bytes, levels: int = LEVELS) -> Plain | None:
    """Return a thread's heading and posts; None if the file is not plain.

    In a plain file nothing is hidden, and the addresses of media lead there from the file, which
    is that many levels below content/.
    """
    head = _HEAD.match(data)
    if head is None or b"\r" in data:
        return None
    try:
        return _read(head, data[head.end() :].decode(), levels)
    except (DecodeError, UnicodeDecodeError, RecursionError, KeyError):
        return None


def _read(head: re.Match[bytes], body: str, levels: int) -> Plain | None:
    title, date, network, identity, handle, account, tags, listed, written = head.groups(b"")
    is_placed = any(key in listed for key in _PLACED)
    array = b"[" + listed[4:-1].replace(b"\n  - ", b",") + b"]"
    lines: tuple[Post, ...] = _lines(array) if is_placed else _posts(array)
    bodies = _bodies(body)
    if bodies is None or not len(bodies) == len(lines) == listed.count(b"\n"):
        return None
    if not (_is_exact(listed, _encode(lines)) and written.isascii()):  # else unnoticed
        return None
    if not tags and b'"tags"' in written:
        return None
    network_name, author = _text(network), _author(account, handle)
    if author is None or not network_name or network_name.isspace() or not _text(identity):
        return None
    if any(post.facets or post.extra or post.text or post.network for post in lines):
        return None
    if any(not each.id.strip() for post in lines for each in (*post.elsewhere, *post.also)):
        return None
    if any(
        post.visibility and post.visibility in CLOSED for post in lines
    ):  # left to the full reader, which checks who set it
        return None
    when = _text(date) if date else None
    if when is not None and not timestamps.parse(when):
        return None
    words = tuple([tag.strip() for tag in _texts(tags)]) if tags else None
    heading = Heading(_text(title), when, words)
    if is_placed or FOLDER in body:
        blocks = _take_blocks(bodies, levels)
        if blocks is None:
            return None
        lines = tuple([_with_media(line, blocks.get(line.id, ())) for line in lines])
    return heading, tuple(
        [_complete_post(line, bodies[line.id], network_name, author) for line in lines]
    )


def _bodies(body: str) -> dict[str, str] | None:
    """Split a body at its markers; None if there is other text before them."""
    before, *pieces = body.split(_MARKER)
    bodies: dict[str, str] = {}
    for piece in pieces:
        name, _, text = piece.partition(" -->\n")
        if not (name.isascii() and name.isalnum()) or name in bodies:
            return None
        bodies[name] = text.strip(" \n")
    return None if before else bodies


def _take_blocks(bodies: dict[str, str], levels: int) -> Blocks | None:
    """Take the media blocks out of bodies; None if an address does not lead to media/."""
    blocks: Blocks = {}
    for identity, body in bodies.items():
        if FOLDER in body:
            bodies[identity], block = media_block.split(body, levels)
            if any(not line.is_near for line in block):
                return None
            blocks[identity] = block
    return blocks


def _with_media(line: Post, block: tuple[BlockLine, ...]) -> Post:
    """Return a post with the media of its line and its block. Raises KeyError, DecodeError."""
    listed = line.media
    if type(line) is not _Line:
        if block:
            complete(line, "media", _all_media(listed, block) if listed else _of_block(block, {}))
        return line
    post = Post(*[getattr(line, name) for name in _FIELDS])
    origins = _origins(line.details, block)
    media = _all_media(listed, block) if origins is None else _of_block(block, origins)
    complete(post, "media", media)
    return post


def _of_block(block: tuple[BlockLine, ...], origins: dict[str, str | None]) -> tuple[Media, ...]:
    return tuple(
        [Media(m.kind, FOLDER + m.name, m.alt or None, origins.get(m.name)) for m in block]
    )


def _origins(
    listed: tuple[_Medium, ...], block: tuple[BlockLine, ...]
) -> dict[str, str | None] | None:
    """Return the source's names of files; None if a line says more than these of its block."""
    origins: dict[str, str | None] = {}
    for medium in listed:
        if medium.file is None or medium.alt is not None or medium.kind is not None:
            return None
        origins[medium.file] = medium.origin
    is_simple = len(origins) == len(listed) and len({m.name for m in block}) == len(block)
    return origins if is_simple else None


def _all_media(listed: tuple[Media, ...], block: tuple[BlockLine, ...]) -> tuple[Media, ...]:
    return convert(media_parts.read_media(to_builtins([*listed]), block), tuple[Media, ...])


@lru_cache(maxsize=1_000)
def _author(account: bytes, handle: bytes) -> Author | None:
    """Return the thread's author; None if it is not plain."""
    name = _text(handle) if handle else None
    if not account:
        return Author(handle=name) if name or not handle else None
    author = _account(account)
    return author if author != Author() and _is_exact(account, _encode(author)) else None


def _is_exact(written: bytes, again: bytes) -> bool:
    """Return whether the decoded value is all that was written: no key is duplicated.

    Then it has the same number of quotation marks when encoded again, unless one is escaped.
    """
    return b"\\u00" not in written and written.count(b'"') == again.count(b'"')


def _complete_post(post: Post, body: str, network: str, author: Author) -> StoredPost:
    """Complete a newly decoded post in place, as `stored_post` does."""
    parsed = richtext.from_markdown(body)
    text = parsed.text if parsed else richtext.plain(body)
    facets = parsed.facets if parsed else ()
    linked = links_of(body, parsed)
    if linked:
        links = post.links
        complete(post, "links", links + tuple([link for link in linked if link not in links]))
    if post.mentions or post.tags:
        located = richtext.locate(text, (), post.mentions, post.tags)
        facets = merge_facets(facets, located) if facets else located
    complete(post, "network", network)
    complete(post, "text", text)
    complete(post, "facets", facets)
    if post.author is NO_AUTHOR:
        complete(post, "author", author)
    return StoredPost(post, None if parsed else body, False)
