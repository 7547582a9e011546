"""Posts met again under another name.

A page's text has no ids, so its posts have names made of their minute and text. Where another
source has the same post under its own id, it is one post: that of the better source, unless
content/ has the other already. Then its address stays, and the new id is noted in `also`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from sitegen import content, moments
from sitegen.content import thread_file
from sitegen.importers import Exclusion
from sitegen.importers.page.ids import skeleton
from sitegen.importing.reading import Read
from sitegen.model import Elsewhere, Post, Thread

DERIVED = re.compile(r"\d{8}t\d{4}-[0-9a-f]{8}(-\d+)?")
NAMED = re.compile(rb'"\d{8}t\d{4}-[0-9a-f]{8}(?:-\d+)?"')
QUARTER, FARTHEST = 900, 14 * 3600  # time zones are apart by quarters of an hour, to 14 hours
Key = tuple[str, str]
NOTHING: Mapping[Key, str] = {}


def recognised(found: Sequence[Read], folder: Path) -> tuple[Read, ...]:
    """Return the sources without the posts that another source, or content/, has by its own id.

    Raises ContentError.
    """
    names = _Names(folder)
    found = tuple([_excluded(read, names.noted(_posts(read))) for read in found])
    incoming = [post for read in found for post in _posts(read)]
    derived = [post for post in incoming if is_derived(post)]
    if names and (aliases := names.aliases([p for p in incoming if not is_derived(p)])):
        known = {(network, name): own for (network, own), name in aliases.items()}
        found = tuple([_renamed(_excluded(read, known), aliases) for read in found])
    unnamed = [post for post in derived if _key(post) not in names.taken]
    if not unnamed:
        return found
    best_last = sorted(found, key=lambda read: not read.imported.is_excerpt)
    better = {_key(p): (p, r) for r in best_last for p in _posts(r) if not is_derived(p)}
    pairs = {_key(o): p for o, p in _pairs(unnamed, [p for p, _ in better.values()]).items()}
    partly = frozenset([key for key, (_, r) in better.items() if r.imported.is_excerpt])
    found = tuple([_replaced(read, pairs, partly) for read in found])
    rest = [post for post in unnamed if _key(post) not in pairs]
    stored = [post for thread in content.archived(folder) for post in thread.posts] if rest else []
    there = {_key(post) for post in stored}
    rest = [post for post in rest if _key(post) not in there]
    twins = _pairs(rest, [post for post in stored if not is_derived(post)]) if rest else {}
    known = {_key(o): p.id for o, p in twins.items()}
    return tuple([_excluded(read, known, known) for read in found])


def is_derived(post: Post) -> bool:
    """Tell whether a post's id was made of its minute and text."""
    return post.id[8:9] == "t" and DERIVED.fullmatch(post.id) is not None


def _posts(read: Read) -> Iterator[Post]:
    for thread in read.imported.threads:
        yield from thread.posts


class _Names:
    """The posts of content/ whose ids were made, and the ids of their own that are noted there."""

    def __init__(self, folder: Path) -> None:
        stored = [post for path in _files_with_derived(folder) for post in _stored(path)]
        noted = [(p, o.id) for p in stored for o in p.also if o.network == p.network]
        self._by_own = {(post.network, own): post.id for post, own in noted}
        self._own = {_key(post): own for post, own in noted if is_derived(post)}
        self._loose = [p for p in stored if is_derived(p) and _key(p) not in self._own]
        self.taken = {*self._own}

    def __bool__(self) -> bool:
        return bool(self._by_own or self._loose)

    def noted(self, posts: Iterable[Post]) -> dict[Key, str]:
        """Return the own ids of posts that come without: who told them better may not be undone."""
        bare = (_key(p) for p in (posts if self._own else ()) if is_derived(p) and not p.also)
        return {key: self._own[key] for key in bare if key in self._own}

    def aliases(self, incoming: Sequence[Post]) -> dict[Key, str]:
        """Return by which names content/ has posts that come with ids of their own."""
        coming = {_key(post): post for post in incoming}
        found = {key: self._by_own[key] for key in coming if key in self._by_own}
        fresh = [post for key, post in coming.items() if key not in found]
        pairs = _pairs(self._loose, fresh) if fresh else {}
        found |= {_key(new): old.id for old, new in pairs.items()}
        self.taken |= {(network, name) for (network, _), name in found.items()}
        return found


def _key(post: Post) -> Key:
    return post.network, post.id


def _files_with_derived(folder: Path) -> Iterator[str]:
    for path in content.markdown_files(folder / content.THREADS):
        if NAMED.search(content.read_bytes(path)):
            yield path


def _stored(path: str) -> Iterator[Post]:
    for stored in thread_file.stored_posts(thread_file.read(path, content.read_text(path))):
        yield stored.post


def _pairs(unnamed: Sequence[Post], named: Sequence[Post]) -> dict[Post, Post]:
    """Match posts by what they say and when; the page's time zone is not known."""
    if not unnamed or not named:
        return {}
    wanted = {(post.network, skeleton(post.text)) for post in unnamed}
    by_text: dict[Key, list[Post]] = defaultdict(list)
    for post in named:
        if (key := (post.network, skeleton(post.text))) in wanted:
            by_text[key].append(post)
    offers = {p: by_text.get((p.network, skeleton(p.text)), []) for p in unnamed}
    likely = {p: fits for p, offered in offers.items() if (fits := [*_fitting(p, offered)])}
    zones = Counter(zone for fits in likely.values() for zone, _ in fits)
    pairs: dict[Post, Post] = {}
    taken: set[Key] = set()
    for post, fits in likely.items():
        _, other = max(fits, key=lambda fit: (zones[fit[0]], -abs(fit[0]), fit[1].id))
        if (other.network, other.id) not in taken:
            taken.add((other.network, other.id))
            pairs[post] = other
    return pairs


def _fitting(post: Post, offered: Iterable[Post]) -> Iterator[tuple[int, Post]]:
    """Go through the posts that may be this one, with the seconds between their clocks."""
    when = moments.instant(post.created_at)
    for other in offered:
        then = moments.instant(other.created_at)
        if when is None or then is None or not _may_be_one_author(post, other):
            continue
        apart = int(then // 60 * 60 - when // 60 * 60)
        if abs(apart) <= FARTHEST and apart % QUARTER == 0:
            yield apart, other


def _may_be_one_author(one: Post, other: Post) -> bool:
    a, b = one.author.handle, other.author.handle
    return not (a and b) or a.casefold() == b.casefold()


def _renamed(read: Read, aliases: Mapping[Key, str]) -> Read:
    """Return a source whose posts are called as content/ calls them."""

    def renamed(post: Post) -> Post:
        name = aliases.get((post.network, post.id))
        post = _referring(post, aliases)
        if name is None:
            return post
        noted = Elsewhere(post.id, post.url, network=post.network)
        return replace(post, id=name, also=(noted, *post.also))

    threads = tuple([_thread(t, [renamed(p) for p in t.posts]) for t in read.imported.threads])
    return _with(read, threads)


def _referring(post: Post, aliases: Mapping[Key, str]) -> Post:
    named = {"reply_to": post.reply_to, "quote_of": post.quote_of, "repost_of": post.repost_of}
    new = {
        k: aliases[post.network, v] for k, v in named.items() if v and (post.network, v) in aliases
    }
    return replace(post, **new) if new else post


def _replaced(read: Read, pairs: Mapping[Key, Post], partly: Container[Key]) -> Read:
    """Return a source in which what another tells better stands as that tells it.

    Where it stands as an excerpt tells it, the source is one too.
    """
    if not any(_key(post) in pairs for post in _posts(read)):
        return read
    names = {key: post.id for key, post in pairs.items()}
    threads = [
        _thread(t, [pairs.get(_key(p)) or _referring(p, names) for p in t.posts])
        for t in read.imported.threads
    ]
    found = _with(read, tuple(threads))
    is_excerpt = any(_key(post) in partly for post in _posts(found))
    return (
        replace(found, imported=replace(found.imported, is_excerpt=True)) if is_excerpt else found
    )


def _excluded(read: Read, known: Mapping[Key, str], called: Mapping[Key, str] = NOTHING) -> Read:
    """Return a source without posts that are known by ids of their own.

    `called` are the ids by which content/ calls them, where that is not as the source does.
    """
    if not known:
        return read
    threads, exclusions = [], []
    for thread in read.imported.threads:
        kept = [p for p in thread.posts if _key(p) not in known]
        exclusions += [
            Exclusion(p.id, "same post twice", f"as {known[_key(p)]}")
            for p in thread.posts
            if _key(p) in known
        ]
        if kept:
            threads.append(_thread(thread, [_referring(p, called) for p in kept]))
    found = _with(read, tuple(threads))
    told = (*read.imported.exclusions, *exclusions)
    return replace(found, imported=replace(found.imported, exclusions=told))


def _thread(thread: Thread, posts: Sequence[Post]) -> Thread:
    return Thread(posts[0].id, thread.network, tuple(posts))


def _with(read: Read, threads: tuple[Thread, ...]) -> Read:
    return replace(read, imported=replace(read.imported, threads=threads))
