"""The inbox: attach files that a person adds to the posts that lack them.

A file is matched by the id of its post and its number (`ID-1.jpg`), by its digest if that is how
the source named it, by its name, or by its name without the extension, in this order. Ambiguous
matches are reported, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen import durable_files
from sitegen.content import content_folder, media_patch
from sitegen.errors import SourceError
from sitegen.media.attach import kind_of_stored
from sitegen.media.inbox_files import InboxFile, MatchIndex, find_inbox_files
from sitegen.media.missing import MissingMedia, Survey, survey_media
from sitegen.media.store import RejectedFile, Store, StoredFile
from sitegen.model import Media


class Match(Struct, frozen=True):
    """A file to attach: its name in the inbox, the media of the post, its path in content/."""

    name: str
    media: MissingMedia
    path: str


class AmbiguousMatch(Struct, frozen=True):
    """Files and media that match each other in more than one way."""

    names: tuple[str, ...]
    media: tuple[MissingMedia, ...]


class InboxPlan(Struct, frozen=True):
    """The changes that the inbox makes: new bytes by content file, and the outcome of each file.

    `known` are the bytes that these files had when they were read, `already_attached` are files
    that an earlier run attached, `unused` those that no post lacks, `still_missing` the media that
    have no file.
    """

    folder: Path
    changes: dict[str, bytes]
    known: dict[str, bytes]
    files: tuple[tuple[InboxFile, StoredFile], ...]
    matches: tuple[Match, ...]
    ambiguous: tuple[AmbiguousMatch, ...]
    refused: tuple[RejectedFile, ...]
    already_attached: tuple[str, ...]
    unused: tuple[str, ...]
    still_missing: tuple[MissingMedia, ...]


def plan_inbox(folder: Path, inbox: Path) -> InboxPlan:
    """Match the files of the inbox with the media that content/ lacks; nothing is written.

    Raises ContentError, and SourceError for an inbox that cannot be read.
    """
    matcher = _Matcher(folder, survey_media(folder), tuple(find_inbox_files(inbox)))
    matcher.match()
    return matcher.plan()


def write_plan(plan: InboxPlan) -> None:
    """Store the files and write the planned changes; the caller holds the import lock.

    After an interruption nothing is lost, and the next run does the rest. Raises OSError, and
    SourceError or ContentError for a file that changed meanwhile.
    """
    store = Store(plan.folder)
    with store.batch():
        for file, measured in plan.files:
            stored = store.add(file.attachment())
            if not isinstance(stored, StoredFile) or stored.path != measured.path:
                hint = "run the command again."
                raise SourceError("changed while it was read", path=file.path, hint=hint)
    durable_files.write_durably(plan.changes.items(), plan.folder, plan.known)


class _Matcher:
    """Matches the files of the inbox with missing media."""

    def __init__(self, folder: Path, survey: Survey, inbox_files: Sequence[InboxFile]) -> None:
        self.folder = folder
        self.survey = survey
        self.inbox_files = {file.name: file for file in inbox_files}
        self.store = Store(folder)
        self.ambiguous: list[AmbiguousMatch] = []
        self.refused: dict[str, RejectedFile] = {}
        self.matches: list[Match] = []
        self.stored: dict[str, StoredFile] = {}

    def match(self) -> None:
        """Assign each file to the media that it matches, if that is unambiguous."""
        index = MatchIndex(tuple(self.inbox_files.values()), self.survey.origins)
        doubtful: dict[str, list[MissingMedia]] = defaultdict(list)
        for media in self.survey.missing:
            candidates = index.find_candidates(media)
            if len({file.digest for file in candidates.files}) > 1:
                self.ambiguous.append(
                    AmbiguousMatch(tuple(f.name for f in candidates.files), (media,))
                )
            elif candidates.is_ambiguous:
                doubtful[candidates.files[0].name].append(media)
            elif candidates.files:
                self._assign(candidates.files[0], media)
        self.ambiguous += [
            AmbiguousMatch((name,), tuple(media_list)) for name, media_list in doubtful.items()
        ]

    def _assign(self, file: InboxFile, media: MissingMedia) -> None:
        result = self.stored.get(file.name) or self.store.preview_add(file.attachment())
        if isinstance(result, RejectedFile):
            self.refused[file.name] = result
        elif result.kind == "file" and media.kind != "file":
            self.refused[file.name] = RejectedFile(file.name, f"is no {media.kind}")
        else:
            self.stored[file.name] = result
            self.matches.append(Match(file.name, media, result.path))

    def plan(self) -> InboxPlan:
        """Return the plan for the matches."""
        changes = dict(self._changes())
        assigned = {*self.stored, *self.refused, *(n for a in self.ambiguous for n in a.names)}
        unassigned = [name for name in self.inbox_files if name not in assigned]
        already_attached = tuple(
            name for name in unassigned if self._is_stored(self.inbox_files[name])
        )
        patched = {_media_key(match.media) for match in self.matches}
        return InboxPlan(
            folder=self.folder,
            changes={path: data for path, (_, data) in changes.items()},
            known={path: data for path, (data, _) in changes.items()},
            files=tuple((self.inbox_files[name], stored) for name, stored in self.stored.items()),
            matches=tuple(self.matches),
            ambiguous=tuple(self.ambiguous),
            refused=tuple(self.refused.values()),
            already_attached=already_attached,
            unused=tuple(name for name in unassigned if name not in already_attached),
            still_missing=tuple(m for m in self.survey.missing if _media_key(m) not in patched),
        )

    def _is_stored(self, file: InboxFile) -> bool:
        result = self.store.preview_add(file.attachment())
        known_paths = self.survey.paths.union(stored.path for stored in self.stored.values())
        return isinstance(result, StoredFile) and result.path in known_paths

    def _changes(self) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
        """Yield the content files to change, with their bytes before and after."""
        patched: dict[str, dict[str, dict[int, Media]]] = defaultdict(lambda: defaultdict(dict))
        for match in self.matches:
            kind = kind_of_stored(match.media.kind, self.stored[match.name])
            post_media = patched[str(match.media.file)][match.media.post]
            post_media[match.media.number - 1] = Media(kind, match.path)
        for path, posts in patched.items():
            data = content_folder.read_bytes(path)
            yield path, (data, media_patch.patch_media(path, data, posts))


def _media_key(media: MissingMedia) -> tuple[Path, str, int]:
    return media.file, media.post, media.number
