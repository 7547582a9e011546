"""Three-way merge of a thread's file: what sitegen last wrote, what the file has, what is new.

Each part is merged separately (`part_merge`), the rest of the file stays as a person wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.format.draft import Parts, ThreadDraft
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported.stamps import NEVER, UNKNOWN, Seen, Stamp
from sitegen.content.merge import order
from sitegen.content.merge.authors import author_of, change_front_author
from sitegen.content.merge.order import insert_new
from sitegen.content.merge.part_merge import MergedParts, merge_parts
from sitegen.content.merge.post_merge import merge_post
from sitegen.content.merge.post_parts import PostParts, from_source
from sitegen.content.merge.rewrite import posts_of, rewrite
from sitegen.model import Json

TAGS = "tags"
NO_IDS: frozenset[str] = frozenset()


MovedPosts = Mapping[str, PostParts]  # posts moved from another file, by id


class MergedFile(Struct, frozen=True):
    """A merged file, its conflicts, and the posts of which the source has an older text.

    `seen` are the sources of the posts' parts, by post id.
    """

    file: ThreadFile
    conflicts: tuple[str, ...] = ()
    older: frozenset[str] = NO_IDS
    seen: Mapping[str, Seen] = {}


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
    merged: dict[str, MergedParts] = {}
    incoming = {i: post.parts for i, post in moved.items() if i not in draft.posts}
    for identity in order.merge_order(file.records, draft.posts, incoming):
        theirs, mine = draft.posts.get(identity), now.get(identity)
        if mine is None:
            merged[identity] = MergedParts(from_source(draft.posts[identity], stamp))
        elif theirs is None:
            merged[identity] = MergedParts(mine)
        else:
            mine = replace(mine, seen=seen.get(identity, NEVER))
            is_news = identity not in imported
            merged[identity] = merge_post(mine, theirs, stamp, is_news=is_news)
    return _merge_front(draft, file, merged)


def _merge_front(
    draft: ThreadDraft, file: ThreadFile, merged: Mapping[str, MergedParts]
) -> MergedFile:
    """Merge the front matter of a file whose posts are merged."""
    posts = {identity: of.post for identity, of in merged.items()}
    sources = {identity: post.seen for identity, post in posts.items() if identity in draft.posts}
    older = frozenset([identity for identity, of in merged.items() if of.is_older])
    listed = None if older else _fields_as_listed(draft, posts)
    front = merge_fields(listed, file, removable=frozenset((TAGS,)))
    posts = change_front_author(posts, author_of(file.fields), author_of(front.post.parts))
    conflicts = front.conflicts + tuple(
        f"{name} of post {identity}" for identity, of in merged.items() for name in of.conflicts
    )
    return MergedFile(rewrite(file, front.post, posts), conflicts, older, sources)


def merge_fields(
    theirs: Parts | None, file: ThreadFile, removable: frozenset[str] = NO_IDS
) -> MergedParts:
    """Merge the front matter keys that sitegen writes or wrote; the others belong to a person."""
    recorded = file.recorded.fields
    mine = {k: v for k, v in file.fields.items() if k in {*(theirs or ()), *recorded}}
    if theirs is None:
        return MergedParts(PostParts(mine, recorded))
    if "account" in mine and "account" not in theirs:  # a handle alone says less
        theirs = {k: v for k, v in theirs.items() if k != "author"}
    merged = merge_parts(PostParts(mine, recorded), theirs, removable=removable)
    post, names = merged.post, insert_new([*mine], [*theirs])
    parts = {key: post.parts[key] for key in names if key in post.parts}
    is_persons = not recorded and any(map(file.recorded.posts.get, file.records))
    return MergedParts(replace(post, parts=parts), () if is_persons else merged.conflicts)


def _fields_as_listed(draft: ThreadDraft, posts: Mapping[str, PostParts]) -> Parts | None:
    """Return a draft's front matter with the tags that sources gave to all posts of the file."""
    if not draft.fields:
        return draft.fields
    tags: dict[Json, None] = {}
    for identity, post in posts.items():
        listed = post.parts.get(TAGS)
        if not post.is_untouched(TAGS):  # edited by a person: use the source's
            listed = draft.posts.get(identity, {}).get(TAGS)
        tags |= dict.fromkeys(listed if isinstance(listed, list) else ())
    fields = {name: value for name, value in draft.fields.items() if name != TAGS}
    return fields | ({TAGS: [*tags]} if tags else {})
