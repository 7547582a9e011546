"""The changes of an import to the files of content/, collected before any is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen import files
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.changeset import new_files, relocation_journal
from sitegen.content.changeset.new_files import Key
from sitegen.content.format import thread_file
from sitegen.content.format.draft import Parts
from sitegen.content.format.recorded import HISTORY, Recorded, settle
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported import fingerprints
from sitegen.content.imported.record_lines import JournalLine, PostLine, ThreadLine
from sitegen.content.imported.recorded_parts import RecordedParts, thread_of
from sitegen.content.merge import lead_post
from sitegen.content.merge.rewrite import NewText
from sitegen.model import Post


class Conflict(Struct, frozen=True):
    """Parts changed by both a person and the source; the source's version is in `upstream`."""

    path: Path
    upstream: Path
    parts: tuple[str, ...]


class Difference(Struct, frozen=True):
    """Parts that differ from the source's in a file of which nothing was recorded: they stay."""

    path: Path
    parts: tuple[str, ...]


class FileChanges:
    """The texts of files before and after (None: deleted), and the file of each post.

    `beside` are the conflict files to write, `steps` the order in which posts are moved.
    """

    def __init__(self, index: ArchiveIndex) -> None:
        self.folder = folder = index.folder
        self._index = index
        self.recorded: dict[str, Recorded] = {}
        self._unparsed: dict[str, new_files.NewFile] = {}
        self._known = RecordedParts(index.records, index.counts)
        self.before: dict[str, str] = {}
        self.texts: dict[str, str | None] = {}
        self.of_post: dict[Key, str] = {}
        self.beside: dict[str, str] = {}
        self.conflicts: list[Conflict] = []
        self.differences: dict[str, Difference] = {}
        self.step_lines: list[JournalLine] = []
        self.steps = relocation_journal.Steps(folder)
        self._parsed: dict[str, ThreadFile] = {}

    def text(self, path: str) -> str | None:
        """Return the pending text of a file, or else the one it has."""
        return self.texts[path] if path in self.texts else self.before.get(path)

    def file(self, path: str) -> ThreadFile:
        """Return a thread's parsed file in its pending state."""
        if path not in self._parsed:
            text, recorded = self.text(path) or "", self.recorded.get(path)
            self._parsed[path] = (
                self._with_records(path, text)
                if recorded is None
                else (thread_file.read(path, text, recorded))
            )
        return self._parsed[path]

    def digests(self, network: str, identity: str) -> Parts:
        """Return the digests of a post as last imported; empty if it is unknown."""
        return self._known.posts[network].get(identity, {})

    def recorded_of(self, path: str) -> Recorded:
        """Return the digests to be recorded for a thread's file."""
        recorded = self.recorded.get(path) if path not in self._parsed else None
        return recorded if recorded is not None else self.file(path).recorded

    def settled_digests(self, path: str, identity: str) -> Parts:
        """Return the digests of a post, one for each part that is as one of several was."""
        digests = self.recorded_of(path).posts.get(identity, {})
        return settle(self.file(path).parts_of(identity), digests) if _is_open(digests) else digests

    def as_recorded(self, path: str, identity: str, digests: Parts) -> Post | None:
        """Return a post of a file; None if a person edited its text or time."""
        return fingerprints.as_recorded(self.file(path), identity, digests)

    def settled_front(self, path: str) -> Parts:
        """Return the digests of a file's front matter, likewise."""
        digests = self.recorded_of(path).fields
        return settle(self.file(path).fields, digests) if _is_open(digests) else digests

    def record_step(self, path: str) -> None:
        """Record the digests that a file has in between, as an import may be stopped there."""
        if self.text(path) is None:
            return
        file, (network, thread) = self.file(path), self.thread_of(path)
        first = next(iter(file.records))
        self.step_lines.append(JournalLine(thread=ThreadLine(network, first, file.recorded.fields)))
        for identity in file.records:
            digests = file.recorded.posts.get(identity, {})
            line = PostLine(network, identity, thread, digests=digests)
            self.step_lines.append(JournalLine(post=line))

    def is_new_archive(self) -> bool:
        """Return whether content/ has no threads, no profiles and no records of them yet."""
        index, records = self._index, self._index.records
        known = records.posts or records.threads or records.profiles
        return not (known or index.texts or index.profiles)

    def thread_of(self, path: str) -> Key:
        """Return the network and id of the thread of a file."""
        if path in self._unparsed and path not in self._parsed:
            return self._unparsed[path].thread
        return thread_of(self.file(path))

    def first_post(self, path: str) -> Key:
        """Return the first post of a file, under which its front matter is recorded."""
        if path in self._unparsed and path not in self._parsed:
            return self._unparsed[path].keys[0]
        file = self.file(path)
        return file.network, next(iter(file.records))

    def _with_records(self, path: str, text: str) -> ThreadFile:
        """Parse a file, with the digests that were recorded for it."""
        is_stored = self._index.texts.get(path) == text
        file = self._index.file(path) if is_stored else thread_file.read(path, text)
        return replace(file, recorded=self._known.of_file(file))

    def has_exactly(self, paths: Sequence[str], new: new_files.NewFile) -> bool:
        """Return whether one of these files has all that a new one would have."""
        if len(paths) != 1 or self.text(paths[0]) != new.text:
            return False
        counts = self.recorded_of(paths[0]).counts
        return all(counts.get(i) == new.recorded.counts.get(i) for _, i in new.keys)

    def has_counts(self, new: new_files.NewFile) -> bool:
        """Return whether the counts of a new file's posts are those that are stored."""
        known = self._known.counts[new.thread[0]]
        return all(known.get(i) == new.recorded.counts.get(i) for _, i in new.keys)

    def has_all_but_counts(self, new: new_files.NewFile) -> bool:
        """Return whether the records of a new file are those stored, apart from the counts."""
        return self._known.has(new.thread, new.recorded)

    def record_unread(self, path: str, new: new_files.NewFile) -> None:
        """Record a file that has exactly the text that an import would give it."""
        network, fronts = new.thread[0], self._known.fronts
        posts = {i: self.digests(network, i) | of for i, of in new.recorded.posts.items()}
        front = fronts.get(new.keys[0], {}) | new.recorded.fields
        self._leave_unread(path, new, Recorded(front, posts, new.recorded.counts))

    def record_other_counts(self, path: str, new: new_files.NewFile) -> None:
        """Record a file that has the text and the records of a new one, but other counts."""
        network, ids = new.thread[0], new.recorded.posts
        counts = self._known.counts[network]
        known = Recorded(
            new.recorded.fields,
            {identity: self.digests(network, identity) for identity in ids},
            {identity: counts[identity] for identity in ids if identity in counts},
        )
        self._leave_unread(path, new, known)

    def _leave_unread(self, path: str, new: new_files.NewFile, recorded: Recorded) -> None:
        self.before[path] = new.text  # share equal texts
        self.recorded[path] = recorded
        self._unparsed[path] = new

    def is_unread(self, path: str) -> bool:
        """Return whether a file has the text of a new one and was not parsed."""
        return path in self._unparsed and path not in self._parsed

    def set_recorded(self, path: str, recorded: Recorded) -> None:
        """Set what is recorded of a file that was not parsed, and whose text stays."""
        self.texts[path], self.recorded[path] = self.before[path], recorded

    def confirm(self, path: str, new: new_files.NewFile) -> None:
        """Record that a file has exactly the text that an import would give it."""
        self.texts[path] = new.text
        if path not in self._parsed:
            return  # nothing but a new file is not parsed by now
        file = self.file(path)
        posts = {i: file.recorded.posts.get(i, {}) | p for i, p in new.recorded.posts.items()}
        recorded = Recorded(file.recorded.fields | new.recorded.fields, posts, new.recorded.counts)
        self._parsed[path] = replace(file, recorded=recorded)

    def record(self, path: str, text: str) -> ThreadFile:
        """Record the text of a thread's file. Raises ContentError if it is broken or too old."""
        self.before[path] = text
        file = self.file(path)
        thread_file.refuse_version_1(path, file.head)
        return file

    def add(self, path: str, new: NewText, keys: Iterable[Key]) -> None:
        """Add a new file with a thread's posts."""
        self.texts[path] = new.text
        self.recorded[path] = new.recorded
        self._parsed.pop(path, None)
        self.of_post.update(dict.fromkeys(keys, path))

    def add_all(self, new: Sequence[new_files.NewFile]) -> bool:
        """Add new files at once if the folder is empty and their posts and names are unique.

        Return False otherwise: the files must then be merged one by one.
        """
        if self.before or self.texts:
            return False
        of_post = {key: file.path for file in new for key in file.keys}
        texts = {file.path: file.text for file in new}
        if len(of_post) < sum([len(file.keys) for file in new]) or len(texts) < len(new):
            return False
        self.of_post.update(of_post)
        self.texts.update(texts)
        self.recorded.update({file.path: file.recorded for file in new})
        self._unparsed.update({file.path: file for file in new})
        return True

    def change(self, file: ThreadFile) -> None:
        """Replace a thread's file by a changed one."""
        self.texts[file.path] = file.text
        self._parsed[file.path] = file
        self.of_post.update({(file.network, identity): file.path for identity in file.records})

    def remove_posts(self, file: ThreadFile, rest: ThreadFile | None) -> None:
        """Replace a file that lost posts; None deletes it.

        Its front matter is updated at once: later, the author of posts that name none would be
        unknown.
        """
        if rest is not None:
            self.change(rest)
            self.change(lead_post.update_front_matter(rest, next(iter(file.records))))
            return
        self.texts[file.path] = None
        del self._parsed[file.path]

    def add_conflict(self, path: str, text: str, parts: tuple[str, ...]) -> None:
        """Report parts that both a person and the source changed.

        If nothing was recorded of the file's posts, everything counts as the person's.
        """
        if self._is_any_recorded(path):
            self.save_upstream(path, text, parts)
        else:
            self.add_difference(path, parts)

    def save_upstream(self, path: str, text: str, parts: tuple[str, ...]) -> None:
        """Write the source's version beside a file, and report it."""
        upstream = f"{path}.upstream"
        self.beside[upstream] = text
        self.conflicts.append(Conflict(Path(path), Path(upstream), parts))

    def add_difference(self, path: str, parts: tuple[str, ...]) -> None:
        """Report parts of an unrecorded file that differ from the source's."""
        known = self.differences[path].parts if path in self.differences else ()
        self.differences[path] = Difference(Path(path), tuple(dict.fromkeys((*known, *parts))))

    def _is_any_recorded(self, path: str) -> bool:
        """Return whether earlier imports recorded any post of a file."""
        file = self.file(path)
        posts = self._known.posts[file.network]
        return any(posts.get(identity) for identity in file.records)

    def save_beside(self, file: ThreadFile, into: Path) -> None:
        """Save a file's text beside it; earlier such files are never overwritten."""
        names = new_files.candidate_names(f"{file.path}.joined")
        beside = next(name for name in names if self._may_hold(name, file.text))
        if beside not in self.beside:
            self.beside[beside] = file.text
            what = (f"what you wrote in {Path(file.path).name}, whose posts it now has",)
            self.conflicts.append(Conflict(into, Path(beside), what))

    def _may_hold(self, path: str, text: str) -> bool:
        """Return whether a name beside a file is free for a text, or already has it."""
        if path in self.beside:
            return self.beside[path] == text
        if not os.path.lexists(path):
            return True
        return os.path.isfile(path) and files.read(path) == text.encode()


def _is_open(digests: Parts) -> bool:
    """Return whether a part has several digests; a history has one for each version."""
    if list not in map(type, digests.values()):  # nearly always
        return False
    return any(isinstance(of, list) and name != HISTORY for name, of in digests.items())
