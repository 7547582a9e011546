"""What a post said before: an edit upstream keeps the earlier text, unless a person is at it.

A line's `history` lists the versions before the one that stands, oldest first, none twice and
not that one. What was ever put there is remembered by its digest, so that what a person deletes
from it stays away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from sitegen import moments, richtext
from sitegen.content.draft import TEXT, Parts, digest
from sitegen.content.parts import (
    HISTORY,
    Merged,
    in_order,
    merge_parts,
    ordered,
    version_digest,
    versions,
)
from sitegen.model import Json

EDITED = "edited_at"
# A post's line leaves these out where they are as the thread or the text says, or no more.
TELLING = frozenset(("author", "facets", "links", "reply_to", "uncertain", "vanished"))
# What belongs to one text, and is none of another version's.
OF_THE_TEXT = TELLING | {TEXT, EDITED, "mentions", "tags", "cut_links"}


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

    def joined(self, replaced: Iterable[Parts], upstream: Sequence[Parts], stands: Parts) -> Past:
        """Add the text that was replaced, and what a source tells in its order; what is new."""
        kept = {version_digest(stands), *self.told} - self.listed.keys()
        last = {n: v for n, v in _by_digest(replaced).items() if n not in kept}
        came = {n: v for n, v in _by_digest(upstream).items() if n not in kept}
        if not (last.keys() | came.keys()) - self.listed.keys():
            return Past(self.listed, _each_once(self.told, last, came))
        found = last | came | self.listed
        order = ordered([*self.listed, *(n for n in last if n not in self.listed)], [*came])
        return Past(_by_time({n: found[n] for n in order}), _each_once(self.told, last, came))


def merge_post(mine: Parts, theirs: Parts, written: Parts, is_news: bool) -> Merged:
    """Merge a post's parts; the text that an edit upstream replaces becomes an earlier version.

    Of two texts the one with the later `edited_at` stands, the last one where that cannot be
    told. It is no news where the text that stands came with this same import.
    """
    if mine[TEXT] == theirs[TEXT] and not {HISTORY, EDITED} & (mine.keys() | theirs.keys()):
        return merge_parts(mine, theirs, written, TELLING)
    past = Past(_by_digest(versions(mine)), _told(written))
    own, other, base = _now(mine), _now(theirs), _now(written)
    is_older = _is_older(mine, theirs, past)
    is_other = digest(mine[TEXT]) != digest(theirs[TEXT])
    if is_older:
        merged = filled(own, other, base)
    else:
        merged = merge_parts(own, other, base, TELLING.union({EDITED} if is_other else ()))
    if not is_other or digest(mine[TEXT]) == written.get(TEXT):  # else it is a person's
        upstream = versions(theirs)
        stands = _version(merged.parts)
        if is_other and not is_older:
            past = past.without(stands)
        replaced = [_version(mine)] if is_other and is_news and not is_older else []
        upstream += [_version(theirs)] if is_other and is_older else []
        past = past.joined(replaced, upstream, stands)
    return _with_past(merged, past, mine, theirs)


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


def tells_no_more(mine: Parts, theirs: Parts, written: Parts) -> bool:
    """Tell whether an excerpt has the characters that stand, or a person's stand."""
    return (
        TEXT in mine
        and bool(written)
        and (digest(mine[TEXT]) != written.get(TEXT) or _words(mine) == _words(theirs))
    )


def _words(post: Parts) -> str:
    """Return the characters of a text without what is lost at its ends."""
    return " ".join(str(_version(post)["text"]).split())


def filled(mine: Parts, theirs: Parts, written: Parts) -> Merged:
    """Take from an older source only what nobody knew, and nothing that is about its text."""
    known = mine.keys() | written.keys() | OF_THE_TEXT
    new = {name: value for name, value in theirs.items() if name not in known}
    digests: Parts = {name: digest(value) for name, value in new.items()}
    return Merged(mine | new, written | digests, is_older=True)


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


def _by_time(listed: dict[str, Parts]) -> dict[str, Parts]:
    """Sort versions by their time where each has one; else they are as they came."""
    times = {name: _instant(version.get("created_at")) for name, version in listed.items()}
    if None in times.values():
        return listed
    return {name: listed[name] for name in sorted(listed, key=lambda name: times[name] or 0.0)}


def _instant(value: Json) -> float | None:
    return moments.instant(value) if isinstance(value, str) else None
