"""Merge threads of which a source has only other counts: their files need not be parsed.

A nightly import brings thousands of these. What is not certain is left to the general merge, whose
rules for counts are used here, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.content.changeset.file_changes import FileChanges
from sitegen.content.changeset.new_files import NewFile
from sitegen.content.changeset.provenance import Provenance
from sitegen.content.format.draft import Parts, as_object
from sitegen.content.format.recorded import COUNTS, Recorded, is_same_but_counts
from sitegen.content.identity import derived_id_form
from sitegen.content.imported.stamps import Seen, Stamp
from sitegen.content.merge.post_merge import merge_counts
from sitegen.content.merge.post_parts import PostParts


class CountMerge:
    """Merges the counts of threads whose text and records are already those of the source."""

    def __init__(self, files: FileChanges, sources: Provenance) -> None:
        self._files = files
        self._sources = sources
        self._unread: dict[str, NewFile] = {}

    def leave_unread(self, path: str, new: NewFile) -> bool:
        """Leave a file with the text of a new one unparsed if only the counts may differ."""
        if not self._files.has_all_but_counts(new) or derived_id_form.QUOTED.search(new.text):
            return False
        self._files.record_other_counts(path, new)
        self._unread[path] = new
        return True

    def merge(self, paths: Sequence[str], new: NewFile, stamp: Stamp) -> bool:
        """Merge the counts of a thread; return False if more than these may change."""
        if len(paths) != 1 or paths[0] not in self._unread:
            return False
        path, files = paths[0], self._files
        if not files.is_unread(path) or files.text(path) != new.text:
            return False
        known = files.recorded_of(path)
        posts = {
            key[1]: self._merge_post(key[1], known, new.recorded, self._sources.seen(key), stamp)
            for key in new.keys
        }
        merged = {identity: post for identity, post in posts.items() if post}
        if known.fields != new.recorded.fields or len(merged) < len(posts):
            return False
        self._take(path, new, merged)
        return True

    def _merge_post(
        self, identity: str, known: Recorded, new: Recorded, seen: Seen, stamp: Stamp
    ) -> PostParts | None:
        """Merge the counts of a post; None if other parts of it may change."""
        digests = known.posts.get(identity, {})
        if not is_same_but_counts(digests, new.posts[identity]):
            return None
        own: Parts = {COUNTS: known.counts[identity]} if identity in known.counts else {}
        return merge_counts(PostParts(own, digests, seen), new.counts.get(identity), stamp)

    def _take(self, path: str, new: NewFile, posts: dict[str, PostParts]) -> None:
        counts = {
            i: as_object(post.parts[COUNTS]) for i, post in posts.items() if COUNTS in post.parts
        }
        digests = {identity: post.recorded for identity, post in posts.items()}
        self._files.set_recorded(path, Recorded(new.recorded.fields, digests, counts))
        self._sources.take(new.thread[0], {i: post.seen for i, post in posts.items()})
