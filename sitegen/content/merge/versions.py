"""Earlier versions of posts: an edit upstream keeps the earlier text, unless a person edited it.

A line's `history` lists the versions before the current one, oldest first, without duplicates.
The digest of each version that was ever listed is recorded, so that what a person deletes
from it stays away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.format.draft import TEXT, Parts, digest
from sitegen.content.format.recorded import is_recorded
from sitegen.content.imported.stamps import (
    NEVER,
    UNKNOWN,
    WORDS,
    Seen,
    Stamp,
    combine,
    first_seen,
    from_source,
    is_part_outdated,
    is_text_outdated,
)
from sitegen.content.merge import earlier_texts
from sitegen.content.merge.parts import (
    COUNTS,
    HISTORY,
    MergedParts,
    count_rank,
    insert_new,
    keep_hidden,
    merge_parts,
    sort_digests,
    version_digest,
    versions,
)
from sitegen.content.post_media import media_parts
from sitegen.model import Json
from sitegen.text import richtext

EDITED, CREATED = "edited_at", "created_at"
# A post's line omits these if they follow from the thread or the text, or do not apply any more.
REMOVABLE = frozenset(("author", "facets", "links", "reply_to", "uncertain", "vanished"))
# What belongs to one version of the text only.
OF_THE_TEXT = (REMOVABLE - {"vanished"}) | {TEXT, EDITED, "mentions", "tags", "cut_links"}
# Of these, what no edit changes: the better source counts, whichever text is newer.
OF_ALL_TEXTS = frozenset(("author", "reply_to"))
# Of these, what even an excerpt with other words removes by leaving it out.
BOUND = frozenset(("facets", "links", EDITED, "mentions", "tags", "cut_links"))
NO_PARTS: frozenset[str] = frozenset()


class VersionHistory(Struct, frozen=True):
    """Earlier versions by digest, oldest first, and the digests of all that were ever recorded."""

    listed: dict[str, Parts]
    recorded: tuple[str, ...]

    def without(self, version: Parts) -> VersionHistory:
        """Remove a version that is current again."""
        name = version_digest(version)
        if name not in self.listed:
            return self
        listed = {each: v for each, v in self.listed.items() if each != name}
        return VersionHistory(listed, tuple([each for each in self.recorded if each != name]))

    def set_created(self, before: Json, created: Json) -> VersionHistory:
        """Correct the time of first versions to that of the post, which a source knows better."""
        if before == created or before is None or created is None:
            return self
        listed = {
            name: version | {CREATED: created} if version.get(CREATED) == before else version
            for name, version in self.listed.items()
        }
        return VersionHistory(listed, self.recorded)

    def merge(
        self,
        replaced: Iterable[Parts],
        upstream: Sequence[Parts],
        current: Parts,
        states: Mapping[str, str],
    ) -> VersionHistory:
        """Add new versions: the replaced text, and those that a source lists, in its order.

        `states` are the states of the sources that first reported a version.
        """
        kept = {version_digest(current), *self.recorded} - self.listed.keys()
        last = {n: v for n, v in _by_digest(replaced).items() if n not in kept}
        came = {n: v for n, v in _by_digest(upstream).items() if n not in kept}
        if not (last.keys() | came.keys()) - self.listed.keys():
            return VersionHistory(self.listed, _unique(self.recorded, last, came))
        found = last | came | self.listed
        order = insert_new([*self.listed, *(n for n in last if n not in self.listed)], [*came])
        sorted_versions = _by_time({n: found[n] for n in order}, states)
        return VersionHistory(sorted_versions, _unique(self.recorded, last, came))


def merge_post(
    mine: Parts,
    theirs: Parts,
    written: Parts,
    is_news: bool,
    seen: Seen = NEVER,
    stamp: Stamp = UNKNOWN,
) -> MergedParts:
    """Merge a post's parts; a text that an edit upstream replaces becomes an earlier version.

    Of two texts, that of the newer source wins, by `seen` and `stamp`; if these are unknown, the
    one with the later `edited_at`, else the last one. `is_news` is false if the current text
    came from this same import.
    """
    past = VersionHistory(_by_digest(versions(mine)), _recorded_digests(written))
    is_persons = bool(written) and not is_recorded(written.get(TEXT), digest(mine[TEXT]))
    is_other = _is_other(mine, theirs, stamp, seen)
    is_older = _is_outdated(mine, theirs, past, stamp, seen)
    if is_persons and not stamp.is_whole:
        is_other = is_older = True  # an excerpt never replaces what a person wrote
    known = None
    if is_other and not (is_older or stamp.is_whole):
        known = earlier_texts.restore(theirs, past.listed.values(), _words(theirs), seen.texts)
    theirs, text_from = known or (theirs, None)
    own, other, base = _now(mine), _now(theirs), _now(keep_hidden(theirs, mine, written))
    base |= {COUNTS: digest(mine[COUNTS])} if COUNTS in mine else {}  # nobody edits counts
    bound = OF_THE_TEXT - _fixed_parts(stamp, seen)
    if is_other and is_older:
        other = {name: value for name, value in other.items() if name not in bound}
    outdated = _outdated_parts(own, base, stamp, seen, is_other and not is_older)
    outdated |= bound if is_older and is_other else NO_PARTS
    outdated |= _lower_counts(own, other, stamp, seen)
    merged = merge_parts(own, other, base, _removable_parts(stamp, is_other, seen), outdated)
    taken = media_parts.without_lost_alts(merged.parts, other).keys() - outdated
    after = combine(seen, stamp, taken, merged.parts.keys() - taken)
    if text_from:
        after = from_source(after, text_from.at, {TEXT, *text_from.parts} & taken)
    merged = replace(merged, is_older=is_older, seen=after)
    if mine[TEXT] == theirs[TEXT] and not {HISTORY, EDITED} & (mine.keys() | theirs.keys()):
        return merged
    past = past.set_created(mine.get(CREATED), merged.parts.get(CREATED))
    if not is_other or not is_persons:
        is_edit = is_news or _differ(stamp, seen)
        upstream = versions(theirs)
        current = _version(merged.parts)
        if is_other and not is_older:
            past = past.without(current)
        created = {CREATED: merged.parts.get(CREATED)}
        replaced = [_version(mine | created)] if is_other and is_edit and not is_older else []
        is_edit = is_edit or not _are_known(stamp, seen)
        upstream += [_version(theirs | created)] if is_other and is_older and is_edit else []
        after = _with_versions(after, replaced, upstream, seen, stamp)
        past = past.merge(replaced, upstream, current, after.versions)
        texts = {
            name: earlier_texts.bind(mine, seen.of(TEXT))
            for name in _by_digest(replaced)
            if name not in seen.texts  # an interrupted import has recorded it already
        }
        if is_other and is_older:
            texts[version_digest(_version(theirs))] = earlier_texts.bind(theirs, stamp)
        after = earlier_texts.remember(after, texts, past.listed.values())
    return replace(_with_past(merged, past, mine, theirs), seen=after)


def _fixed_parts(stamp: Stamp, seen: Seen) -> frozenset[str]:
    """Return the parts that no edit changes, if states show which source knows them better."""
    return OF_ALL_TEXTS if _are_known(stamp, seen) else NO_PARTS


def _is_other(mine: Parts, theirs: Parts, stamp: Stamp, seen: Seen) -> bool:
    """Return whether a source has other words; spaces, which excerpts lose, are ignored."""
    if stamp.is_whole and seen.of(TEXT).is_whole:
        return digest(mine[TEXT]) != digest(theirs[TEXT])
    return _words(mine) != _words(theirs)


def _is_outdated(
    mine: Parts, theirs: Parts, past: VersionHistory, stamp: Stamp, seen: Seen
) -> bool:
    """Return whether a source's words are known to be older than the current ones."""
    if _are_known(stamp, seen):
        return is_text_outdated(stamp, seen.of(WORDS))
    return _is_older(mine, theirs, past)


def _outdated_parts(
    mine: Parts, written: Parts, stamp: Stamp, seen: Seen, is_edit: bool
) -> frozenset[str]:
    """Return the parts for which a better source is known; an edit replaces all parts of a text."""
    is_same_kind = stamp.is_whole and bool(stamp.kind) and stamp.kind == seen.of(TEXT).kind
    names = {*mine, *written, *REMOVABLE, *(OF_THE_TEXT if is_same_kind else ())}
    worse = frozenset([name for name in names if is_part_outdated(stamp, seen.of(name))])
    return worse - (OF_THE_TEXT - OF_ALL_TEXTS) if is_edit else worse


def _lower_counts(mine: Parts, theirs: Parts, stamp: Stamp, seen: Seen) -> frozenset[str]:
    """Return `counts` if an excerpt of the same state has lower ones, which are then older.

    A page is saved repeatedly while its newest post stays the same, and nothing else shows which
    copy is newer.
    """
    if stamp.is_whole or not stamp.as_of or stamp != seen.of(COUNTS):
        return NO_PARTS
    if (
        COUNTS not in mine
        or COUNTS not in theirs
        or count_rank(mine[COUNTS]) <= count_rank(theirs[COUNTS])
    ):
        return NO_PARTS
    return frozenset((COUNTS,))


def _removable_parts(stamp: Stamp, is_other: bool, seen: Seen) -> frozenset[str]:
    """Return the parts that a source removes by leaving them out.

    What belongs to a text comes from one source: one with other words, or a newer state of the
    text's own source. Another kind of source may just know less about the same words.
    """
    if not stamp.is_whole:
        return BOUND if is_other else NO_PARTS
    is_same_kind = stamp.kind == seen.of(TEXT).kind and bool(stamp.kind)
    return REMOVABLE | (OF_THE_TEXT - {TEXT}) if is_other or is_same_kind else REMOVABLE


def _differ(stamp: Stamp, seen: Seen) -> bool:
    """Return whether two sources are known to have different states."""
    return _are_known(stamp, seen) and stamp.as_of != seen.of(WORDS).as_of


def _are_known(stamp: Stamp, seen: Seen) -> bool:
    return bool(stamp.as_of and seen.of(WORDS).as_of)


def _with_versions(
    after: Seen, replaced: Sequence[Parts], upstream: Sequence[Parts], seen: Seen, stamp: Stamp
) -> Seen:
    """Record the states in which earlier texts were first reported, where known."""
    old = {version_digest(v): seen.of(WORDS).as_of for v in replaced}
    new = {version_digest(v): stamp.as_of for v in upstream}
    known = {k: v for k, v in first_seen(old, new).items() if v}
    return replace(after, versions=first_seen(after.versions, known))


def _with_past(
    merged: MergedParts, past: VersionHistory, mine: Parts, theirs: Parts
) -> MergedParts:
    """Set the earlier versions of a post; its history is unchanged if no version changed."""
    same = past.listed == _by_digest(versions(mine))
    listed: Json = mine.get(HISTORY) if same else [*past.listed.values()]
    found: Parts = merged.parts | ({HISTORY: listed} if listed else {})
    names = {**theirs, **mine, **found}
    parts = {name: found[name] for name in names if name in found}
    digests = merged.written | ({HISTORY: [*past.recorded]} if past.recorded else {})
    return MergedParts(parts, sort_digests(digests, parts), merged.conflicts, merged.is_older)


def _version(post: Parts) -> Parts:
    """Return a post's text as a version: its characters, and its time."""
    body = str(post[TEXT])
    parsed = richtext.from_markdown(body)
    version: Parts = {"text": parsed.text if parsed else richtext.plain(body)}
    since = post.get(EDITED) or post.get("created_at")
    return version | {"created_at": since} if isinstance(since, str) else version


def _is_older(mine: Parts, theirs: Parts, past: VersionHistory) -> bool:
    """Return whether a source's text is known to be older than the current one.

    If the source knows of no edit, that is so if its text is one of the earlier versions.
    """
    after, before = _instant(mine.get(EDITED)), _instant(theirs.get(EDITED))
    if after is not None and before is not None:
        return before < after
    if EDITED in theirs or EDITED not in mine:
        return False
    return version_digest(_version(theirs)) in {*past.listed, *past.recorded}


def _words(post: Parts) -> str:
    """Return the words of a text, separated by single spaces."""
    return " ".join(str(_version(post)["text"]).split())


def _now(parts: Parts) -> Parts:
    """Return parts, or their digests, without the earlier versions."""
    return {name: value for name, value in parts.items() if name != HISTORY}


def _recorded_digests(written: Parts) -> tuple[str, ...]:
    listed = written.get(HISTORY)
    return tuple([str(name) for name in listed]) if isinstance(listed, list) else ()


def _by_digest(listed: Iterable[Parts]) -> dict[str, Parts]:
    return {version_digest(version): version for version in listed}


def _unique(recorded: Iterable[str], *more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*recorded, *(name for names in more for name in names)]))


def _by_time(listed: dict[str, Parts], states: Mapping[str, str]) -> dict[str, Parts]:
    """Sort versions by time, then by the states of their sources, if every version has one.

    Otherwise their order is unchanged.
    """
    order = sorted(listed, key=states.__getitem__) if listed.keys() <= states.keys() else [*listed]
    times = {name: _instant(version.get("created_at")) for name, version in listed.items()}
    if None not in times.values():
        order = sorted(order, key=lambda name: times[name] or 0.0)
    return {name: listed[name] for name in order}


def _instant(value: Json) -> float | None:
    return timestamps.instant(value) if isinstance(value, str) else None
