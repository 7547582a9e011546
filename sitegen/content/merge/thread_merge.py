"""Three-way merge of a file: what sitegen last wrote, what the file has, what is new.

Each part is merged separately (`parts`), the rest of the file stays as a person wrote it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.format import front_matter, media_parts
from sitegen.content.format.draft import EXTRA, TEXT, Parts, ThreadDraft, digest
from sitegen.content.format.hiding import HIDE
from sitegen.content.format.media_parts import MEDIA
from sitegen.content.format.post_text import body, line, section
from sitegen.content.format.profile_file import ProfileFile
from sitegen.content.format.thread_file import WRITTEN, ThreadFile
from sitegen.content.imported.stamps import NEVER, UNKNOWN, Seen, Stamp, combine, is_part_outdated
from sitegen.content.merge import order
from sitegen.content.merge.authors import author_of, change_front_author
from sitegen.content.merge.first_version import digests_of
from sitegen.content.merge.parts import (
    MergedParts,
    as_object,
    digests,
    insert_new,
    merge_parts,
    sort_digests,
)
from sitegen.content.merge.versions import merge_post
from sitegen.formats import json_text
from sitegen.model import Json

POSTS = "posts"
TAGS = "tags"
NO_IDS: frozenset[str] = frozenset()


class MovedPosts(Struct, frozen=True):
    """Posts moved to another file: parts and digests by id, and posts deleted from the old file."""

    posts: dict[str, tuple[Parts, Parts]]
    deleted: Parts


class MergedFile(Struct, frozen=True):
    """A file's new text, its conflicts, and the posts of which the source has an older text.

    `seen` are the sources of the posts' parts, by post id.
    """

    text: str
    conflicts: tuple[str, ...] = ()
    older: frozenset[str] = NO_IDS
    seen: Mapping[str, Seen] = {}


def new_thread_text(draft: ThreadDraft) -> str:
    """Return the text of a new thread file."""
    fields = draft.fields or {}
    posts = {
        identity: MergedParts(parts, digests(parts)) for identity, parts in draft.posts.items()
    }
    written = collect_digests(digests(fields), posts, {})
    lines: list[Json] = [line(i, post.parts) for i, post in posts.items()]
    fields = {**fields, POSTS: lines, WRITTEN: written}
    is_known = not any(EXTRA in parts for parts in draft.posts.values())  # then without floats
    write = json_text.without_floats if is_known else json_text.readable
    return front_matter.join(
        fields, body("", {i: section(p) for i, p in draft.posts.items()}), write
    )


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
    written_posts = moved.deleted | written_of(file)
    now = {i: (file.parts_of(i), digests_of(file, i, written_posts)) for i in file.records}
    now |= moved.posts
    deleted = {i: d for i, d in written_posts.items() if i not in now}
    posts: dict[str, MergedParts] = {}
    incoming = {i: parts for i, (parts, _) in moved.posts.items() if i not in draft.posts}
    new = order.omit(draft.posts, deleted)
    for identity in order.merge_order(file.records, new, incoming):
        mine, base = now.get(identity, ({}, {}))
        theirs = draft.posts.get(identity)
        if theirs is None:
            posts[identity] = MergedParts(mine, base)
        elif identity in now:
            known = seen.get(identity, NEVER)
            posts[identity] = merge_post(mine, theirs, base, identity not in imported, known, stamp)
        else:
            posts[identity] = MergedParts(theirs, digests(theirs), seen=Seen(stamp))
    older = frozenset([identity for identity, post in posts.items() if post.is_older])
    listed = None if older else _fields_as_listed(draft, posts)
    fields = merge_fields(listed, file, removable=frozenset((TAGS,)))
    posts = change_front_author(posts, author_of(file.fields), author_of(fields.parts))
    written = collect_digests(fields.written, posts, deleted)
    text = rewrite(file, fields.parts, posts, written)
    conflicts = fields.conflicts + tuple(
        f"{name} of post {identity}" for identity, p in posts.items() for name in p.conflicts
    )
    sources = {i: p.seen for i, p in posts.items() if i in draft.posts}
    return MergedFile(text, conflicts, older, sources)


def merge_fields(
    theirs: Parts | None, file: ThreadFile, removable: frozenset[str] = NO_IDS
) -> MergedParts:
    """Merge the front matter keys that sitegen writes or wrote; the others belong to a person."""
    ours = {*(theirs or ()), *file.written} - {POSTS}
    mine = {k: v for k, v in file.fields.items() if k in ours}
    written = {k: v for k, v in file.written.items() if k != POSTS}
    if theirs is None:
        return MergedParts(mine, written)
    if "account" in mine and "account" not in theirs:  # a handle alone says less
        theirs = {k: v for k, v in theirs.items() if k != "author"}
    merged = merge_parts(mine, theirs, written, removable)
    if not file.written:  # written by a person: it is unknown whether the source changed
        merged = replace(merged, conflicts=())
    names = insert_new([*mine], [*theirs])
    parts = {key: merged.parts[key] for key in names if key in merged.parts}
    return replace(merged, parts=parts, written=sort_digests(merged.written, parts))


def new_profile_text(parts: Parts) -> str:
    """Return the text of a new profile file."""
    fields = {**_fields(parts), WRITTEN: digests(parts)}
    head = "".join(front_matter.line(k, v) for k, v in fields.items())
    return _profile_text(head, str(parts[TEXT]))


class MergedProfile(Struct, frozen=True):
    """A profile file's new text, its conflicts, and the sources of its parts."""

    text: str
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
    names = {*theirs, *file.written}
    mine: Parts = {k: v for k, v in file.fields.items() if k in names} | {TEXT: file.body}
    known = {*mine, *file.written} - ({TEXT} if _has_no_bio(file) else set())
    worse = [name for name in known if is_part_outdated(stamp, seen.of(name))]
    merged = merge_parts(mine, theirs, file.written, outdated=frozenset(worse))
    taken = theirs.keys() - {*worse}
    after = combine(seen, stamp, taken, mine.keys() - taken)
    if merged.parts == mine and merged.written == file.written:
        return MergedProfile(file.text, merged.conflicts, after)
    old: Parts = {**_fields(mine), WRITTEN: file.written}
    new: Parts = {**_fields(merged.parts), WRITTEN: merged.written}
    head = replace_head(file.head, old, new)
    text = _profile_text(head, str(merged.parts.get(TEXT, "")))
    return MergedProfile(text, merged.conflicts, after)


def _has_no_bio(file: ProfileFile) -> bool:
    """Return whether no source has had a bio yet, and no person has written one."""
    return not file.body and file.written.get(TEXT) in (None, digest(""))


def is_profile_personal(file: ProfileFile) -> bool:
    """Return whether a person changed anything in a profile's file."""
    own = {k: v for k, v in file.fields.items() if k != WRITTEN} | {TEXT: file.body}
    return digests(own) != file.written


def is_personal(file: ThreadFile) -> bool:
    """Return whether a person wrote something into a file that is not part of its posts."""
    written = {k: v for k, v in file.written.items() if k != POSTS}
    own = digests({k: v for k, v in file.fields.items() if k not in (POSTS, WRITTEN, HIDE)})
    has_comments = any(line.lstrip().startswith("#") for line in file.head.split("\n"))
    return own != written or has_comments or bool(file.preamble.strip())


def written_of(file: ThreadFile) -> Parts:
    """Return the digests of a file's posts by id, including posts that a person deleted."""
    written = as_object(file.written.get(POSTS))
    return {i: digests_of(file, i, written) if i in file.records else d for i, d in written.items()}


def deleted_from(file: ThreadFile) -> Parts:
    """Return the digests of the posts that a person deleted from a file."""
    return {i: d for i, d in written_of(file).items() if i not in file.records}


def posts_of(file: ThreadFile, but: Container[str] = ()) -> dict[str, MergedParts]:
    """Return the current parts of a file's posts, with their digests, except some."""
    written = as_object(file.written.get(POSTS))
    here = (i for i in file.records if i not in but)
    return {i: MergedParts(file.parts_of(i), digests_of(file, i, written)) for i in here}


def with_posts(file: ThreadFile, posts: Mapping[str, MergedParts], deleted: Parts) -> str:
    """Return a thread file's text with other posts and deleted posts; the rest is unchanged."""
    fields = {k: v for k, v in file.fields.items() if k not in (POSTS, WRITTEN)}
    written = {k: v for k, v in file.written.items() if k != POSTS}
    return rewrite(file, fields, posts, collect_digests(written, posts, deleted))


def without_posts(file: ThreadFile, gone: Iterable[str]) -> str | None:
    """Return a thread file's text without some posts; None if no post remains."""
    posts = posts_of(file, but=set(gone))
    return with_posts(file, posts, deleted_from(file)) if posts else None


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


def rewrite(
    file: ThreadFile, fields: Parts, posts: Mapping[str, MergedParts], written: Parts
) -> str:
    """Return a file's text with other parts; unaffected text is unchanged."""
    ours = {*fields, *file.written} - {POSTS}
    old_fields = {k: v for k, v in file.fields.items() if k in ours}
    same = {i for i, p in posts.items() if i in file.records and p.parts == file.parts_of(i)}
    same -= {i for i in same if media_parts.is_first_version(file.records[i].get(MEDIA))}
    same_posts = len(same) == len(posts) and [*posts] == [*file.records]
    if same_posts and fields == old_fields and written == file.written:
        return file.text
    lines: list[Json] = [file.records[i] if i in same else line(i, posts[i].parts) for i in posts]
    sections = {
        i: file.body_of(i) if i in same else section(posts[i].parts, file.levels) for i in posts
    }
    old: Parts = {**old_fields, POSTS: list(file.records.values()), WRITTEN: file.written}
    new: Parts = {**fields, POSTS: lines, WRITTEN: written}
    head = replace_head(file.head, old, new)
    return f"---\n{head}---\n" + body(file.preamble, sections)


def collect_digests(fields: Parts, posts: Mapping[str, MergedParts], deleted: Parts) -> Parts:
    """Return the value of `written`: the digests of fields and posts, including deleted posts."""
    digests_of_posts: Parts = {i: p.written for i, p in posts.items()}
    return {**fields, POSTS: digests_of_posts | deleted}


def _fields_as_listed(draft: ThreadDraft, posts: Mapping[str, MergedParts]) -> Parts | None:
    """Return a draft's front matter with the tags that sources gave to all posts of the file."""
    if not draft.fields:
        return draft.fields
    tags: dict[Json, None] = {}
    for identity, post in posts.items():
        listed = post.parts.get(TAGS)
        if digest(listed) != post.written.get(TAGS):  # edited by a person: use the source's
            listed = draft.posts.get(identity, {}).get(TAGS)
        tags |= dict.fromkeys(listed if isinstance(listed, list) else ())
    fields = {name: value for name, value in draft.fields.items() if name != TAGS}
    return fields | ({TAGS: [*tags]} if tags else {})


def _fields(parts: Parts) -> Parts:
    fields = dict(parts)
    fields.pop(TEXT, None)
    return fields


def _profile_text(head: str, body: str) -> str:
    return f"---\n{head}---\n" + (f"\n{body}\n" if body else "")
