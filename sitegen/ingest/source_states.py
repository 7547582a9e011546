"""The state (stamp) of each source: the time that it states, or that of its newest post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.changeset import late_sources
from sitegen.content.imported import import_records
from sitegen.content.imported.record_lines import AccountLine
from sitegen.content.imported.stamps import Stamp, normalise
from sitegen.ingest import withheld
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Privacy, Profile
from sitegen.sources import Imported

Key = tuple[str, str]
Stamped = tuple[Imported, Stamp]
MAX_UTC_OFFSET = timedelta(hours=14)  # the largest offset from UTC


def stamp(source: Imported) -> Stamp:
    """Return the stamp of a source: its time, whether it is complete, and its kind.

    A source without time zones, such as the text of a page, may be half a day off: it counts as
    that much older, and as incomplete.
    """
    if source.until:
        return Stamp(normalise(source.until), not source.is_excerpt, source.found)
    newest = _newest_time(source)
    if newest is None:
        return Stamp("", not source.is_excerpt, source.found)
    newest = newest.replace(second=0, microsecond=0)  # some feeds have no seconds
    if newest.tzinfo is None:
        return Stamp(_earliest_time(newest), False, source.found)
    return Stamp(normalise(newest.isoformat()), not source.is_excerpt, source.found)


def _earliest_time(time: datetime) -> str:
    try:
        return normalise((time - MAX_UTC_OFFSET).isoformat())
    except OverflowError:  # in year 1
        return ""


def pair_with_stamps(read_sources: Sequence[ReadSource], stamps: Sequence[Stamp]) -> list[Stamped]:
    """Return each source with its state."""
    return [(source.imported, stamp) for source, stamp in zip(read_sources, stamps, strict=True)]


def thread_stamps(sources: Sequence[Stamped]) -> tuple[Stamp, ...]:
    """Return the stamp of each thread, excerpts last, in the order of `resolve_authors`."""
    ordered = sorted(sources, key=lambda pair: pair[0].is_excerpt)
    return tuple(
        [
            stamp
            for source, source_stamp in ordered
            for stamp in [source_stamp] * len(source.threads)
        ]
    )


def stamped_profiles(
    sources: Sequence[Stamped], owners: Mapping[Key, Author]
) -> list[tuple[Profile, Stamp]]:
    """Return the profiles of all sources, the newest last; of equal states, the first source wins.

    A profile with only a handle belongs to the account that had this handle.
    """
    stamped = [(p, stamp) for source, stamp in sources for p in source.profiles]
    resolved = [(_resolve_owner(p, owners), stamp) for p, stamp in stamped]
    resolved.reverse()
    return sorted(resolved, key=lambda pair: (pair[1].is_whole, pair[1].as_of))


def _resolve_owner(profile: Profile, owners: Mapping[Key, Author]) -> Profile:
    if profile.id != profile.handle:
        return profile
    owner = owners.get((profile.network, profile.id.casefold()))
    return replace(profile, id=owner.id) if owner and owner.id else profile


def account_lines(sources: Sequence[Stamped]) -> list[AccountLine]:
    """Return the records of complete accounts and their withheld posts, and of privacy."""
    complete = [
        AccountLine(network, account, stamp.as_of, _withheld_digests(source, network, account))
        for source, stamp in sources
        for network, account in source.complete
    ]
    stated_privacy = [pair for source, _ in sources for pair in source.privacy.items()]
    return complete + [AccountLine(*key, privacy=privacy) for key, privacy in stated_privacy]


def _withheld_digests(source: Imported, network: str, account: str) -> tuple[str, ...]:
    names = withheld.ids(source, account)
    return tuple(sorted({late_sources.name_digest(network, name) for name in names}))


def known_privacy(folder: Path) -> dict[tuple[str, str], Privacy]:
    """Return the privacy of accounts recorded by earlier imports. Raises ContentError."""
    lines = import_records.accounts(folder).values()
    return {(line.network, line.id): line.privacy for line in lines if line.privacy}


def _newest_time(source: Imported) -> datetime | None:
    """Return the time of the newest post or edit; the source is at least that new."""
    posts = [post for thread in source.threads for post in thread.posts]
    texts = {time for post in posts for time in (post.created_at, post.edited_at) if time}
    times = [time for time in map(timestamps.parse, texts) if time]
    return max(times, key=timestamps.seconds, default=None)
