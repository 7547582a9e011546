"""What a post said before: an edit upstream keeps the earlier text, unless a person is at it.

A line's `history` lists the versions before the one that stands, oldest first, none twice and
not that one. What was ever put there is remembered by its digest, so that what a person deletes
from it stays away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.format.draft import TEXT, Parts, digest
from sitegen.content.imported.stamps import (
    NEVER,
    UNKNOWN,
    WORDS,
    Seen,
    Stamp,
    combined,
    first_seen,
    from_source,
    is_part_outdated,
    is_text_outdated,
)
from sitegen.content.merge import earlier_texts
from sitegen.content.merge.parts import (
    COUNTS,
    HISTORY,
    Merged,
    height,
    in_order,
    merge_parts,
    ordered,
    version_digest,
    versions,
)
from sitegen.model import Json
from sitegen.text import richtext

EDITED, CREATED = "edited_at", "created_at"
# A post's line leaves these out where they are as the thread or the text says, or no more.
TELLING = frozenset(("author", "facets", "links", "reply_to", "uncertain", "vanished"))
# What belongs to one text, and is none of another version's.
OF_THE_TEXT = (TELLING - {"vanished"}) | {TEXT, EDITED, "mentions", "tags", "cut_links"}
# Of these, what no edit changes: the better source tells, whichever text is newer.
OF_ALL_TEXTS = frozenset(("author", "reply_to"))
# Of these, what even an excerpt denies by leaving it out when it tells of other words.
BOUND = frozenset(("facets", "links", EDITED, "mentions", "tags", "cut_links"))
NO_PARTS: frozenset[str] = frozenset()


class Past(Struct, frozen=True):
    """Earlier versions by their digests, oldest first, and the digests of all there ever were."""

    listed: dict[str, Parts]
    told: tuple[str, ...]

    def without(self, version: Parts) -> Past:
        """Forget a version, for it stands again."""
        name = version_digest(version)
        if name not in self.listed:
            return self
        listed = {each: v for each, v in self.listed.items() if each != name}
        return Past(listed, tuple([each for each in self.told if each != name]))

    def since(self, before: Json, created: Json) -> Past:
        """Let first versions be as old as the post, of which a source tells the time better."""
        if before == created or before is None or created is None:
            return self
        listed = {
            name: version | {CREATED: created} if version.get(CREATED) == before else version
            for name, version in self.listed.items()
        }
        return Past(listed, self.told)

    def joined(
        self,
        replaced: Iterable[Parts],
        upstream: Sequence[Parts],
        stands: Parts,
        states: Mapping[str, str],
    ) -> Past:
        """Add the text that was replaced, and what a source tells in its order; what is new.

        `states` are the states of sources in which versions were first reported.
        """
        kept = {version_digest(stands), *self.told} - self.listed.keys()
        last = {n: v for n, v in _by_digest(replaced).items() if n not in kept}
        came = {n: v for n, v in _by_digest(upstream).items() if n not in kept}
        if not (last.keys() | came.keys()) - self.listed.keys():
            return Past(self.listed, _each_once(self.told, last, came))
        found = last | came | self.listed
        order = ordered([*self.listed, *(n for n in last if n not in self.listed)], [*came])
        sorted_versions = _by_time({n: found[n] for n in order}, states)
        return Past(sorted_versions, _each_once(self.told, last, came))


def merge_post(
    mine: Parts,
    theirs: Parts,
    written: Parts,
    is_news: bool,
    seen: Seen = NEVER,
    stamp: Stamp = UNKNOWN,
) -> Merged:
    """Merge a post's parts; the text that an edit upstream replaces becomes an earlier version.

    Of two texts that of the newer source stands, by `seen` and `stamp`; where these do not tell,
    the one with the later `edited_at`, else the last one. It is no news where the text that
    stands came with this same import and from a source of the same state.
    """
    past = Past(_by_digest(versions(mine)), _told(written))
    is_persons = digest(mine[TEXT]) != written.get(TEXT) and bool(written)
    is_other = _is_other(mine, theirs, stamp, seen)
    is_older = _is_outdated(mine, theirs, past, stamp, seen)
    if is_persons and not stamp.is_whole:
        is_other = is_older = True  # an excerpt does not differ from what a person wrote
    known = None
    if is_other and not (is_older or stamp.is_whole):
        known = earlier_texts.restored(theirs, past.listed.values(), _words(theirs), seen.texts)
    theirs, text_from = known or (theirs, None)
    own, other, base = _now(mine), _now(theirs), _now(written)
    bound = OF_THE_TEXT - _decided(stamp, seen)
    if is_other and is_older:
        other = {name: value for name, value in other.items() if name not in bound}
    outdated = _outdated(own, base, stamp, seen, is_other and not is_older)
    outdated |= bound if is_older and is_other else NO_PARTS
    outdated |= _not_risen(own, other, stamp, seen)
    merged = merge_parts(own, other, base, _telling(stamp, is_other, seen), outdated)
    taken = other.keys() - outdated
    after = combined(seen, stamp, taken, merged.parts.keys() - taken)
    if text_from:
        after = from_source(after, text_from.at, {TEXT, *text_from.parts} & taken)
    merged = replace(merged, is_older=is_older, seen=after)
    if mine[TEXT] == theirs[TEXT] and not {HISTORY, EDITED} & (mine.keys() | theirs.keys()):
        return merged
    past = past.since(mine.get(CREATED), merged.parts.get(CREATED))
    if not is_other or not is_persons:
        is_edit = is_news or _differ(stamp, seen)
        upstream = versions(theirs)
        stands = _version(merged.parts)
        if is_other and not is_older:
            past = past.without(stands)
        created = {CREATED: merged.parts.get(CREATED)}
        replaced = [_version(mine | created)] if is_other and is_edit and not is_older else []
        is_edit = is_edit or not _are_known(stamp, seen)
        upstream += [_version(theirs | created)] if is_other and is_older and is_edit else []
        after = _with_versions(after, replaced, upstream, seen, stamp)
        past = past.joined(replaced, upstream, stands, after.versions)
        texts = {
            name: earlier_texts.bound(mine, seen.of(TEXT))
            for name in _by_digest(replaced)
            if name not in seen.texts  # an import that was stopped knows it already
        }
        if is_other and is_older:
            texts[version_digest(_version(theirs))] = earlier_texts.bound(theirs, stamp)
        after = earlier_texts.kept(after, texts, past.listed.values())
    return replace(_with_past(merged, past, mine, theirs), seen=after)


def _decided(stamp: Stamp, seen: Seen) -> frozenset[str]:
    """Return the parts that no edit changes, where states tell which source knows them better."""
    return OF_ALL_TEXTS if _are_known(stamp, seen) else NO_PARTS


def _is_other(mine: Parts, theirs: Parts, stamp: Stamp, seen: Seen) -> bool:
    """Tell whether a source has other words; excerpts lose spaces, which make no other."""
    if stamp.is_whole and seen.of(TEXT).is_whole:
        return digest(mine[TEXT]) != digest(theirs[TEXT])
    return _words(mine) != _words(theirs)


def _is_outdated(mine: Parts, theirs: Parts, past: Past, stamp: Stamp, seen: Seen) -> bool:
    """Tell whether a source's words are known to be from before those that stand."""
    if _are_known(stamp, seen):
        return is_text_outdated(stamp, seen.of(WORDS))
    return _is_older(mine, theirs, past)


def _outdated(
    mine: Parts, written: Parts, stamp: Stamp, seen: Seen, is_edit: bool
) -> frozenset[str]:
    """Return the parts of which a better source is known; an edit brings all of its text."""
    is_same_kind = stamp.is_whole and bool(stamp.kind) and stamp.kind == seen.of(TEXT).kind
    names = {*mine, *written, *TELLING, *(OF_THE_TEXT if is_same_kind else ())}
    worse = frozenset([name for name in names if is_part_outdated(stamp, seen.of(name))])
    return worse - (OF_THE_TEXT - OF_ALL_TEXTS) if is_edit else worse


def _not_risen(mine: Parts, theirs: Parts, stamp: Stamp, seen: Seen) -> frozenset[str]:
    """Return the counts of an excerpt of a known state that are lower: of two, they are older.

    A page whose newest post stays is saved again and again, and nothing else tells which is newer.
    """
    if stamp.is_whole or not stamp.as_of or stamp != seen.of(COUNTS):
        return NO_PARTS
    if COUNTS not in mine or COUNTS not in theirs or height(mine[COUNTS]) <= height(theirs[COUNTS]):
        return NO_PARTS
    return frozenset((COUNTS,))


def _telling(stamp: Stamp, is_other: bool, seen: Seen) -> frozenset[str]:
    """Return the parts that a source denies by leaving them out.

    What belongs to a text comes from one source: that which has other words, or a newer state of
    the one that the text is from. Another kind of source may only know less of the same words.
    """
    if not stamp.is_whole:
        return BOUND if is_other else NO_PARTS
    is_same_kind = stamp.kind == seen.of(TEXT).kind and bool(stamp.kind)
    return TELLING | (OF_THE_TEXT - {TEXT}) if is_other or is_same_kind else TELLING


def _differ(stamp: Stamp, seen: Seen) -> bool:
    """Tell whether two sources are known to be of different states."""
    return _are_known(stamp, seen) and stamp.as_of != seen.of(WORDS).as_of


def _are_known(stamp: Stamp, seen: Seen) -> bool:
    return bool(stamp.as_of and seen.of(WORDS).as_of)


def _with_versions(
    after: Seen, replaced: Sequence[Parts], upstream: Sequence[Parts], seen: Seen, stamp: Stamp
) -> Seen:
    """Take down in which states earlier texts were first reported, where states are known."""
    old = {version_digest(v): seen.of(WORDS).as_of for v in replaced}
    new = {version_digest(v): stamp.as_of for v in upstream}
    known = {k: v for k, v in first_seen(old, new).items() if v}
    return replace(after, versions=first_seen(after.versions, known))


def _with_past(merged: Merged, past: Past, mine: Parts, theirs: Parts) -> Merged:
    """Put earlier versions where a line has them; as they were where none came or went."""
    same = past.listed == _by_digest(versions(mine))
    listed: Json = mine.get(HISTORY) if same else [*past.listed.values()]
    found: Parts = merged.parts | ({HISTORY: listed} if listed else {})
    names = {**theirs, **mine, **found}
    parts = {name: found[name] for name in names if name in found}
    digests = merged.written | ({HISTORY: [*past.told]} if past.told else {})
    return Merged(parts, in_order(digests, parts), merged.conflicts, merged.is_older)


def _version(post: Parts) -> Parts:
    """Return the text of a post's parts as a version: its characters, and since when."""
    body = str(post[TEXT])
    parsed = richtext.from_markdown(body)
    version: Parts = {"text": parsed.text if parsed else richtext.plain(body)}
    since = post.get(EDITED) or post.get("created_at")
    return version | {"created_at": since} if isinstance(since, str) else version


def _is_older(mine: Parts, theirs: Parts, past: Past) -> bool:
    """Tell whether a source's text is known to be from before the one that stands.

    A source that knows of no edit is so where its text is one of those before the edit.
    """
    after, before = _instant(mine.get(EDITED)), _instant(theirs.get(EDITED))
    if after is not None and before is not None:
        return before < after
    if EDITED in theirs or EDITED not in mine:
        return False
    return version_digest(_version(theirs)) in {*past.listed, *past.told}


def _words(post: Parts) -> str:
    """Return the characters of a text without what is lost at its ends."""
    return " ".join(str(_version(post)["text"]).split())


def _now(parts: Parts) -> Parts:
    """Return the parts, or their digests, without the earlier versions."""
    return {name: value for name, value in parts.items() if name != HISTORY}


def _told(written: Parts) -> tuple[str, ...]:
    listed = written.get(HISTORY)
    return tuple([str(name) for name in listed]) if isinstance(listed, list) else ()


def _by_digest(listed: Iterable[Parts]) -> dict[str, Parts]:
    return {version_digest(version): version for version in listed}


def _each_once(told: Iterable[str], *more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*told, *(name for names in more for name in names)]))


def _by_time(listed: dict[str, Parts], states: Mapping[str, str]) -> dict[str, Parts]:
    """Sort versions by their time and then by the states of their sources, where each has one.

    Without either they are in the order in which they came.
    """
    order = sorted(listed, key=states.__getitem__) if listed.keys() <= states.keys() else [*listed]
    times = {name: _instant(version.get("created_at")) for name, version in listed.items()}
    if None not in times.values():
        order = sorted(order, key=lambda name: times[name] or 0.0)
    return {name: listed[name] for name in order}


def _instant(value: Json) -> float | None:
    return timestamps.instant(value) if isinstance(value, str) else None
