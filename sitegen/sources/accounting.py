"""Account for every record of a source: it becomes a post, or it is excluded for a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from sitegen.errors import SitegenError
from sitegen.model import Profile, Thread
from sitegen.sources import Exclusion, Imported, Oddity, Reason, Repair


class Accounting:
    """Collects what the import of one source has to report.

    `records` counts records when they are read, whatever becomes of them, so that `check` notices
    one that was lost on the way. Notes are reported once, oddities and repairs with their counts.
    """

    def __init__(self) -> None:
        self.records = 0
        self.exclusions: list[Exclusion] = []
        self.oddities: Counter[str] = Counter()
        self.repairs: Counter[str] = Counter()
        self._notes: dict[str, None] = {}

    def exclude(self, record: str, reason: Reason, detail: str = "") -> None:
        """Exclude a record, which is counted elsewhere."""
        self.exclusions.append(Exclusion(record, reason, detail))

    def count_excluded(self, record: str, reason: Reason, detail: str = "") -> None:
        """Count a record, and exclude it."""
        self.records += 1
        self.exclude(record, reason, detail)

    def count_all_excluded(self, exclusions: Collection[Exclusion]) -> None:
        """Count records that are excluded."""
        self.records += len(exclusions)
        self.exclusions += exclusions

    def note(self, *notes: str) -> None:
        """Add notes that a person should read before publishing."""
        self._notes.update(dict.fromkeys(notes))

    def include(self, part: Imported) -> None:
        """Add the accounting of a part of the source."""
        self.records += part.records
        self.exclusions += part.exclusions
        self.oddities.update({oddity.what: oddity.count for oddity in part.oddities})
        self.repairs.update({repair.kind: repair.count for repair in part.repairs})
        self.note(*part.notes)

    def report(
        self, found: str, threads: Sequence[Thread], profiles: Sequence[Profile] = ()
    ) -> Imported:
        """Return the import of a source that is `found`, with these threads and profiles."""
        return Imported(
            found=found,
            records=self.records,
            threads=tuple(threads),
            profiles=tuple(profiles),
            exclusions=tuple(self.exclusions),
            repairs=tuple([Repair(kind, count) for kind, count in self.repairs.items()]),
            notes=tuple(self._notes),
            oddities=tuple([Oddity(what, n) for what, n in sorted(self.oddities.items())]),
        )


def check(imported: Imported, source: str | Path) -> Imported:
    """Check that every record became a post or an exclusion. Raises SitegenError."""
    posts = sum(len(thread.posts) for thread in imported.threads)
    if imported.records != posts + len(imported.exclusions):
        raise SitegenError(
            f"{imported.records} records became {posts} posts and "
            f"{len(imported.exclusions)} exclusions: some were lost",
            path=source,
            hint="this is a bug in sitegen; nothing was written. Please report it.",
        )
    return imported
