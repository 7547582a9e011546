"""A thread's front matter where its file has more than the thread that was brought, or lost posts.

It speaks for the post that stands first, and has the tags of all. Who wrote a post is said by its
line where that is not who wrote the first.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from msgspec.structs import replace

from sitegen.content.format import thread_file
from sitegen.content.format.draft import (
    Parts,
    ThreadDraft,
    account,
    date_of,
    digest,
    front_of,
    post_parts,
    slim,
    thread_draft,
    title_of,
)
from sitegen.content.format.hiding import HIDE
from sitegen.content.format.thread_file import WRITTEN, ThreadFile
from sitegen.content.merge import thread_merge
from sitegen.content.merge.authors import AUTHOR, author_of, is_front_ours, said_once, with_front
from sitegen.content.merge.parts import Merged, digests, in_order, is_part_untouched, is_untouched
from sitegen.content.merge.thread_merge import TAGS
from sitegen.model import Author, Json, Thread

TITLE, DATE, CREATED_AT = "title", "date", "created_at"


def told_better(thread: Thread, file: ThreadFile, moved: thread_merge.Moved) -> Thread:
    """Return a thread whose authors are told as fully as by a file, or by posts that come in.

    A source that knows a handle alone does not take away what another one knew of the same.
    """
    there = {i: (p.parts, p.written) for i, p in thread_merge.posts_of(file).items()} | moved.posts
    is_ours = is_front_ours(file.fields, file.written)
    front = author_of(file.fields) if is_ours else Author()
    authors = [_author_told(*there.get(post.id, ({}, {})), front) for post in thread.posts]
    posts = [
        replace(post, author=author)
        if _may_be(post.author, author) and (post.id in there or post.author != Author())
        else post
        for post, author in zip(thread.posts, authors, strict=True)
    ]
    return replace(thread, posts=tuple(posts))


def _author_told(parts: Parts, written: Parts, front: Author) -> Author:
    """Return the author that a line names, or front matter for it; none that a person named."""
    if AUTHOR not in parts:
        return front
    named = parts[AUTHOR]
    return author_of({"account": named}) if digest(named) == written.get(AUTHOR) else Author()


def below(thread: Thread, file: ThreadFile) -> ThreadDraft:
    """Return the posts of a thread for a file that another post leads, who is its author."""
    author = author_of(file.fields)
    return ThreadDraft(thread.network, None, {p.id: post_parts(p, author) for p in thread.posts})


def drafted(thread: Thread, file: ThreadFile) -> ThreadDraft:
    """Return a thread's draft, whose posts name an author where the file's front is another's.

    Where a person named another author for the file, its posts are that author's.
    """
    draft, author = thread_draft(thread), author_of(file.fields)
    if thread.posts[0].author == author or not is_front_ours(file.fields, file.written):
        return draft
    return replace(draft, posts={p.id: post_parts(p, author) for p in thread.posts})


def brought_up(
    file: ThreadFile, threads: Sequence[Thread], older: Container[str]
) -> thread_merge.MergedFile:
    """Merge a file's front matter with what the threads that were brought into it say.

    Of posts in `older` they know a text of before; it stands no more.
    """
    drafts = [thread_draft(thread) for thread in threads]
    first = next(iter(file.records))
    is_told = first not in older
    theirs = next((d.fields or {} for d in drafts if is_told and first == next(iter(d.posts))), {})
    theirs = {k: v for k, v in theirs.items() if k != TAGS}
    if tags := _tags(file, drafts, older):
        theirs[TAGS] = tags
    fields = thread_merge.merge_fields(theirs, file, telling=frozenset((TAGS,)))
    author = author_of(fields.parts)
    posts = with_front(thread_merge.posts_of(file), author_of(file.fields), author)
    return thread_merge.MergedFile(_with_fields(file, fields, posts), fields.conflicts)


def headed(file: ThreadFile) -> str:
    """Return a file with the title and date of its first post, and all tags, as sources gave them.

    A source with newer words may know the time less well, or no tags: then the posts' lines keep
    what others said, in whatever order they came. What a person edited is not made of anything.
    """
    posts = thread_merge.posts_of(file)
    made = {k: v for k, v in _made_of(file, posts).items() if _is_ours(k, file)}
    before = {k: v for k, v in _ours(file).items() if k not in made}
    written = {k: v for k, v in file.written.items() if k != thread_merge.POSTS and k not in made}
    made = {k: v for k, v in made.items() if v}
    names = [k for k in {**_ours(file), **made} if k in made or k in before]
    fields = {**before, **made}
    parts = {k: fields[k] for k in names}
    return _with_fields(file, Merged(parts, in_order(written | digests(made), parts)), posts)


def _made_of(file: ThreadFile, posts: Mapping[str, Merged]) -> Parts:
    """Return front matter that is made of posts which no person edited there."""
    first, root = next(iter(posts.values())), thread_file.stored_posts(file)[0].post
    made: Parts = {}
    if is_untouched(first.parts, first.written):
        made[TITLE] = title_of(root)
    if is_part_untouched(first, CREATED_AT) and (date := date_of(root.created_at)):
        made[DATE] = date
    if all(is_part_untouched(post, TAGS) for post in posts.values()):
        made[TAGS] = [*dict.fromkeys(tag for post in posts.values() for tag in _listed(post))]
    return made


def _listed(post: Merged) -> list[Json]:
    tags = post.parts.get(TAGS)
    return tags if isinstance(tags, list) else []


def _is_ours(key: str, file: ThreadFile) -> bool:
    digest_now = digest(file.fields[key]) if key in file.fields else None
    return digest_now == file.written.get(key)


def leader(file: ThreadFile, threads: Sequence[Thread]) -> Thread:
    """Return the thread that has a file's first post, or any of them."""
    first = next(iter(file.records))
    found = (thread for thread in threads if any(post.id == first for post in thread.posts))
    return next(found, threads[0])


def led_anew(file: ThreadFile, before: str) -> str:
    """Return a file that another post leads now: what was made of the one before is made of it.

    What a person edited stays. Raises ContentError for posts that cannot be read.
    """
    posts = tuple([stored.post for stored in thread_file.stored_posts(file)])
    name = file.fields.get("id")
    identity = posts[0].id if name in (before, None) else str(name)
    draft = thread_draft(Thread(identity, posts[0].network, posts))
    fields = _replaced(_ours(file), draft.fields or {}, file.written)
    author = author_of(fields.parts)
    merged = thread_merge.posts_of(file)
    told = {p.id: _of_author(merged[p.id], post_parts(p, author)) for p in posts}
    return _with_fields(file, fields, told)


def led_by(file: ThreadFile, identity: str, parts: Parts, written: Parts) -> str:
    """Return a file that is led by a post which it did not have. Raises ContentError."""
    posts = {identity: Merged(parts, written)} | thread_merge.posts_of(file)
    text = thread_merge.with_posts(file, posts, thread_merge.deleted_from(file))
    return led_anew(thread_file.read(file.path, text), next(iter(file.records)))


def moving(file: ThreadFile, leaving: Iterable[str]) -> thread_merge.Moved:
    """Return what goes along when posts leave a file: who wrote them; hidden ones stay hidden."""
    said = slim(account(author_of(file.fields)))
    hidden: Parts = {HIDE: True} if file.is_held_back else {}
    posts = {}
    for identity, post in thread_merge.posts_of(file).items():
        parts, written = post.parts | hidden, post.written
        if AUTHOR not in {**parts, **written}:
            parts, written = parts | {AUTHOR: said}, written | {AUTHOR: digest(said)}
        posts[identity] = (parts, written)
    return thread_merge.Moved({i: posts[i] for i in leaving}, thread_merge.deleted_from(file))


def said_below(moved: thread_merge.Moved, file: ThreadFile) -> thread_merge.Moved:
    """Return posts that come into a file, without what its front matter says of their author."""
    author = author_of(file.fields)
    posts = {i: said_once(Merged(*post), author) for i, post in moved.posts.items()}
    return replace(moved, posts={i: (p.parts, p.written) for i, p in posts.items()})


def of_what_stayed(file: ThreadFile, before: str) -> str:
    """Return a file that posts left, which `before` led: its front matter speaks for the others."""
    if next(iter(file.records)) == before:
        return brought_up(file, (), ()).text
    led = thread_file.read(file.path, led_anew(file, before))
    return brought_up(led, (), ()).text


def signed(file: ThreadFile, authors: Mapping[str, Author]) -> str:
    """Return a file some of whose posts, by id, have authors that are known better now.

    Whom a person named stays.
    """
    posts, front = thread_merge.posts_of(file), author_of(file.fields)
    is_ours = is_front_ours(file.fields, file.written)
    known = {i: a for i, a in authors.items() if i in posts and _may_sign(posts[i], is_ours)}
    for identity, author in known.items():
        named, post = slim(account(author)), posts[identity]
        parts, written = post.parts | {AUTHOR: named}, post.written | {AUTHOR: digest(named)}
        posts[identity] = replace(post, parts=parts, written=in_order(written, parts))
    first = next(iter(posts))
    fields = {k: v for k, v in file.fields.items() if k not in (thread_merge.POSTS, WRITTEN)}
    written = {k: v for k, v in file.written.items() if k != thread_merge.POSTS}
    if first in known and is_ours:
        fields |= front_of(known[first])
        written |= digests(front_of(known[first]))
    posts = with_front(posts, front, author_of(fields))
    return _with_fields(file, Merged(fields, in_order(written, fields)), posts)


def _may_sign(post: Merged, is_front_ours: bool) -> bool:
    """Tell whether what names a post's author is sitegen's."""
    if AUTHOR not in post.parts:
        return is_front_ours and AUTHOR not in post.written
    return digest(post.parts[AUTHOR]) == post.written.get(AUTHOR)


def _ours(file: ThreadFile) -> Parts:
    """Return the front matter keys that sitegen wrote."""
    others = {thread_merge.POSTS, WRITTEN}
    return {k: v for k, v in file.fields.items() if k in file.written and k not in others}


def _with_fields(file: ThreadFile, fields: Merged, posts: dict[str, Merged]) -> str:
    written = thread_merge.written_with(fields.written, posts, thread_merge.deleted_from(file))
    return thread_merge.rewritten(file, fields.parts, posts, written)


def _tags(file: ThreadFile, drafts: Sequence[ThreadDraft], older: Container[str]) -> list[Json]:
    """Return the tags of all posts; those that a source tells of count as it tells them."""
    found: dict[Json, None] = {}
    posts = ((i, parts) for draft in drafts for i, parts in draft.posts.items())
    told = {i: parts[TAGS] for i, parts in posts if TAGS in parts and i not in older}
    for identity, line in file.records.items():
        tags = told.get(identity, line.get(TAGS))
        found |= dict.fromkeys(tags if isinstance(tags, list) else ())
    return [*found]


def _replaced(mine: Parts, theirs: Parts, written: Parts) -> Merged:
    """Replace all that no person edited or deleted."""
    now = digests(mine)
    edited = {k for k, v in written.items() if k != thread_merge.POSTS and now.get(k) != v}
    kept = {k: v for k, v in mine.items() if k in edited}
    parts = {k: v for k, v in theirs.items() if k not in edited} | kept
    gone = {k: written[k] for k in edited - theirs.keys() if k not in mine}
    return Merged(parts, gone | digests(theirs))


def _may_be(one: Author, other: Author) -> bool:
    """Tell whether an author is another of whom more is known."""
    known = {(k, v) for k, v in account(one).items() if v is not None}
    return known <= {*account(other).items()}


def _of_author(post: Merged, draft: Parts) -> Merged:
    """Let a post's line say who wrote it where the thread's author is another; or not any more."""
    mine = digest(post.parts[AUTHOR]) if AUTHOR in post.parts else None
    if mine != post.written.get(AUTHOR):
        return post
    parts, written = dict(post.parts), dict(post.written)
    for of in (parts, written):
        of.pop(AUTHOR, None)
    if AUTHOR in draft:
        parts[AUTHOR], written[AUTHOR] = draft[AUTHOR], digest(draft[AUTHOR])
        parts = {k: parts[k] for k in {**draft, **parts} if k in parts}
    return Merged(parts, in_order(written, parts))
