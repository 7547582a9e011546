"""Three versions of a file into one: what sitegen last wrote, what is there, what is new.

A part that still has the digest it was written with may be replaced; one that differs is
a person's and stays. Where both sides changed, the person's stays and the new one is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from sitegen import frontmatter
from sitegen.content.draft import TEXT, Parts, ThreadDraft, digest
from sitegen.content.hiding import HIDE, is_hidden
from sitegen.content.profile_file import ProfileFile
from sitegen.content.thread_file import WRITTEN, ThreadFile, marker
from sitegen.model import Json

TIMES = ("date", "created_at")
# A post's line leaves these out where they are as the thread or the text says, or no more.
TELLING = frozenset(("author", "facets", "links", "reply_to", "uncertain"))


class Merged(Struct, frozen=True):
    """The parts as they shall be, their new digests, and the names of those in conflict."""

    parts: Parts
    written: Parts
    conflicts: tuple[str, ...] = ()


class Moved(Struct, frozen=True):
    """Posts that leave a file for another: parts and digests by id, and what was deleted there."""

    posts: dict[str, tuple[Parts, Parts]]
    deleted: Parts


class MergedFile(Struct, frozen=True):
    """A file's new text, and what in it both sides had changed."""

    text: str
    conflicts: tuple[str, ...] = ()


def merge_parts(
    mine: Parts, theirs: Parts, written: Parts, telling: frozenset[str] = frozenset()
) -> Merged:
    """Merge the parts of one thing; a part that is missing has no digest.

    What one source gave is not taken away because another knows less; only for the parts in
    `telling` does it mean something that they are missing.
    """
    merged: Parts = {}
    conflicts = []
    new_digests = digests(theirs)
    for name in {**theirs, **mine}:
        base, new = written.get(name), new_digests.get(name)
        old = digest(mine[name]) if name in mine else None
        if old == base and base and _says_less(name, theirs, mine, telling):
            merged[name], new_digests[name] = mine[name], base
            continue
        untouched = old in (base, new)
        if not untouched and new != base:
            conflicts.append(name)
        chosen = theirs if untouched else mine
        if name in chosen:
            merged[name] = chosen[name]
    return Merged(merged, new_digests, tuple(conflicts))


def _says_less(name: str, theirs: Parts, mine: Parts, telling: frozenset[str]) -> bool:
    """Tell whether a source knows less of a part than the file has: nothing, or a piece."""
    if name not in theirs:
        return name not in telling
    new, old = theirs[name], mine[name]
    if isinstance(new, dict) and isinstance(old, dict):
        return new != old and all(old.get(key) == value for key, value in new.items())
    if name in TIMES and isinstance(new, str) and isinstance(old, str):
        return new != old and old.startswith(new)
    return False


def digests(of: Parts) -> Parts:
    """Return the digest of every part."""
    return {name: digest(value) for name, value in of.items()}


def fresh_thread(draft: ThreadDraft) -> str:
    """Return the file of a thread that no file has yet."""
    fields = draft.fields or {}
    posts = {identity: Merged(parts, digests(parts)) for identity, parts in draft.posts.items()}
    written = _written(digests(fields), posts, {})
    return frontmatter.join({**fields, "posts": _lines(posts), WRITTEN: written}, _body("", posts))


def merge_thread(draft: ThreadDraft, file: ThreadFile, moved: Moved) -> MergedFile:
    """Bring a thread's file up to date without touching what a person changed in it."""
    written_posts = moved.deleted | _object(file.written.get("posts"))
    fields = _merged_fields(draft, file)
    now = {i: (file.parts_of(i), _object(written_posts.get(i))) for i in file.records} | moved.posts
    deleted = {i: d for i, d in written_posts.items() if i not in now}
    posts: dict[str, Merged] = {}
    for identity in _order(tuple(now), tuple(i for i in draft.posts if i not in deleted)):
        mine, base = now.get(identity, ({}, {}))
        theirs = draft.posts.get(identity)
        if theirs is None:
            posts[identity] = Merged(mine, base)
        elif identity in now:
            posts[identity] = merge_parts(mine, theirs, base, TELLING)
        else:
            posts[identity] = Merged(theirs, digests(theirs))
    written = _written(fields.written, posts, deleted)
    text = _rewritten(file, fields.parts, posts, written)
    conflicts = fields.conflicts + tuple(
        f"{name} of post {identity}" for identity, p in posts.items() for name in p.conflicts
    )
    return MergedFile(text, conflicts)


def fresh_profile(parts: Parts) -> str:
    """Return the file of a profile that no file has yet."""
    fields = {**_fields(parts), WRITTEN: digests(parts)}
    head = "".join(frontmatter.line(k, v) for k, v in fields.items())
    return _profile_text(head, str(parts[TEXT]))


def merge_profile(theirs: Parts, file: ProfileFile) -> MergedFile:
    """Bring a profile's file up to date without touching what a person changed in it."""
    names = {*theirs, *file.written}
    mine: Parts = {k: v for k, v in file.fields.items() if k in names} | {TEXT: file.body}
    merged = merge_parts(mine, theirs, file.written)
    if merged.parts == mine and merged.written == file.written:
        return MergedFile(file.text, merged.conflicts)
    old: Parts = {**_fields(mine), WRITTEN: file.written}
    new: Parts = {**_fields(merged.parts), WRITTEN: merged.written}
    head = replaced_head(file.head, old, new, WRITTEN)
    return MergedFile(_profile_text(head, str(merged.parts.get(TEXT, ""))), merged.conflicts)


def moving(file: ThreadFile, leaving: Iterable[str]) -> Moved:
    """Return what goes along when posts leave a file; hidden ones stay hidden."""
    written = _object(file.written.get("posts"))
    hidden: Parts = {HIDE: True} if is_hidden(file.fields, file.path) else {}
    posts = {i: (file.parts_of(i) | hidden, _object(written.get(i))) for i in leaving}
    return Moved(posts, {i: d for i, d in written.items() if i not in file.records})


def is_personal(file: ThreadFile) -> bool:
    """Tell whether a person wrote more into a file than what its posts carry with them."""
    written = {k: v for k, v in file.written.items() if k != "posts"}
    own = {k: digest(v) for k, v in file.fields.items() if k not in ("posts", WRITTEN, HIDE)}
    has_comments = any(line.lstrip().startswith("#") for line in file.head.split("\n"))
    return own != written or has_comments or bool(file.preamble.strip())


def without_posts(file: ThreadFile, gone: Iterable[str]) -> str | None:
    """Return a thread's file without some posts that moved elsewhere; None when none stay."""
    leaving = set(gone)
    written_posts = {
        i: d for i, d in _object(file.written.get("posts")).items() if i not in leaving
    }
    posts = {
        i: Merged(file.parts_of(i), _object(written_posts.get(i)))
        for i in file.records
        if i not in leaving
    }
    if not posts:
        return None
    fields = {k: v for k, v in file.fields.items() if k not in ("posts", WRITTEN)}
    written: Parts = {**file.written, "posts": written_posts}
    return _rewritten(file, fields, posts, written)


def replaced_head(head: str, old: Parts, new: Parts, before: str | None) -> str:
    """Return front matter with the keys that differ written anew, the rest as it was.

    Keys that were not there come before the key `before`, or last.
    """
    blocks = list(frontmatter.blocks(head))
    present = {b.key for b in blocks}
    added = "".join(frontmatter.line(k, v) for k, v in new.items() if k not in present)
    out = []
    for block in blocks:
        if block.key == before:
            out.append(added)
            added = ""
        if block.key in new and new[block.key] != old.get(block.key):
            out.append(frontmatter.line(block.key, new[block.key]))
        elif block.key in new or block.key not in old:
            out.append(block.raw)
    return "".join(out) + added


def _rewritten(file: ThreadFile, fields: Parts, posts: Mapping[str, Merged], written: Parts) -> str:
    lines = _lines(posts)
    ours = {*fields, *file.written} - {"posts"}
    old_fields = {k: v for k, v in file.fields.items() if k in ours}
    same_posts = lines == list(file.records.values())
    same_bodies = same_posts and all(p.parts[TEXT] == file.body_of(i) for i, p in posts.items())
    if same_bodies and fields == old_fields and written == file.written:
        return file.text
    old: Parts = {**old_fields, "posts": list(file.records.values()), WRITTEN: file.written}
    new: Parts = {**fields, "posts": lines, WRITTEN: written}
    head = replaced_head(file.head, old, new, "posts")
    return f"---\n{head}---\n" + _body(file.preamble, posts)


def _merged_fields(draft: ThreadDraft, file: ThreadFile) -> Merged:
    """Merge the front matter keys that sitegen writes or wrote; the others are a person's."""
    names = {*(draft.fields or ()), *file.written} - {"posts"}
    mine = {k: v for k, v in file.fields.items() if k in names}
    written = {k: v for k, v in file.written.items() if k != "posts"}
    if draft.fields is None:
        return Merged(mine, written)
    theirs = dict(draft.fields)
    if "account" in mine and "account" not in theirs:
        theirs.pop("author", None)  # a handle alone says less than the account with its name
    return merge_parts(mine, theirs, written)


def _object(value: Json | None) -> Parts:
    return value if isinstance(value, dict) else {}


def _written(fields: Parts, posts: Mapping[str, Merged], deleted: Parts) -> Parts:
    digests_of_posts: Parts = {i: p.written for i, p in posts.items()}
    return {**fields, "posts": digests_of_posts | deleted}


def _lines(posts: Mapping[str, Merged]) -> list[Json]:
    """Return the posts' lines: the id, then all parts but the text."""
    return [{"id": identity, **_fields(post.parts)} for identity, post in posts.items()]


def _body(preamble: str, posts: Mapping[str, Merged]) -> str:
    """Put each post's text under its marker, after what a person wrote before the first."""
    pieces = [preamble.strip("\n")] if preamble.strip() else []
    for identity, post in posts.items():
        pieces += [marker(identity), str(post.parts[TEXT])]
    return "".join([f"\n{piece}\n" for piece in pieces if piece])


def _order(now: Sequence[str], new: Sequence[str]) -> list[str]:
    """Keep today's order and put each new post after the one that it follows upstream."""
    known = set(now)
    followers: dict[str | None, list[str]] = {None: []}
    anchor = first = None
    for identity in new:
        if identity in known:
            anchor = identity
            first = first or identity
        else:
            followers.setdefault(anchor, []).append(identity)
    order: list[str] = []
    for identity in now:
        order += followers[None] if identity == first else []
        order += [identity, *followers.get(identity, [])]
    return order if first else order + followers[None]


def _fields(parts: Parts) -> Parts:
    fields = dict(parts)
    fields.pop(TEXT, None)
    return fields


def _profile_text(head: str, body: str) -> str:
    return f"---\n{head}---\n" + (f"\n{body}\n" if body else "")
