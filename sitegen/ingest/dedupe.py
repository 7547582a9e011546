"""Dedupe posts with derived ids.

The text of a page has no ids, so the ids of its posts are derived from their minute and text. If
another source, or content/, has the same post with its own id, that id wins, whichever came
first; `content.identity.derived_ids` explains what of the page's data stays.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen import threads, timestamps
from sitegen.content import content_folder
from sitegen.content.format import thread_file
from sitegen.content.identity import derived_ids
from sitegen.content.identity.derived_ids import Addition, RenamePlan, is_derived
from sitegen.content.imported import import_records
from sitegen.content.imported.stamps import Stamp
from sitegen.ingest.account_merge import Owners
from sitegen.ingest.source_reader import Read
from sitegen.model import Author, Elsewhere, Post, Thread
from sitegen.sources import Exclusion
from sitegen.sources.derived_ids import digest

QUARTER_HOUR_SECONDS, MAX_OFFSET_SECONDS = (
    900,
    14 * 3600,
)  # time zones are apart by quarters of an hour, to 14 hours
Key = tuple[str, str]
Authors = Mapping[Key, Author]
NO_RENAMING = RenamePlan()


def dedupe(
    found: Sequence[Read], stamps: Sequence[Stamp], folder: Path, owners: Owners
) -> tuple[tuple[Read, ...], RenamePlan]:
    """Return the sources without posts that are known by their own ids, and the posts to rename.

    Raises ContentError.
    """
    stored = _Stored(folder)
    incoming = [post for read in found for post in _posts(read)]
    unnamed = [post for post in incoming if is_derived(post.id)]
    if not unnamed and not stored:
        return tuple(found), NO_RENAMING
    named = [post for post in incoming if not is_derived(post.id)]
    own = stored.own_ids | dict(_own_ids(named))
    nameless_posts = {
        n.key: n for n in (*map(_nameless, unnamed), *stored.nameless_posts) if n.key not in own
    }
    if nameless_posts and (unnamed or _are_new(owners.new, stored)):
        known = content_folder.read_archive(folder)
        named += [p for t in known for p in t.posts if not is_derived(p.id)]
    own |= _match([*nameless_posts.values()], named, owners.known)
    pairs = zip(found, stamps, strict=True)
    additions = [a for read, stamp in pairs for a in _additions(read, stamp, own)]
    renamed = {key: name for key, name in own.items() if key in stored.ids}
    reads = tuple([_drop_known(read, own) for read in found])
    return reads, RenamePlan(renamed, tuple(additions), stored.with_derived_ids)


class Nameless(Struct, frozen=True):
    """A post with a derived id: its minute, the digests of its texts, its number among equals."""

    key: Key
    minute: float
    digests: tuple[str, ...]
    number: int
    handle: str | None = None


class _Stored:
    """The posts of content/ with derived ids, including those that a person deleted.

    `own_ids` are the own ids of derived ids that posts list, `with_derived_ids` those posts.
    """

    def __init__(self, folder: Path) -> None:
        self.ids: set[Key] = set()
        self.own_ids: dict[Key, str] = {}
        self.nameless_posts: list[Nameless] = []
        with_derived_ids: set[Key] = set()
        for file in _files_with_derived(folder):
            network = str(file.fields.get("network"))
            posts = [stored.post for stored in thread_file.stored_posts(file)]
            notes = dict(_own_ids(posts))
            self.own_ids |= notes
            with_derived_ids |= {(network, own) for own in notes.values()}
            there = {p.id: p for p in posts if is_derived(p.id)}
            self.ids |= {(network, identity) for identity in there}
            self.nameless_posts += [_nameless(post) for post in there.values()]
        recorded = import_records.load(folder).posts
        deleted = [key for key in recorded if is_derived(key[1]) and key not in self.ids]
        self.ids.update(deleted)
        self.nameless_posts += [_nameless(Post(i, network)) for network, i in deleted]
        self.with_derived_ids = frozenset(with_derived_ids)

    def __bool__(self) -> bool:
        return bool(self.ids or self.own_ids)


def _files_with_derived(folder: Path) -> Iterator[thread_file.ThreadFile]:
    for path in content_folder.markdown_files(folder / content_folder.THREADS):
        if derived_ids.QUOTED.search(content_folder.read_bytes(path)):
            yield thread_file.read(path, content_folder.read_text(path))


def _are_new(owners: Container[Key], stored: _Stored) -> bool:
    """Return whether the account of a handle is new, so that posts must be compared again."""
    handles = ((n.key[0], n.handle.casefold()) for n in stored.nameless_posts if n.handle)
    return any(handle in owners for handle in handles)


def _own_ids(posts: Iterable[Post]) -> Iterator[tuple[Key, str]]:
    """Yield derived ids with the own ids of their posts, as listed in `also`."""
    for post in posts:
        for place in post.also:
            if place.network in (None, post.network) and _is_link_to_own_id(post, place):
                names = (place.id, post.id) if is_derived(place.id) else (post.id, place.id)
                yield (post.network, names[0]), names[1]


def _is_link_to_own_id(post: Post, place: Elsewhere) -> bool:
    return is_derived(post.id) != is_derived(place.id)


def _posts(read: Read) -> Iterator[Post]:
    for thread in read.imported.threads:
        yield from thread.posts


def _nameless(post: Post) -> Nameless:
    """Return what is compared of a post; for a deleted one, that is in its id."""
    day, _, rest = post.id.partition("t")
    minute = f"{day[:4]}-{day[4:6]}-{day[6:]}T{rest[:2]}:{rest[2:4]}:00"
    texts = (digest(post.text),) if post.text else ()
    return Nameless(
        (post.network, post.id),
        timestamps.instant(minute) or 0.0,
        tuple({rest[5:13], *texts}),
        int(rest[14:] or 1),
        post.author.handle,
    )


def _match(
    nameless_posts: Sequence[Nameless], named: Iterable[Post], owners: Authors
) -> dict[Key, str]:
    """Match posts by current or earlier texts and time; the time zone of a page is unknown.

    Pages from several time zones may have one post with several derived ids. Equal posts of the
    same minute are numbered from the oldest.
    """
    if not nameless_posts:
        return {}
    by_text = _by_text(named, {(n.key[0], name) for n in nameless_posts for name in n.digests})
    likely = {
        n.key: candidates
        for n in nameless_posts
        if (candidates := _find_candidates(n, by_text, owners))
    }
    zones = Counter(
        zone for candidates in likely.values() for zone in {zone for zone, _, _ in candidates}
    )
    found: dict[Key, str] = {}
    for nameless in nameless_posts:
        candidates = likely.get(nameless.key, [])
        zone = max({z for z, _, _ in candidates}, key=lambda z: (zones[z], -abs(z), z), default=0)
        same = sorted({(when, identity) for z, when, identity in candidates if z == zone})
        if nameless.number <= len(same):
            found[nameless.key] = same[nameless.number - 1][1]
    return found


def _by_text(named: Iterable[Post], wanted: set[Key]) -> dict[Key, list[Post]]:
    """Return posts by the digests of their current and earlier texts."""
    found: dict[Key, list[Post]] = defaultdict(list)
    for post in named:
        texts = (post.text, *(version.text for version in post.history))
        for name in {digest(text) for text in texts}:
            if (post.network, name) in wanted:
                found[post.network, name].append(post)
    return found


def _find_candidates(
    nameless: Nameless, by_text: Mapping[Key, Sequence[Post]], owners: Authors
) -> list[tuple[int, float, str]]:
    """Return the posts that may be this one, with the offset in seconds and their times."""
    network, found = nameless.key[0], []
    for post in (post for name in nameless.digests for post in by_text.get((network, name), ())):
        when = timestamps.instant(post.created_at)
        if when is None or not _may_be_by(nameless, post.author, owners):
            continue
        apart = int(when // 60 * 60 - nameless.minute)
        if abs(apart) <= MAX_OFFSET_SECONDS and apart % QUARTER_HOUR_SECONDS == 0:
            found.append((apart, when, post.id))
    return found


def _may_be_by(nameless: Nameless, author: Author, owners: Authors) -> bool:
    if not (nameless.handle and author.handle):
        return True
    network, one, other = nameless.key[0], nameless.handle.casefold(), author.handle.casefold()
    owner = owners.get((network, one), Author())
    known = author.id or owners.get((network, other), Author()).id
    return one == other or bool(owner.id and owner.id == known)


def _additions(read: Read, stamp: Stamp, own: Mapping[Key, str]) -> Iterator[Addition]:
    for post in _posts(read):
        if name := own.get((post.network, post.id)):
            yield derived_ids.addition((post.network, name), post, stamp)


def _drop_known(read: Read, own: Mapping[Key, str]) -> Read:
    """Drop posts that are known by their own ids, and update references to them."""
    found: list[Thread] = []
    exclusions: list[Exclusion] = []
    for thread in read.imported.threads:
        known = {p.id: name for p in thread.posts if (name := own.get((p.network, p.id)))}
        posts = [_update_references(p, own) for p in thread.posts if p.id not in known]
        exclusions += [Exclusion(i, "same post twice", f"as {own}") for i, own in known.items()]
        if known:
            found += threads.group(posts)
        elif posts == [*thread.posts]:
            found.append(thread)
        else:
            found.append(replace(thread, posts=tuple(posts)))
    imported = replace(
        read.imported,
        threads=tuple(found),
        exclusions=(*read.imported.exclusions, *exclusions),
    )
    return replace(read, imported=imported)


def _update_references(post: Post, own: Mapping[Key, str]) -> Post:
    named = {"reply_to": post.reply_to, "quote_of": post.quote_of, "repost_of": post.repost_of}
    new = {k: own[post.network, v] for k, v in named.items() if v and (post.network, v) in own}
    return replace(post, **new) if new else post
