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
from sitegen.content.format.draft import TEXT, Parts
from sitegen.content.format.recorded import (
    HISTORY,
    recorded_versions,
    version_digest,
    versions,
)
from sitegen.content.merge.order import insert_new
from sitegen.content.merge.post_parts import PostParts
from sitegen.model import Json
from sitegen.text import richtext

EDITED, CREATED = "edited_at", "created_at"


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
        last = {n: v for n, v in by_digest(replaced).items() if n not in kept}
        came = {n: v for n, v in by_digest(upstream).items() if n not in kept}
        if not (last.keys() | came.keys()) - self.listed.keys():
            return VersionHistory(self.listed, _unique(self.recorded, last, came))
        found = last | came | self.listed
        order = insert_new([*self.listed, *(n for n in last if n not in self.listed)], [*came])
        sorted_versions = _by_time({n: found[n] for n in order}, states)
        return VersionHistory(sorted_versions, _unique(self.recorded, last, came))


def history_of(post: PostParts) -> VersionHistory:
    """Return the earlier versions that a post lists, and those that were ever recorded."""
    return VersionHistory(by_digest(versions(post.parts)), recorded_versions(post.recorded))


def is_older(mine: Parts, theirs: Parts, past: VersionHistory) -> bool:
    """Return whether a source's text is known to be older than the current one.

    If the source knows of no edit, that is so if its text is one of the earlier versions.
    """
    after, before = _instant(mine.get(EDITED)), _instant(theirs.get(EDITED))
    if after is not None and before is not None:
        return before < after
    if EDITED in theirs or EDITED not in mine:
        return False
    return version_digest(version_of(theirs)) in {*past.listed, *past.recorded}


def set_history(post: PostParts, past: VersionHistory, mine: Parts, theirs: Parts) -> PostParts:
    """Set the earlier versions of a post; its history is unchanged if no version changed.

    `mine` and `theirs` have the parts in the order in which they are written.
    """
    same = past.listed == by_digest(versions(mine))
    listed: Json = mine.get(HISTORY) if same else [*past.listed.values()]
    parts: Parts = post.parts | ({HISTORY: listed} if listed else {})
    parts = {name: parts[name] for name in {**theirs, **mine, **parts} if name in parts}
    recorded = post.recorded | ({HISTORY: [*past.recorded]} if past.recorded else {})
    return replace(post, parts=parts, recorded=recorded)


def version_of(post: Parts) -> Parts:
    """Return a post's text as a version: its characters, and its time."""
    body = str(post[TEXT])
    parsed = richtext.from_markdown(body)
    version: Parts = {"text": parsed.text if parsed else richtext.plain(body)}
    since = post.get(EDITED) or post.get("created_at")
    return version | {"created_at": since} if isinstance(since, str) else version


def words_of(post: Parts) -> str:
    """Return the words of a text, separated by single spaces."""
    return " ".join(str(version_of(post)["text"]).split())


def by_digest(listed: Iterable[Parts]) -> dict[str, Parts]:
    """Return versions by their digests."""
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
