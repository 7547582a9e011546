"""Merge a post of a file with the same post of a source, step by step.

First the two texts are compared; then the current parts are merged; then the earlier versions.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET, Struct
from msgspec.structs import replace

from sitegen.content.format.draft import TEXT, Parts, digest
from sitegen.content.format.recorded import COUNTS, HISTORY, version_digest, versions
from sitegen.content.imported.stamps import (
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
from sitegen.content.merge.part_merge import MergedParts, Sides, merge_parts
from sitegen.content.merge.post_parts import NO_PARTS, PostParts, count_rank, keep_hidden
from sitegen.content.post_media import media_parts
from sitegen.model import Json

# A post's line omits these if they follow from the thread or the text, or do not apply any more.
REMOVABLE = frozenset(("author", "facets", "links", "reply_to", "uncertain", "vanished"))
# What belongs to one version of the text only.
OF_THE_TEXT = (REMOVABLE - {"vanished"}) | {TEXT, EDITED, "mentions", "tags", "cut_links"}
# Of these, what no edit changes: the better source counts, whichever text is newer.
OF_ALL_TEXTS = frozenset(("author", "reply_to"))
# Of these, what even an excerpt with other words removes by leaving it out.
BOUND = frozenset(("facets", "links", EDITED, "mentions", "tags", "cut_links"))


class Comparison(Struct, frozen=True):
    """A post of a file (`mine`) and of a source (`theirs`), and how their texts relate.

    `stamp` is the state of the source. `is_persons` means that a person wrote the file's text,
    `is_other` that the source has other words, `is_older` that these are known to be older.
    """

    mine: PostParts
    theirs: Parts
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
    mine: PostParts, theirs: Parts, stamp: Stamp = UNKNOWN, *, is_news: bool
) -> MergedParts:
    """Merge a post's parts; a text that an edit upstream replaces becomes an earlier version.

    Of two texts, that of the newer source wins, by `mine.seen` and `stamp`; if these are unknown,
    the one with the later `edited_at`, else the last one. `is_news` is false if the current text
    came from this same import.
    """
    past = history.history_of(mine)
    both, restored = _restore_text(_compare(mine, theirs, stamp, past), past)
    merged = _merge_current(both, restored)
    has_history = {HISTORY, EDITED} & (mine.parts.keys() | theirs.keys())
    if mine.parts[TEXT] == both.theirs[TEXT] and not has_history:
        return merged
    return replace(merged, post=_merge_history(both, past, merged.post, is_news))


def _compare(mine: PostParts, theirs: Parts, stamp: Stamp, past: VersionHistory) -> Comparison:
    """Compare the texts of a post; an excerpt never replaces what a person wrote."""
    is_persons = bool(mine.recorded) and not mine.is_untouched(TEXT)
    is_other = _is_other(mine, theirs, stamp)
    is_older = _is_outdated(mine, theirs, past, stamp)
    if is_persons and not stamp.is_whole:
        is_other = is_older = True
    return Comparison(mine, theirs, stamp, is_persons, is_other, is_older)


def _restore_text(both: Comparison, past: VersionHistory) -> tuple[Comparison, Bound | None]:
    """Complete an excerpt whose words are those of an earlier text; return also its source."""
    if not both.is_edit or both.stamp.is_whole:
        return both, None
    words, texts = words_of(both.theirs), both.mine.seen.texts
    known = earlier_texts.restore(both.theirs, past.listed.values(), words, texts)
    return (replace(both, theirs=known[0]), known[1]) if known else (both, None)


def _merge_current(both: Comparison, restored: Bound | None) -> MergedParts:
    """Merge all parts but the earlier versions."""
    stamp, seen = both.stamp, both.mine.seen
    own = _with_current_counts(keep_hidden(both.theirs, both.mine).without((HISTORY,)))
    bound = OF_THE_TEXT - _fixed_parts(stamp, seen) if both.is_earlier else NO_PARTS
    other = {k: v for k, v in both.theirs.items() if k != HISTORY and k not in bound}
    outdated = bound | _outdated_parts(own, stamp, is_edit=both.is_edit)
    outdated |= _lower_counts(own, other, stamp)
    removable = _removable_parts(stamp, both.is_other, seen)
    merged = merge_parts(own, other, removable=removable, outdated=outdated)
    parts = merged.post.parts
    taken = media_parts.without_lost_alts(parts, other).keys() - outdated
    sources = combine(seen, stamp, taken, parts.keys() - taken)
    if restored:
        sources = from_source(sources, restored.at, {TEXT, *restored.parts} & taken)
    return replace(merged, post=replace(merged.post, seen=sources), is_older=both.is_older)


def merge_counts(mine: PostParts, theirs: Json, stamp: Stamp) -> PostParts | None:
    """Merge the counts of a post whose other parts are as recorded, and the source's, too.

    `mine` has only counts, but the digests of all parts; `theirs` are the source's counts or None.
    None is returned if this source may change more: the earlier texts, or what depends on which
    text is newer.
    """
    names = mine.recorded.keys() - {COUNTS}
    has_history = not names.isdisjoint((HISTORY, EDITED))
    is_older = _are_known(stamp, mine.seen) and is_text_outdated(stamp, mine.seen.of(WORDS))
    was_deleted = COUNTS in mine.recorded and COUNTS not in mine.parts
    if has_history or is_older or was_deleted:
        return None
    other: Parts = {} if theirs is None else {COUNTS: theirs}
    own = _with_current_counts(mine)
    outdated = _outdated_parts(own, stamp, is_edit=False) | _lower_counts(own, other, stamp)
    counts = Sides(own, other, outdated=outdated).merge(COUNTS)
    taken = (names | other.keys()) - outdated
    parts: Parts = {} if counts.value is UNSET else {COUNTS: counts.value}
    sources = combine(mine.seen, stamp, taken, (names | parts.keys()) - taken)
    recorded: Parts = {} if counts.digest is None else {COUNTS: counts.digest}
    return PostParts(parts, mine.recorded | recorded, sources)


def _with_current_counts(post: PostParts) -> PostParts:
    """Return a post whose counts are as written, since nobody edits counts."""
    return post.write(COUNTS, post.parts[COUNTS]) if COUNTS in post.parts else post


def _merge_history(
    both: Comparison, past: VersionHistory, post: PostParts, is_news: bool
) -> PostParts:
    """Add the versions that the source lists, and the text that was replaced or came too late."""
    past = past.set_created(both.mine.parts.get(CREATED), post.parts.get(CREATED))
    sources = post.seen
    if not both.is_other or not both.is_persons:
        past, sources = _add_versions(both, past, post, is_news)
    with_history = history.set_history(post, past, both.mine.parts, both.theirs)
    return replace(with_history, seen=sources)


def _add_versions(
    both: Comparison, past: VersionHistory, post: PostParts, is_news: bool
) -> tuple[VersionHistory, Seen]:
    seen, stamp, current = both.mine.seen, both.stamp, version_of(post.parts)
    is_new_state = is_news or _differ(stamp, seen)
    created = {CREATED: post.parts.get(CREATED)}
    is_replaced = both.is_edit and is_new_state
    replaced = [version_of(both.mine.parts | created)] if is_replaced else []
    is_late = both.is_earlier and (is_new_state or not _are_known(stamp, seen))
    upstream = versions(both.theirs) + ([version_of(both.theirs | created)] if is_late else [])
    if both.is_edit:
        past = past.without(current)
    sources = _with_versions(post.seen, replaced, upstream, seen, stamp)
    past = past.merge(replaced, upstream, current, sources.versions)
    texts = {
        name: earlier_texts.bind(both.mine.parts, seen.of(TEXT))
        for name in history.by_digest(replaced)
        if name not in seen.texts  # an interrupted import has recorded it already
    }
    if both.is_earlier:
        texts[version_digest(version_of(both.theirs))] = earlier_texts.bind(both.theirs, stamp)
    return past, earlier_texts.remember(sources, texts, past.listed.values())


def _fixed_parts(stamp: Stamp, seen: Seen) -> frozenset[str]:
    """Return the parts that no edit changes, if states show which source knows them better."""
    return OF_ALL_TEXTS if _are_known(stamp, seen) else NO_PARTS


def _is_other(mine: PostParts, theirs: Parts, stamp: Stamp) -> bool:
    """Return whether a source has other words; spaces, which excerpts lose, are ignored."""
    if stamp.is_whole and mine.seen.of(TEXT).is_whole:
        return digest(mine.parts[TEXT]) != digest(theirs[TEXT])
    return words_of(mine.parts) != words_of(theirs)


def _is_outdated(mine: PostParts, theirs: Parts, past: VersionHistory, stamp: Stamp) -> bool:
    """Return whether a source's words are known to be older than the current ones."""
    if _are_known(stamp, mine.seen):
        return is_text_outdated(stamp, mine.seen.of(WORDS))
    return history.is_older(mine.parts, theirs, past)


def _outdated_parts(mine: PostParts, stamp: Stamp, *, is_edit: bool) -> frozenset[str]:
    """Return the parts for which a better source is known; an edit replaces all parts of a text."""
    seen = mine.seen
    is_same_kind = stamp.is_whole and bool(stamp.kind) and stamp.kind == seen.of(TEXT).kind
    names = {*mine.parts, *mine.recorded, *REMOVABLE, *(OF_THE_TEXT if is_same_kind else ())}
    if seen.parts:
        names = {name for name in names if is_part_outdated(stamp, seen.of(name))}
    elif not is_part_outdated(stamp, seen.at):  # all parts have one source
        return NO_PARTS
    worse = frozenset(names)
    return worse - (OF_THE_TEXT - OF_ALL_TEXTS) if is_edit else worse


def _lower_counts(mine: PostParts, theirs: Parts, stamp: Stamp) -> frozenset[str]:
    """Return `counts` if an excerpt of the same state has lower ones, which are then older.

    A page is saved repeatedly while its newest post stays the same, and nothing else shows which
    copy is newer.
    """
    if stamp.is_whole or not stamp.as_of or stamp != mine.seen.of(COUNTS):
        return NO_PARTS
    if COUNTS not in mine.parts or COUNTS not in theirs:
        return NO_PARTS
    is_lower = count_rank(theirs[COUNTS]) < count_rank(mine.parts[COUNTS])
    return frozenset((COUNTS,)) if is_lower else NO_PARTS


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
