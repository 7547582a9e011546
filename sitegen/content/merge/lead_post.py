"""Merge the front matter of a file that has more posts than the imported thread, or lost some.

Front matter describes the lead post, the first of the file, and has the tags of all posts. A
post's line names its author if that is not the author of the lead post.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from msgspec.structs import replace

from sitegen.content.format.draft import (
    Parts,
    ThreadDraft,
    account,
    author_fields,
    date_of,
    drop_null,
    post_parts,
    thread_draft,
    title_of,
)
from sitegen.content.format.hiding import HIDE
from sitegen.content.format.recorded import digests
from sitegen.content.format.stored import stored_post, stored_posts
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.merge import rewrite, thread_merge
from sitegen.content.merge.authors import (
    AUTHOR,
    author_of,
    change_front_author,
    is_front_ours,
    omit_same_author,
)
from sitegen.content.merge.order import insert_new
from sitegen.content.merge.post_parts import PostParts
from sitegen.content.merge.thread_merge import TAGS
from sitegen.model import Author, Json, Thread

NO_PARTS = PostParts({})
TITLE, DATE, CREATED_AT = "title", "date", "created_at"


def complete_authors(thread: Thread, file: ThreadFile, moved: thread_merge.MovedPosts) -> Thread:
    """Complete the authors of a thread with what a file or moved posts know of them.

    A source that knows only a handle does not remove what another knew of the same author.
    """
    there = {**rewrite.posts_of(file), **moved}
    is_ours = is_front_ours(rewrite.front_of(file))
    front = author_of(file.fields) if is_ours else Author()
    authors = [_author_of_line(there.get(post.id, NO_PARTS), front) for post in thread.posts]
    posts = [
        replace(post, author=author)
        if _may_be_same(post.author, author) and (post.id in there or post.author != Author())
        else post
        for post, author in zip(thread.posts, authors, strict=True)
    ]
    return replace(thread, posts=tuple(posts))


def _author_of_line(post: PostParts, front: Author) -> Author:
    """Return the author named by a line or by front matter; an empty one if a person named it."""
    if AUTHOR not in post.parts:
        return front
    named = post.parts[AUTHOR]
    return author_of({"account": named}) if post.is_untouched(AUTHOR) else Author()


def draft_posts(thread: Thread, file: ThreadFile) -> ThreadDraft:
    """Draft a thread's posts for a file that has another lead post."""
    author = author_of(file.fields)
    return ThreadDraft(thread.network, None, {p.id: post_parts(p, author) for p in thread.posts})


def draft_thread(thread: Thread, file: ThreadFile) -> ThreadDraft:
    """Draft a thread; its posts name their author if the front matter names another.

    If a person changed the author of the file, its posts have that author.
    """
    draft, author = thread_draft(thread), author_of(file.fields)
    if thread.posts[0].author == author or not is_front_ours(rewrite.front_of(file)):
        return draft
    return replace(draft, posts={p.id: post_parts(p, author) for p in thread.posts})


def merge_front_matter(
    file: ThreadFile, threads: Sequence[Thread], older: Container[str]
) -> thread_merge.MergedFile:
    """Merge a file's front matter with the threads that were imported into it.

    Of posts in `older` they only know an earlier text.
    """
    drafts = [thread_draft(thread) for thread in threads]
    first = next(iter(file.records))
    is_current = first not in older
    theirs = next(
        (d.fields or {} for d in drafts if is_current and first == next(iter(d.posts))), {}
    )
    theirs = {k: v for k, v in theirs.items() if k != TAGS}
    tags = _tags(file, drafts, older)
    if tags:
        theirs[TAGS] = tags
    removable = frozenset(() if tags is None else (TAGS,))
    front = thread_merge.merge_fields(theirs, file, removable=removable)
    author = author_of(front.post.parts)
    posts = change_front_author(rewrite.posts_of(file), author_of(file.fields), author)
    return thread_merge.MergedFile(rewrite.rewrite(file, front.post, posts), front.conflicts)


def refresh_heading(file: ThreadFile) -> ThreadFile:
    """Set title, date and author from the lead post, and tags from all posts, as sources gave them.

    A source with newer text may have a less exact time, another name or no tags: then the posts'
    lines have what other sources said, whatever their order was. Edited posts are not used.
    """
    file = _refresh_author(file)
    posts, front, present = rewrite.posts_of(file), _ours(file), rewrite.front_of(file)
    made = _derive_front_matter(file, posts)
    made = {k: v for k, v in made.items() if present.is_untouched(k)}
    names = {**front.parts, **made}
    front = front.without(made).write_all({k: v for k, v in made.items() if v})
    parts = {k: front.parts[k] for k in names if k in front.parts}
    return rewrite.rewrite(file, replace(front, parts=parts), posts)


def _refresh_author(file: ThreadFile) -> ThreadFile:
    """Set the author from the line of the lead post, if that names one."""
    identity, first = next(iter(rewrite.posts_of(file).items()))
    if AUTHOR not in first.parts or not is_front_ours(rewrite.front_of(file)):
        return file
    return set_authors(file, {identity: author_of({"account": first.parts[AUTHOR]})})


def _derive_front_matter(file: ThreadFile, posts: Mapping[str, PostParts]) -> Parts:
    """Return the front matter derived from posts that no person edited."""
    identity, first = next(iter(posts.items()))
    root = stored_post(file, identity, file.network).post
    made: Parts = {}
    if first.is_unedited():
        made[TITLE] = title_of(root)
    if first.is_untouched(CREATED_AT) and (date := date_of(root.created_at)):
        made[DATE] = date
    if all(post.is_untouched(TAGS) for post in posts.values()):
        made[TAGS] = [*dict.fromkeys(tag for post in posts.values() for tag in _tags_of(post))]
    return made


def _tags_of(post: PostParts) -> list[Json]:
    tags = post.parts.get(TAGS)
    return tags if isinstance(tags, list) else []


def find_lead_thread(file: ThreadFile, threads: Sequence[Thread]) -> Thread:
    """Return the thread that has a file's lead post, or else the first thread."""
    first = next(iter(file.records))
    found = (thread for thread in threads if any(post.id == first for post in thread.posts))
    return next(found, threads[0])


def replace_lead_post(file: ThreadFile, before: str) -> ThreadFile:
    """Rewrite a file that has another lead post than before; front matter is derived from it.

    Edits by a person stay. Raises ContentError for posts that cannot be read.
    """
    posts = tuple([stored.post for stored in stored_posts(file)])
    name = file.fields.get("id")
    identity = posts[0].id if name in (before, None) else str(name)
    draft = thread_draft(Thread(identity, posts[0].network, posts))
    front = _replace_unedited(_ours(file), draft.fields or {})
    if file.fields.get(TAGS) == []:  # only a person writes that
        front = replace(front, parts=front.parts | {TAGS: []})
    author = author_of(front.parts)
    merged = rewrite.posts_of(file)
    with_authors = {p.id: _set_author(merged[p.id], post_parts(p, author)) for p in posts}
    return rewrite.rewrite(file, front, with_authors)


def add_lead_post(file: ThreadFile, identity: str, post: PostParts) -> ThreadFile:
    """Add a post at the top of a file, as its lead post. Raises ContentError."""
    posts = {identity: post} | rewrite.posts_of(file)
    return replace_lead_post(rewrite.with_posts(file, posts), next(iter(file.records)))


def collect_posts(file: ThreadFile, leaving: Iterable[str]) -> dict[str, PostParts]:
    """Collect posts to be moved, with their authors; hidden posts stay hidden."""
    front_author = drop_null(account(author_of(file.fields)))
    hidden: Parts = {HIDE: True} if file.is_held_back else {}
    posts = {}
    for identity, post in rewrite.posts_of(file).items():
        is_missing = post.is_missing(AUTHOR)
        post = replace(post, parts=post.parts | hidden)
        posts[identity] = post.write(AUTHOR, front_author) if is_missing else post
    return {i: posts[i] for i in leaving}


def omit_front_author(moved: thread_merge.MovedPosts, file: ThreadFile) -> dict[str, PostParts]:
    """Remove the author from the lines of moved posts where the file's front matter names it."""
    author = author_of(file.fields)
    return {identity: omit_same_author(post, author) for identity, post in moved.items()}


def update_front_matter(file: ThreadFile, before: str) -> ThreadFile:
    """Update the front matter of a file that lost posts; `before` was its lead post."""
    if next(iter(file.records)) == before:
        return merge_front_matter(file, (), ()).file
    return merge_front_matter(replace_lead_post(file, before), (), ()).file


def set_authors(file: ThreadFile, authors: Mapping[str, Author]) -> ThreadFile:
    """Set better known authors of a file's posts, by id.

    Authors that a person named stay.
    """
    posts, front = rewrite.posts_of(file), rewrite.front_of(file)
    before, is_ours = author_of(file.fields), is_front_ours(front)
    known = {i: a for i, a in authors.items() if i in posts and _may_set_author(posts[i], is_ours)}
    for identity, author in known.items():
        posts[identity] = posts[identity].write(AUTHOR, drop_null(account(author)))
    first = next(iter(posts))
    if first in known and is_ours:
        fields = author_fields(known[first])
        names = insert_new([*front.parts], [*fields])
        front = front.write_all(fields)
        front = replace(front, parts={name: front.parts[name] for name in names})
    posts = change_front_author(posts, before, author_of(front.parts))
    return rewrite.rewrite(file, front, posts)


def _may_set_author(post: PostParts, is_front_ours: bool) -> bool:
    """Return whether sitegen, not a person, named a post's author."""
    if AUTHOR not in post.parts:
        return is_front_ours and post.is_missing(AUTHOR)
    return post.is_untouched(AUTHOR)


def _ours(file: ThreadFile) -> PostParts:
    """Return the front matter keys that sitegen wrote."""
    recorded = file.recorded.fields
    return PostParts({k: v for k, v in file.fields.items() if k in recorded}, recorded)


def _tags(
    file: ThreadFile, drafts: Sequence[ThreadDraft], older: Container[str]
) -> list[Json] | None:
    """Return the tags of all posts, from a source where it has the post.

    None if no source says those of a post whose line a person edited: front matter has what
    sources gave, so that it does not depend on which of them came last.
    """
    found: dict[Json, None] = {}
    given = {i: p for draft in drafts for i, p in draft.posts.items() if i not in older}
    lines = rewrite.posts_of(file)
    for identity, line in file.records.items():
        source = given.get(identity)
        if lines[identity].is_untouched(TAGS):
            tags = (source or {}).get(TAGS, line.get(TAGS))
        elif source is not None:
            tags = source.get(TAGS)
        else:
            return None
        found |= dict.fromkeys(tags if isinstance(tags, list) else ())
    return [*found]


def _replace_unedited(mine: PostParts, theirs: Parts) -> PostParts:
    """Replace all parts that no person edited or deleted."""
    edited = {k for k in mine.recorded if not mine.is_untouched(k)}
    kept = {k: v for k, v in mine.parts.items() if k in edited}
    parts = {k: v for k, v in theirs.items() if k not in edited} | kept
    gone = {k: mine.recorded[k] for k in edited - theirs.keys() if k not in mine.parts}
    return PostParts(parts, gone | digests(theirs))


def _may_be_same(first_author: Author, other: Author) -> bool:
    """Return whether two authors may be the same, of whom the second is known better."""
    known = {(k, v) for k, v in account(first_author).items() if v is not None}
    return known <= {*account(other).items()}


def _set_author(post: PostParts, draft: Parts) -> PostParts:
    """Set the author in a post's line if it is not the thread's author, or remove it."""
    if not post.is_untouched(AUTHOR):
        return post
    post = post.without((AUTHOR,))
    if AUTHOR not in draft:
        return post
    post = post.write(AUTHOR, draft[AUTHOR])
    return replace(
        post, parts={k: post.parts[k] for k in {**draft, **post.parts} if k in post.parts}
    )
