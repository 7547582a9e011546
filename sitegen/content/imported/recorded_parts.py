"""What was recorded of the parts of a thread's file, wherever people moved it or its posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from msgspec import to_builtins

from sitegen.content.format.draft import Parts, as_object, digest, drop_null
from sitegen.content.format.recorded import (
    HISTORY,
    Recorded,
    is_same_but_counts,
    unite,
    version_digest,
    versions,
)
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported.import_records import ImportRecords
from sitegen.content.imported.record_lines import threads_of
from sitegen.model import Counts, Json

Key = tuple[str, str]


class RecordedParts:
    """The digests of posts and of front matter, and the counts, of all files.

    `posts` and `counts` are by network and id; `fronts` by the first post of a file.
    """

    def __init__(self, records: ImportRecords, counts: Mapping[Key, Counts]) -> None:
        self.fronts = records.threads
        self._lines = records.posts
        self._histories = records.histories
        self._of_threads: dict[Key, Parts] | None = None
        self.posts: dict[str, dict[str, Parts]] = defaultdict(dict)
        for (network, identity), line in records.posts.items():
            self.posts[network][identity] = line.digests
        self.counts: dict[str, dict[str, Parts]] = defaultdict(dict)
        for (network, identity), of in counts.items():
            self.counts[network][identity] = as_object(drop_null(to_builtins(of)))

    def of_file(self, file: ThreadFile) -> Recorded:
        """Return what was recorded of a file's parts."""
        network, front = file.network, self._front_of(file)
        posts: Mapping[str, Parts] = self.posts[network]
        if new := self._new_histories(network, file):
            posts = {**posts, **new}
        return Recorded(front, posts, self.counts[network])

    def has(self, thread: Key, recorded: Recorded) -> bool:
        """Return whether exactly these digests, or others of counts, are those of a thread's file.

        No person moved or deleted its posts, and no source without ids has added to them.
        """
        network, identity = thread
        first = network, next(iter(recorded.posts))
        return (
            self.fronts.get(first) == recorded.fields
            and first in self._lines
            and threads_of(self._lines[first]) == (identity,)
            and all(self._has_post((network, i), of) for i, of in recorded.posts.items())
        )

    def _has_post(self, key: Key, digests: Parts) -> bool:
        line = self._lines.get(key)
        if not line or line.moved or line.deleted or line.seen.pages or line.seen.handle:
            return False
        return is_same_but_counts(line.digests, digests)

    def _new_histories(self, network: str, file: ThreadFile) -> dict[str, Parts]:
        """Return the digests of posts whose earlier texts an interrupted import has written.

        Those that it has not written yet are left out: no person deleted them.
        """
        found: dict[str, Parts] = {}
        for identity in file.records if self._histories else ():
            listed = {version_digest(version) for version in versions(file.records[identity])}
            digests = self.posts[network].get(identity, {})
            known = self._histories.get((network, identity), ())
            new: list[Json] = [name for name in known if name in listed]
            found[identity] = unite(digests, {HISTORY: new}) if new else digests
        return found

    def _front_of(self, file: ThreadFile) -> Parts:
        """Return the digests of a file's front matter.

        It may have another first post than before: a person moved that one away, put another one
        first, or copied the front matter of another file of the thread, which has its id.
        """
        network, identity = thread_of(file)
        first = network, next(iter(file.records))
        front, line = self.fronts.get(first, {}), self._lines.get(first)
        if front and line and threads_of(line) == (identity,):
            return front
        if self._of_threads is None:
            self._of_threads = _by_thread(self.fronts)
        return unite(front, self._of_threads.get((network, digest(identity)), {}))


def thread_of(file: ThreadFile) -> Key:
    """Return the network and id of a file's thread, which is its first post if it names none."""
    identity = file.fields.get("id") or next(iter(file.records))
    return file.network, str(identity)


def _by_thread(fronts: Mapping[Key, Parts]) -> dict[Key, Parts]:
    """Unite the digests of the front matter of all files of a thread, by its id's digest."""
    found: dict[Key, Parts] = {}
    for (network, _), digests in fronts.items():
        listed = digests.get("id")
        for identity in listed if isinstance(listed, list) else [listed]:
            key = network, str(identity)
            found[key] = unite(found.get(key, {}), digests)
    return found
