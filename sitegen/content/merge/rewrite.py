"""Thread files as texts: new ones, and existing ones with other parts.

What a person wrote between the parts stays as it is.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from msgspec import Struct

from sitegen.content.counts import is_writable
from sitegen.content.format import front_matter, thread_file
from sitegen.content.format.draft import EXTRA, Parts, ThreadDraft, as_object
from sitegen.content.format.hiding import HIDE
from sitegen.content.format.post_text import body, line, section
from sitegen.content.format.recorded import COUNTS, Recorded
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge.post_parts import PostParts, from_source
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import MEDIA
from sitegen.formats import json_text
from sitegen.model import Json

POSTS = "posts"


class NewText(Struct, frozen=True):
    """The text of a new thread file, and the digests of its parts."""

    text: str
    recorded: Recorded


def new_thread_text(draft: ThreadDraft) -> NewText:
    """Return the text of a new thread file."""
    fields = draft.fields or {}
    posts = {identity: from_source(parts) for identity, parts in draft.posts.items()}
    recorded = _recorded(from_source(fields), draft.network, posts)
    is_known = not any(EXTRA in parts for parts in draft.posts.values())  # then without floats
    write = json_text.without_floats if is_known else json_text.readable
    lines: list[Json] = [_line(draft.network, i, post.parts) for i, post in posts.items()]
    sections = {i: section(parts) for i, parts in draft.posts.items()}
    text = front_matter.join({**fields, POSTS: lines}, body("", sections), write)
    return NewText(text, recorded)


def is_personal(file: ThreadFile) -> bool:
    """Return whether a person wrote something into a file that is not part of its posts."""
    own = {k: v for k, v in file.fields.items() if k not in (POSTS, HIDE)}
    has_comments = any(line.lstrip().startswith("#") for line in file.head.split("\n"))
    is_edited = not PostParts(own, file.recorded.fields).is_unedited()
    return is_edited or has_comments or bool(file.preamble.strip())


def posts_of(file: ThreadFile, but: Container[str] = ()) -> dict[str, PostParts]:
    """Return the current parts of a file's posts, with their digests, except some."""
    here = (i for i in file.records if i not in but)
    return {i: PostParts(file.parts_of(i), file.recorded.posts.get(i, {})) for i in here}


def front_of(file: ThreadFile) -> PostParts:
    """Return a file's front matter without its posts, with its digests."""
    fields = {k: v for k, v in file.fields.items() if k != POSTS}
    return PostParts(fields, file.recorded.fields)


def with_posts(file: ThreadFile, posts: Mapping[str, PostParts]) -> ThreadFile:
    """Return a thread file with other posts; the rest is unchanged."""
    return rewrite(file, front_of(file), posts)


def without_posts(file: ThreadFile, gone: Iterable[str]) -> ThreadFile | None:
    """Return a thread file without some posts; None if no post remains."""
    posts = posts_of(file, but=set(gone))
    return with_posts(file, posts) if posts else None


def replace_head(head: str, old: Parts, new: Parts) -> str:
    """Rewrite the keys of front matter that changed; the rest is unchanged.

    A new key comes before the next key of `new` that exists.
    """
    blocks = list(front_matter.blocks(head))
    places = {key: place for place, key in enumerate(new)}
    added = {k: v for k, v in new.items() if k not in {b.key for b in blocks}}
    out = []
    for block in blocks:
        before = [k for k in added if places[k] < places.get(block.key, 0)]
        out += [front_matter.line(k, added.pop(k)) for k in before]
        if block.key in new and new[block.key] != old.get(block.key):
            out.append(front_matter.line(block.key, new[block.key]))
        elif block.key in new or block.key not in old:
            out.append(block.raw)
    return "".join(out) + "".join([front_matter.line(k, v) for k, v in added.items()])


def rewrite(file: ThreadFile, fields: PostParts, posts: Mapping[str, PostParts]) -> ThreadFile:
    """Return a file with other parts; unaffected text is unchanged."""
    network = file.network
    recorded = _recorded(fields, network, posts)
    ours = {*fields.parts, *file.recorded.fields}
    old: Parts = {k: v for k, v in file.fields.items() if k in ours}
    same = {i for i, p in posts.items() if i in file.records and _is_as_written(file, i, p.parts)}
    same_posts = len(same) == len(posts) and [*posts] == [*file.records]
    if same_posts and fields.parts == old:
        return thread_file.read(file.path, file.text, recorded)
    lines: list[Json] = [
        file.records[i] if i in same else _line(network, i, posts[i].parts) for i in posts
    ]
    sections = {
        i: file.body_of(i) if i in same else section(posts[i].parts, file.levels) for i in posts
    }
    old[POSTS] = list(file.records.values())
    head = replace_head(file.head, old, {**fields.parts, POSTS: lines})
    text = f"---\n{head}---\n" + body(file.preamble, sections)
    text = front_matter.with_line_ends_of(file.text, text)
    return thread_file.read(file.path, text, recorded)


def _is_as_written(file: ThreadFile, identity: str, parts: Parts) -> bool:
    """Return whether a post's line and section, in the newest form, have these parts."""
    listed = file.records[identity]
    if COUNTS in listed or media_parts.is_first_version(listed.get(MEDIA)):
        return False
    return _without_counts(parts) == _without_counts(file.parts_of(identity))


def _without_counts(parts: Parts) -> Parts:
    return {name: value for name, value in parts.items() if name != COUNTS}


def _recorded(fields: PostParts, network: str, posts: Mapping[str, PostParts]) -> Recorded:
    """Return what is stored beside a file: the digests of its parts, and its counts."""
    counts = {i: as_object(p.parts[COUNTS]) for i, p in posts.items() if COUNTS in p.parts}
    counts = {i: of for i, of in counts.items() if is_writable(network, i)}
    return Recorded(fields.recorded, {i: post.recorded for i, post in posts.items()}, counts)


def _line(network: str, identity: str, parts: Parts) -> Parts:
    """Return a post's line; it has counts only if their table cannot have them."""
    return line(identity, _without_counts(parts) if is_writable(network, identity) else parts)
