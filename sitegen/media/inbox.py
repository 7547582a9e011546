"""The inbox: files that a source lacked and a person has, to be attached to their posts.

A file is matched by its post's id and number (`ID-1.jpg`), by its digest if the source named it
so, by its name, or by its name without the extension, in this order. Ambiguous matches are
reported, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen import durable_files
from sitegen.content import content_folder, media_patch
from sitegen.errors import SourceError
from sitegen.media.attach import shown_kind
from sitegen.media.inbox_files import Fits, InboxFile, find_inbox_files
from sitegen.media.missing import MissingMedia, Survey, survey_media
from sitegen.media.store import RejectedFile, Store, StoredFile
from sitegen.model import Media


class Match(Struct, frozen=True):
    """A file that is attached to a post: its name in the inbox, the post's media, its new path."""

    name: str
    media: MissingMedia
    path: str


class Ambiguous(Struct, frozen=True):
    """Files and media that match each other in more than one way."""

    names: tuple[str, ...]
    media: tuple[MissingMedia, ...]


class InboxPlan(Struct, frozen=True):
    """The changes that the inbox makes: new bytes by content file, and the outcome of each file.

    `known` are the bytes that these files had when they were read, `before` are files that an
    earlier run attached, `unused` those that no post lacks.
    """

    folder: Path
    changes: dict[str, bytes]
    known: dict[str, bytes]
    files: tuple[tuple[InboxFile, StoredFile], ...]
    done: tuple[Match, ...]
    ambiguous: tuple[Ambiguous, ...]
    refused: tuple[RejectedFile, ...]
    before: tuple[str, ...]
    unused: tuple[str, ...]
    left: tuple[MissingMedia, ...]


def plan_inbox(folder: Path, inbox: Path) -> InboxPlan:
    """Match the files of the inbox with the media that content/ lacks; nothing is written.

    Raises ContentError, and SourceError for an inbox that cannot be read.
    """
    matcher = _Matcher(folder, survey_media(folder), tuple(find_inbox_files(inbox)))
    matcher.match()
    return matcher.plan()


def carry_out(plan: InboxPlan) -> None:
    """Store the files and write the planned changes; the caller holds the import lock.

    If it is interrupted, nothing is lost and the next run does the rest. Raises OSError, and
    SourceError or ContentError for a file that changed meanwhile.
    """
    store = Store(plan.folder)
    with store.batch():
        for file, measured in plan.files:
            taken = store.take(file.attachment())
            if not isinstance(taken, StoredFile) or taken.path != measured.path:
                hint = "run it again when it is at rest."
                raise SourceError("changed while it was read", path=file.path, hint=hint)
    durable_files.write_durably(plan.changes.items(), plan.folder, plan.known)


class _Matcher:
    """Matches the files of the inbox with missing media."""

    def __init__(self, folder: Path, survey: Survey, dropped: Sequence[InboxFile]) -> None:
        self.folder = folder
        self.survey = survey
        self.dropped = {file.name: file for file in dropped}
        self.store = Store(folder)
        self.ambiguous: list[Ambiguous] = []
        self.refused: dict[str, RejectedFile] = {}
        self.done: list[Match] = []
        self.taken: dict[str, StoredFile] = {}

    def match(self) -> None:
        """Assign each file to the media that it matches, if that is unambiguous."""
        fits = Fits(tuple(self.dropped.values()), self.survey.origins)
        doubtful: dict[str, list[MissingMedia]] = defaultdict(list)
        for media in self.survey.missing:
            fit = fits.of(media)
            if len({file.digest for file in fit.files}) > 1:
                self.ambiguous.append(Ambiguous(tuple(f.name for f in fit.files), (media,)))
            elif fit.in_doubt:
                doubtful[fit.files[0].name].append(media)
            elif fit.files:
                self._take(fit.files[0], media)
        self.ambiguous += [Ambiguous((name,), tuple(found)) for name, found in doubtful.items()]

    def _take(self, file: InboxFile, media: MissingMedia) -> None:
        found = self.taken.get(file.name) or self.store.measure(file.attachment())
        if isinstance(found, RejectedFile):
            self.refused[file.name] = found
        elif found.kind == "file" and media.kind != "file":
            self.refused[file.name] = RejectedFile(file.name, f"is no {media.kind}")
        else:
            self.taken[file.name] = found
            self.done.append(Match(file.name, media, found.path))

    def plan(self) -> InboxPlan:
        """Return the plan."""
        changes = dict(self._changes())
        named = {*self.taken, *self.refused, *(n for a in self.ambiguous for n in a.names)}
        idle = [name for name in self.dropped if name not in named]
        before = tuple(name for name in idle if self._is_known(self.dropped[name]))
        patched = {_place(done.media) for done in self.done}
        return InboxPlan(
            folder=self.folder,
            changes={path: data for path, (_, data) in changes.items()},
            known={path: data for path, (data, _) in changes.items()},
            files=tuple((self.dropped[name], taken) for name, taken in self.taken.items()),
            done=tuple(self.done),
            ambiguous=tuple(self.ambiguous),
            refused=tuple(self.refused.values()),
            before=before,
            unused=tuple(name for name in idle if name not in before),
            left=tuple(m for m in self.survey.missing if _place(m) not in patched),
        )

    def _is_known(self, file: InboxFile) -> bool:
        found = self.store.measure(file.attachment())
        known = self.survey.paths.union(taken.path for taken in self.taken.values())
        return isinstance(found, StoredFile) and found.path in known

    def _changes(self) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
        """Yield the content files to change, with their bytes before and after."""
        patched: dict[str, dict[str, dict[int, Media]]] = defaultdict(lambda: defaultdict(dict))
        for done in self.done:
            kind = shown_kind(done.media.kind, self.taken[done.name])
            place = patched[str(done.media.file)][done.media.post]
            place[done.media.number - 1] = Media(kind, done.path)
        for path, posts in patched.items():
            data = content_folder.read_bytes(path)
            yield path, (data, media_patch.patch_media(path, data, posts))


def _place(media: MissingMedia) -> tuple[Path, str, int]:
    return media.file, media.post, media.number
