"""Three-way merge of a file: what sitegen last wrote, what the file has, what is new.

Each part is merged separately (`parts`), the rest of the file stays as a person wrote it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.counts import is_writable
from sitegen.content.format import front_matter, profile_file, thread_file
from sitegen.content.format.draft import EXTRA, TEXT, Parts, ThreadDraft, digest
from sitegen.content.format.hiding import HIDE
from sitegen.content.format.post_text import body, line, section
from sitegen.content.format.profile_file import ProfileFile
from sitegen.content.format.recorded import Recorded, is_recorded
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported.stamps import NEVER, UNKNOWN, Seen, Stamp, combine, is_part_outdated
from sitegen.content.merge import order
from sitegen.content.merge.authors import author_of, change_front_author
from sitegen.content.merge.parts import (
    COUNTS,
    MergedParts,
    as_object,
    digests,
    insert_new,
    is_part_untouched,
    is_untouched,
    merge_parts,
    sort_digests,
)
from sitegen.content.merge.post_merge import merge_post
from sitegen.content.post_media import media_parts
from sitegen.content.post_media.media_parts import MEDIA
from sitegen.formats import json_text
from sitegen.model import Json

POSTS = "posts"
TAGS = "tags"
NO_IDS: frozenset[str] = frozenset()


MovedPosts = Mapping[str, MergedParts]  # posts moved from another file, by id


class MergedFile(Struct, frozen=True):
    """A merged file, its conflicts, and the posts of which the source has an older text.

    `seen` are the sources of the posts' parts, by post id.
    """

    file: ThreadFile
    conflicts: tuple[str, ...] = ()
    older: frozenset[str] = NO_IDS
    seen: Mapping[str, Seen] = {}


class NewText(Struct, frozen=True):
    """The text of a new thread file, and the digests of its parts."""

    text: str
    recorded: Recorded


def new_thread_text(draft: ThreadDraft) -> NewText:
    """Return the text of a new thread file."""
    fields = draft.fields or {}
    posts = {
        identity: MergedParts(parts, digests(parts)) for identity, parts in draft.posts.items()
    }
    recorded = _recorded(digests(fields), draft.network, posts)
    is_known = not any(EXTRA in parts for parts in draft.posts.values())  # then without floats
    write = json_text.without_floats if is_known else json_text.readable
    lines: list[Json] = [_line(draft.network, i, post.parts) for i, post in posts.items()]
    sections = {i: section(parts) for i, parts in draft.posts.items()}
    text = front_matter.join({**fields, POSTS: lines}, body("", sections), write)
    return NewText(text, recorded)


def merge_thread(
    draft: ThreadDraft,
    file: ThreadFile,
    moved: MovedPosts,
    imported: frozenset[str] = NO_IDS,
    stamp: Stamp = UNKNOWN,
    seen: Mapping[str, Seen] = {},
) -> MergedFile:
    """Update a thread's file without touching what a person changed in it.

    `imported` are the posts that this import already merged, in another thread; `stamp` is the
    state of the source, `seen` are the sources of the file's posts. If the source has an older
    text of a post, the front matter of the file stays.
    """
    now = {**posts_of(file), **moved}
    posts: dict[str, MergedParts] = {}
    incoming = {i: post.parts for i, post in moved.items() if i not in draft.posts}
    for identity in order.merge_order(file.records, draft.posts, incoming):
        theirs = draft.posts.get(identity)
        if theirs is None:
            posts[identity] = now[identity]
        elif mine := now.get(identity):
            known, is_news = seen.get(identity, NEVER), identity not in imported
            posts[identity] = merge_post(mine.parts, theirs, mine.written, is_news, known, stamp)
        else:
            posts[identity] = MergedParts(theirs, digests(theirs), seen=Seen(stamp))
    older = frozenset([identity for identity, post in posts.items() if post.is_older])
    listed = None if older else _fields_as_listed(draft, posts)
    fields = merge_fields(listed, file, removable=frozenset((TAGS,)))
    posts = change_front_author(posts, author_of(file.fields), author_of(fields.parts))
    merged = rewrite(file, fields, posts)
    conflicts = fields.conflicts + tuple(
        f"{name} of post {identity}" for identity, p in posts.items() for name in p.conflicts
    )
    sources = {i: p.seen for i, p in posts.items() if i in draft.posts}
    return MergedFile(merged, conflicts, older, sources)


def merge_fields(
    theirs: Parts | None, file: ThreadFile, removable: frozenset[str] = NO_IDS
) -> MergedParts:
    """Merge the front matter keys that sitegen writes or wrote; the others belong to a person."""
    written = file.recorded.fields
    mine = {k: v for k, v in file.fields.items() if k in {*(theirs or ()), *written}}
    if theirs is None:
        return MergedParts(mine, written)
    if "account" in mine and "account" not in theirs:  # a handle alone says less
        theirs = {k: v for k, v in theirs.items() if k != "author"}
    merged = merge_parts(mine, theirs, written, removable)
    if not written and any(map(file.recorded.posts.get, file.records)):
        merged = replace(merged, conflicts=())  # the front matter is a person's
    names = insert_new([*mine], [*theirs])
    parts = {key: merged.parts[key] for key in names if key in merged.parts}
    return replace(merged, parts=parts, written=sort_digests(merged.written, parts))


def new_profile_text(parts: Parts) -> str:
    """Return the text of a new profile file."""
    head = "".join(front_matter.line(k, v) for k, v in _fields(parts).items())
    return _profile_text(head, str(parts[TEXT]))


class MergedProfile(Struct, frozen=True):
    """A merged profile's file, its conflicts, and the sources of its parts."""

    file: ProfileFile
    conflicts: tuple[str, ...]
    seen: Seen


def merge_profile(
    theirs: Parts, file: ProfileFile, stamp: Stamp = UNKNOWN, seen: Seen = NEVER
) -> MergedProfile:
    """Update a profile's file without touching what a person changed in it.

    A source without a bio often just does not include bios.
    """
    if not theirs[TEXT]:
        theirs = {k: v for k, v in theirs.items() if k != TEXT}
    names = {*theirs, *file.recorded}
    mine: Parts = {k: v for k, v in file.fields.items() if k in names} | {TEXT: file.body}
    known = {*mine, *file.recorded} - ({TEXT} if _has_no_bio(file) else set())
    worse = [name for name in known if is_part_outdated(stamp, seen.of(name))]
    merged = merge_parts(mine, theirs, file.recorded, outdated=frozenset(worse))
    taken = theirs.keys() - {*worse}
    after = combine(seen, stamp, taken, mine.keys() - taken)
    if merged.parts == mine:
        return MergedProfile(replace(file, recorded=merged.written), merged.conflicts, after)
    head = replace_head(file.head, _fields(mine), _fields(merged.parts))
    text = _profile_text(head, str(merged.parts.get(TEXT, "")))
    new = profile_file.read(file.path, text, merged.written)
    return MergedProfile(new, merged.conflicts, after)


def _has_no_bio(file: ProfileFile) -> bool:
    """Return whether no source has had a bio yet, and no person has written one."""
    return not file.body and is_recorded(file.recorded.get(TEXT, digest("")), digest(""))


def is_profile_personal(file: ProfileFile) -> bool:
    """Return whether a person changed anything in a profile's file."""
    own: Parts = {**file.fields, TEXT: file.body}
    return not is_untouched(own, file.recorded)


def is_personal(file: ThreadFile) -> bool:
    """Return whether a person wrote something into a file that is not part of its posts."""
    own = {k: v for k, v in file.fields.items() if k not in (POSTS, HIDE)}
    has_comments = any(line.lstrip().startswith("#") for line in file.head.split("\n"))
    is_edited = not is_untouched(own, file.recorded.fields)
    return is_edited or has_comments or bool(file.preamble.strip())


def posts_of(file: ThreadFile, but: Container[str] = ()) -> dict[str, MergedParts]:
    """Return the current parts of a file's posts, with their digests, except some."""
    here = (i for i in file.records if i not in but)
    return {i: MergedParts(file.parts_of(i), file.recorded.posts.get(i, {})) for i in here}


def front_of(file: ThreadFile) -> MergedParts:
    """Return a file's front matter without its posts, with its digests."""
    fields = {k: v for k, v in file.fields.items() if k != POSTS}
    return MergedParts(fields, file.recorded.fields)


def with_posts(file: ThreadFile, posts: Mapping[str, MergedParts]) -> ThreadFile:
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


def rewrite(file: ThreadFile, fields: MergedParts, posts: Mapping[str, MergedParts]) -> ThreadFile:
    """Return a file with other parts; unaffected text is unchanged."""
    network = file.network
    recorded = _recorded(fields.written, network, posts)
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
    return thread_file.read(file.path, text, recorded)


def _is_as_written(file: ThreadFile, identity: str, parts: Parts) -> bool:
    """Return whether a post's line and section, in the newest form, have these parts."""
    listed = file.records[identity]
    if COUNTS in listed or media_parts.is_first_version(listed.get(MEDIA)):
        return False
    return _without_counts(parts) == _without_counts(file.parts_of(identity))


def _without_counts(parts: Parts) -> Parts:
    return {name: value for name, value in parts.items() if name != COUNTS}


def _fields_as_listed(draft: ThreadDraft, posts: Mapping[str, MergedParts]) -> Parts | None:
    """Return a draft's front matter with the tags that sources gave to all posts of the file."""
    if not draft.fields:
        return draft.fields
    tags: dict[Json, None] = {}
    for identity, post in posts.items():
        listed = post.parts.get(TAGS)
        if not is_part_untouched(post, TAGS):  # edited by a person: use the source's
            listed = draft.posts.get(identity, {}).get(TAGS)
        tags |= dict.fromkeys(listed if isinstance(listed, list) else ())
    fields = {name: value for name, value in draft.fields.items() if name != TAGS}
    return fields | ({TAGS: [*tags]} if tags else {})


def _recorded(fields: Parts, network: str, posts: Mapping[str, MergedParts]) -> Recorded:
    """Return what is stored beside a file: the digests of its parts, and its counts."""
    counts = {i: as_object(p.parts[COUNTS]) for i, p in posts.items() if COUNTS in p.parts}
    counts = {i: of for i, of in counts.items() if is_writable(network, i)}
    return Recorded(fields, {i: post.written for i, post in posts.items()}, counts)


def _line(network: str, identity: str, parts: Parts) -> Parts:
    """Return a post's line; it has counts only if their table cannot have them."""
    return line(identity, _without_counts(parts) if is_writable(network, identity) else parts)


def _fields(parts: Parts) -> Parts:
    fields = dict(parts)
    fields.pop(TEXT, None)
    return fields


def _profile_text(head: str, body: str) -> str:
    return f"---\n{head}---\n" + (f"\n{body}\n" if body else "")
