"""Dedupe posts with derived ids.

The text of a page has no ids, so the ids of its posts are derived from their minute and text. If
another source, or content/, has the same post with its own id, that id wins, whichever came
first; `content.identity.derived_ids` explains which data of the page is kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import threads, timestamps
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.identity import derived_id_form, derived_ids
from sitegen.content.identity.derived_id_form import is_derived
from sitegen.content.identity.derived_ids import Addition, RenamePlan
from sitegen.content.imported.stamps import Stamp
from sitegen.ingest.account_merge import Owners
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Elsewhere, Post, Thread
from sitegen.sources import Exclusion
from sitegen.sources.derived_ids import digest

QUARTER_HOUR_SECONDS = 900  # time zones differ by a multiple of it
MAX_OFFSET_SECONDS = 14 * 3600
Key = tuple[str, str]
Authors = Mapping[Key, Author]
NO_RENAMES = RenamePlan()


def dedupe(
    sources: Sequence[ReadSource], stamps: Sequence[Stamp], index: ArchiveIndex, owners: Owners
) -> tuple[tuple[ReadSource, ...], RenamePlan]:
    """Drop posts whose own ids are known; return the sources, and the stored posts to rename.

    Raises ContentError.
    """
    stored = _StoredPosts(index)
    incoming = [post for source in sources for post in _posts(source)]
    derived = [post for post in incoming if is_derived(post.id)]
    if not derived and not stored:
        return tuple(sources), NO_RENAMES
    identified = [post for post in incoming if not is_derived(post.id)]
    own_ids = stored.own_ids | dict(_list_own_ids(identified))
    unmatched = {
        fingerprint.key: fingerprint
        for fingerprint in (*map(_fingerprint, derived), *stored.fingerprints)
        if fingerprint.key not in own_ids
    }
    if unmatched and (derived or _has_new_owner(owners.new, stored)):
        stored_threads = index.threads
        identified += [p for t in stored_threads for p in t.posts if not is_derived(p.id)]
    own_ids |= _match([*unmatched.values()], identified, owners.known)
    pairs = zip(sources, stamps, strict=True)
    additions = [a for source, stamp in pairs for a in _additions(source, stamp, own_ids)]
    renamed = {key: name for key, name in own_ids.items() if key in stored.ids}
    deduped = tuple([_drop_matched(source, own_ids) for source in sources])
    return deduped, RenamePlan(renamed, tuple(additions), stored.with_derived_ids)


class Fingerprint(Struct, frozen=True):
    """What identifies a post with a derived id: its minute and the digests of its texts.

    `number` counts posts with the same minute and text from 1.
    """

    key: Key
    minute: float
    digests: tuple[str, ...]
    number: int
    handle: str | None = None


class _StoredPosts:
    """The posts of content/ with derived ids, including those that a person deleted.

    `own_ids` are the own ids of derived ids that posts list, `with_derived_ids` those posts.
    """

    def __init__(self, index: ArchiveIndex) -> None:
        self.ids: set[Key] = set()
        self.own_ids: dict[Key, str] = {}
        self.fingerprints: list[Fingerprint] = []
        with_derived_ids: set[Key] = set()
        for path, _ in index.matching(derived_id_form.QUOTED):
            posts = [stored.post for stored in index.stored(path)]
            network = posts[0].network
            own_ids = dict(_list_own_ids(posts))
            self.own_ids |= own_ids
            with_derived_ids |= {(network, own_id) for own_id in own_ids.values()}
            derived = {p.id: p for p in posts if is_derived(p.id)}
            self.ids |= {(network, post_id) for post_id in derived}
            self.fingerprints += [_fingerprint(post) for post in derived.values()]
        recorded = index.records.posts
        deleted = [key for key in recorded if is_derived(key[1]) and key not in self.ids]
        self.ids.update(deleted)
        self.fingerprints += [_fingerprint(Post(post_id, network)) for network, post_id in deleted]
        self.with_derived_ids = frozenset(with_derived_ids)

    def __bool__(self) -> bool:
        return bool(self.ids or self.own_ids)


def _has_new_owner(owners: Container[Key], stored: _StoredPosts) -> bool:
    """Return whether the account of a stored handle is new, so that posts are compared again."""
    handles = ((f.key[0], f.handle.casefold()) for f in stored.fingerprints if f.handle)
    return any(handle in owners for handle in handles)


def _list_own_ids(posts: Iterable[Post]) -> Iterator[tuple[Key, str]]:
    """Yield derived ids with the own ids of their posts, as listed in `also`."""
    for post in posts:
        for copy in post.also:
            if copy.network in (None, post.network) and _is_link_to_own_id(post, copy):
                ids = (copy.id, post.id) if is_derived(copy.id) else (post.id, copy.id)
                yield (post.network, ids[0]), ids[1]


def _is_link_to_own_id(post: Post, copy: Elsewhere) -> bool:
    return is_derived(post.id) != is_derived(copy.id)


def _posts(source: ReadSource) -> Iterator[Post]:
    for thread in source.imported.threads:
        yield from thread.posts


def _fingerprint(post: Post) -> Fingerprint:
    """Return the fingerprint of a post; that of a deleted one is in its id."""
    day, _, rest = post.id.partition("t")
    minute = f"{day[:4]}-{day[4:6]}-{day[6:]}T{rest[:2]}:{rest[2:4]}:00"
    texts = (digest(post.text),) if post.text else ()
    return Fingerprint(
        (post.network, post.id),
        timestamps.instant(minute) or 0.0,
        tuple({rest[5:13], *texts}),
        int(rest[14:] or 1),
        post.author.handle,
    )


def _match(
    fingerprints: Sequence[Fingerprint], identified: Iterable[Post], owners: Authors
) -> dict[Key, str]:
    """Match posts by time and by current or earlier texts; return own ids by derived keys.

    The time zone of a page is unknown, and pages from several zones may have one post with
    several derived ids. Equal posts of the same minute are numbered from the oldest.
    """
    if not fingerprints:
        return {}
    by_text = _index_by_text(
        identified, {(f.key[0], text) for f in fingerprints for text in f.digests}
    )
    candidates_by_key = {
        fingerprint.key: candidates
        for fingerprint in fingerprints
        if (candidates := _find_candidates(fingerprint, by_text, owners))
    }
    offset_counts = Counter(
        offset for candidates in candidates_by_key.values() for offset in {c[0] for c in candidates}
    )
    matched: dict[Key, str] = {}
    for fingerprint in fingerprints:
        candidates = candidates_by_key.get(fingerprint.key, [])
        zone = max(
            {c[0] for c in candidates}, key=lambda o: (offset_counts[o], -abs(o), o), default=0
        )
        equal = sorted({(time, own_id) for offset, time, own_id in candidates if offset == zone})
        if fingerprint.number <= len(equal):
            matched[fingerprint.key] = equal[fingerprint.number - 1][1]
    return matched


def _index_by_text(identified: Iterable[Post], digests: set[Key]) -> dict[Key, list[Post]]:
    """Return posts by the digests of their current and earlier texts."""
    by_text: dict[Key, list[Post]] = defaultdict(list)
    for post in identified:
        texts = (post.text, *(version.text for version in post.history))
        for text_digest in {digest(text) for text in texts}:
            if (post.network, text_digest) in digests:
                by_text[post.network, text_digest].append(post)
    return by_text


def _find_candidates(
    fingerprint: Fingerprint, by_text: Mapping[Key, Sequence[Post]], owners: Authors
) -> list[tuple[int, float, str]]:
    """Return the posts that may be this one as (time zone offset in seconds, time, id)."""
    network, candidates = fingerprint.key[0], []
    texts = ((network, text) for text in fingerprint.digests)
    for post in (post for key in texts for post in by_text.get(key, ())):
        time = timestamps.instant(post.created_at)
        if time is None or not _may_have_author(fingerprint, post.author, owners):
            continue
        offset = int(time // 60 * 60 - fingerprint.minute)
        if abs(offset) <= MAX_OFFSET_SECONDS and offset % QUARTER_HOUR_SECONDS == 0:
            candidates.append((offset, time, post.id))
    return candidates


def _may_have_author(fingerprint: Fingerprint, author: Author, owners: Authors) -> bool:
    if not (fingerprint.handle and author.handle):
        return True
    network, handle = fingerprint.key[0], fingerprint.handle.casefold()
    author_handle = author.handle.casefold()
    owner = owners.get((network, handle), Author())
    author_id = author.id or owners.get((network, author_handle), Author()).id
    return handle == author_handle or bool(owner.id and owner.id == author_id)


def _additions(source: ReadSource, stamp: Stamp, own_ids: Mapping[Key, str]) -> Iterator[Addition]:
    for post in _posts(source):
        if own_id := own_ids.get((post.network, post.id)):
            yield derived_ids.addition((post.network, own_id), post, stamp)


def _drop_matched(source: ReadSource, own_ids: Mapping[Key, str]) -> ReadSource:
    """Drop a source's posts whose own ids are known, and update references to them."""
    kept: list[Thread] = []
    exclusions: list[Exclusion] = []
    for thread in source.imported.threads:
        dropped = {p.id: own_id for p in thread.posts if (own_id := own_ids.get((p.network, p.id)))}
        posts = [_update_references(p, own_ids) for p in thread.posts if p.id not in dropped]
        exclusions += [Exclusion(i, "same post twice", f"as {own}") for i, own in dropped.items()]
        if dropped:
            kept += threads.group(posts)
        elif posts == [*thread.posts]:
            kept.append(thread)
        else:
            kept.append(replace(thread, posts=tuple(posts)))
    imported = replace(
        source.imported,
        threads=tuple(kept),
        exclusions=(*source.imported.exclusions, *exclusions),
    )
    return replace(source, imported=imported)


def _update_references(post: Post, own_ids: Mapping[Key, str]) -> Post:
    references = {"reply_to": post.reply_to, "quote_of": post.quote_of, "repost_of": post.repost_of}
    renamed = {k: own_ids.get((post.network, v)) for k, v in references.items() if v}
    updated = {k: own_id for k, own_id in renamed.items() if own_id}
    return replace(post, **updated) if updated else post
