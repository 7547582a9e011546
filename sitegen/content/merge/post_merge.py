"""Merge a post of a file with the same post of a source, step by step.

First the two texts are compared; then the current parts are merged; then the earlier versions.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.content.format.draft import TEXT, Parts, digest
from sitegen.content.format.recorded import is_recorded
from sitegen.content.imported.stamps import (
    NEVER,
    UNKNOWN,
    WORDS,
    Bound,
    Seen,
    Stamp,
    combine,
    first_seen,
    from_source,
    is_part_outdated,
    is_text_outdated,
)
from sitegen.content.merge import earlier_texts, history
from sitegen.content.merge.history import CREATED, EDITED, VersionHistory, version_of, words_of
from sitegen.content.merge.parts import (
    COUNTS,
    HISTORY,
    MergedParts,
    count_rank,
    keep_hidden,
    merge_parts,
    version_digest,
    versions,
)
from sitegen.content.post_media import media_parts

# A post's line omits these if they follow from the thread or the text, or do not apply any more.
REMOVABLE = frozenset(("author", "facets", "links", "reply_to", "uncertain", "vanished"))
# What belongs to one version of the text only.
OF_THE_TEXT = (REMOVABLE - {"vanished"}) | {TEXT, EDITED, "mentions", "tags", "cut_links"}
# Of these, what no edit changes: the better source counts, whichever text is newer.
OF_ALL_TEXTS = frozenset(("author", "reply_to"))
# Of these, what even an excerpt with other words removes by leaving it out.
BOUND = frozenset(("facets", "links", EDITED, "mentions", "tags", "cut_links"))
NO_PARTS: frozenset[str] = frozenset()


class Comparison(Struct, frozen=True):
    """A post of a file (`mine`) and of a source (`theirs`), and how their texts relate.

    `written` are the digests of what was last imported, `seen` the sources of the file's parts,
    `stamp` the state of the source. `is_persons` means that a person wrote the file's text,
    `is_other` that the source has other words, `is_older` that these are known to be older.
    """

    mine: Parts
    theirs: Parts
    written: Parts
    seen: Seen
    stamp: Stamp
    is_persons: bool
    is_other: bool
    is_older: bool

    @property
    def is_edit(self) -> bool:
        """Whether the source has newer words."""
        return self.is_other and not self.is_older

    @property
    def is_earlier(self) -> bool:
        """Whether the source has older words."""
        return self.is_other and self.is_older


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
    past = history.history_of(mine, written)
    both = _compare(mine, theirs, written, past, seen, stamp)
    both, restored = _restore_text(both, past)
    merged = _merge_current(both, restored)
    if mine[TEXT] == both.theirs[TEXT] and not {HISTORY, EDITED} & (mine.keys() | theirs.keys()):
        return merged
    return _merge_history(both, past, merged, is_news)


def _compare(
    mine: Parts, theirs: Parts, written: Parts, past: VersionHistory, seen: Seen, stamp: Stamp
) -> Comparison:
    """Compare the texts of a post; an excerpt never replaces what a person wrote."""
    is_persons = bool(written) and not is_recorded(written.get(TEXT), digest(mine[TEXT]))
    is_other = _is_other(mine, theirs, stamp, seen)
    is_older = _is_outdated(mine, theirs, past, stamp, seen)
    if is_persons and not stamp.is_whole:
        is_other = is_older = True
    return Comparison(mine, theirs, written, seen, stamp, is_persons, is_other, is_older)


def _restore_text(both: Comparison, past: VersionHistory) -> tuple[Comparison, Bound | None]:
    """Complete an excerpt whose words are those of an earlier text; return also its source."""
    if not both.is_edit or both.stamp.is_whole:
        return both, None
    words, texts = words_of(both.theirs), both.seen.texts
    known = earlier_texts.restore(both.theirs, past.listed.values(), words, texts)
    return (replace(both, theirs=known[0]), known[1]) if known else (both, None)


def _merge_current(both: Comparison, restored: Bound | None) -> MergedParts:
    """Merge all parts but the earlier versions."""
    seen, stamp = both.seen, both.stamp
    own, other = _without_history(both.mine), _without_history(both.theirs)
    base = _without_history(keep_hidden(both.theirs, both.mine, both.written))
    base |= {COUNTS: digest(own[COUNTS])} if COUNTS in own else {}  # nobody edits counts
    bound = OF_THE_TEXT - _fixed_parts(stamp, seen) if both.is_earlier else NO_PARTS
    other = {name: value for name, value in other.items() if name not in bound}
    outdated = _outdated_parts(own, base, stamp, seen, both.is_edit)
    outdated |= bound | _lower_counts(own, other, stamp, seen)
    merged = merge_parts(own, other, base, _removable_parts(stamp, both.is_other, seen), outdated)
    taken = media_parts.without_lost_alts(merged.parts, other).keys() - outdated
    sources = combine(seen, stamp, taken, merged.parts.keys() - taken)
    if restored:
        sources = from_source(sources, restored.at, {TEXT, *restored.parts} & taken)
    return replace(merged, is_older=both.is_older, seen=sources)


def _merge_history(
    both: Comparison, past: VersionHistory, merged: MergedParts, is_news: bool
) -> MergedParts:
    """Add the versions that the source lists, and the text that was replaced or came too late."""
    past = past.set_created(both.mine.get(CREATED), merged.parts.get(CREATED))
    sources = merged.seen
    if not both.is_other or not both.is_persons:
        past, sources = _add_versions(both, past, merged, is_news)
    return replace(history.set_history(merged, past, both.mine, both.theirs), seen=sources)


def _add_versions(
    both: Comparison, past: VersionHistory, merged: MergedParts, is_news: bool
) -> tuple[VersionHistory, Seen]:
    seen, stamp, current = both.seen, both.stamp, version_of(merged.parts)
    is_new_state = is_news or _differ(stamp, seen)
    created = {CREATED: merged.parts.get(CREATED)}
    replaced = [version_of(both.mine | created)] if both.is_edit and is_new_state else []
    is_late = both.is_earlier and (is_new_state or not _are_known(stamp, seen))
    upstream = versions(both.theirs) + ([version_of(both.theirs | created)] if is_late else [])
    if both.is_edit:
        past = past.without(current)
    sources = _with_versions(merged.seen, replaced, upstream, seen, stamp)
    past = past.merge(replaced, upstream, current, sources.versions)
    texts = {
        name: earlier_texts.bind(both.mine, seen.of(TEXT))
        for name in history.by_digest(replaced)
        if name not in seen.texts  # an interrupted import has recorded it already
    }
    if both.is_earlier:
        texts[version_digest(version_of(both.theirs))] = earlier_texts.bind(both.theirs, stamp)
    return past, earlier_texts.remember(sources, texts, past.listed.values())


def _fixed_parts(stamp: Stamp, seen: Seen) -> frozenset[str]:
    """Return the parts that no edit changes, if states show which source knows them better."""
    return OF_ALL_TEXTS if _are_known(stamp, seen) else NO_PARTS


def _is_other(mine: Parts, theirs: Parts, stamp: Stamp, seen: Seen) -> bool:
    """Return whether a source has other words; spaces, which excerpts lose, are ignored."""
    if stamp.is_whole and seen.of(TEXT).is_whole:
        return digest(mine[TEXT]) != digest(theirs[TEXT])
    return words_of(mine) != words_of(theirs)


def _is_outdated(
    mine: Parts, theirs: Parts, past: VersionHistory, stamp: Stamp, seen: Seen
) -> bool:
    """Return whether a source's words are known to be older than the current ones."""
    if _are_known(stamp, seen):
        return is_text_outdated(stamp, seen.of(WORDS))
    return history.is_older(mine, theirs, past)


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


def _without_history(parts: Parts) -> Parts:
    """Return parts, or their digests, without the earlier versions."""
    return {name: value for name, value in parts.items() if name != HISTORY}
