"""The drop-in folder: files that a person has and the source had not, given to their posts.

A file is known by its post's place (`ID-1.jpg`), by its digest where the source named the file
so, by its name, or by its name without the extension, in this order. What fits more than one
picture is told, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from sitegen import files
from sitegen.content import content_folder, media_patch
from sitegen.errors import SourceError
from sitegen.media.attach import shown_kind
from sitegen.media.inbox_files import Dropped, Fits, find_dropped
from sitegen.media.missing import MissingMedia, Survey, survey_media
from sitegen.media.store import Missing, Store, Taken
from sitegen.model import Media


class Match(Struct, frozen=True):
    """A file that a post got: its name in the drop-in folder, the post's media, its new path."""

    name: str
    media: MissingMedia
    path: str


class Ambiguous(Struct, frozen=True):
    """Files and pictures that fit each other in more than one way."""

    names: tuple[str, ...]
    media: tuple[MissingMedia, ...]


class InboxPlan(Struct, frozen=True):
    """What the drop-in folder mends: new bytes by content file, and what became of each file.

    `before` are files that an earlier run gave to posts, `unused` those that nothing misses.
    """

    folder: Path
    changes: dict[str, bytes]
    files: tuple[tuple[Dropped, Taken], ...]
    done: tuple[Match, ...]
    ambiguous: tuple[Ambiguous, ...]
    refused: tuple[Missing, ...]
    before: tuple[str, ...]
    unused: tuple[str, ...]
    left: tuple[MissingMedia, ...]


def plan_inbox(folder: Path, inbox: Path) -> InboxPlan:
    """Match the files of a drop-in folder with what content/ lacks; nothing is written.

    Raises ContentError, and SourceError for a drop-in folder that cannot be read.
    """
    matcher = _Matcher(folder, survey_media(folder), tuple(find_dropped(inbox)))
    matcher.match()
    return matcher.plan()


def carry_out(plan: InboxPlan) -> None:
    """Take the files in and write what was planned. Hold the lock of imports.

    Stopped anywhere, it has lost nothing, and the next run does the rest. Raises OSError, and
    SourceError for a file that changed meanwhile.
    """
    store = Store(plan.folder)
    for file, measured in plan.files:
        taken = store.take(file.attachment())
        if not isinstance(taken, Taken) or taken.path != measured.path:
            raise SourceError(
                "changed while it was read", path=file.path, hint="run it again when it is at rest."
            )
    files.write_each(plan.changes.items(), plan.folder)


class _Matcher:
    """The files of a drop-in folder, and what each of them fits."""

    def __init__(self, folder: Path, survey: Survey, dropped: Sequence[Dropped]) -> None:
        self.folder = folder
        self.survey = survey
        self.dropped = {file.name: file for file in dropped}
        self.store = Store(folder)
        self.ambiguous: list[Ambiguous] = []
        self.refused: dict[str, Missing] = {}
        self.done: list[Match] = []
        self.taken: dict[str, Taken] = {}

    def match(self) -> None:
        """Give each file to what it fits, where that is beyond doubt."""
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

    def _take(self, file: Dropped, media: MissingMedia) -> None:
        found = self.taken.get(file.name) or self.store.measure(file.attachment())
        if isinstance(found, Missing):
            self.refused[file.name] = found
        elif found.kind == "file" and media.kind != "file":
            self.refused[file.name] = Missing(file.name, f"is no {media.kind}")
        else:
            self.taken[file.name] = found
            self.done.append(Match(file.name, media, found.path))

    def plan(self) -> InboxPlan:
        """Return all that came of it."""
        named = {*self.taken, *self.refused, *(n for a in self.ambiguous for n in a.names)}
        idle = [name for name in self.dropped if name not in named]
        before = tuple(name for name in idle if self._is_known(self.dropped[name]))
        patched = {_place(done.media) for done in self.done}
        return InboxPlan(
            folder=self.folder,
            changes=dict(self._changes()),
            files=tuple((self.dropped[name], taken) for name, taken in self.taken.items()),
            done=tuple(self.done),
            ambiguous=tuple(self.ambiguous),
            refused=tuple(self.refused.values()),
            before=before,
            unused=tuple(name for name in idle if name not in before),
            left=tuple(m for m in self.survey.missing if _place(m) not in patched),
        )

    def _is_known(self, file: Dropped) -> bool:
        found = self.store.measure(file.attachment())
        known = self.survey.paths.union(taken.path for taken in self.taken.values())
        return isinstance(found, Taken) and found.path in known

    def _changes(self) -> Iterator[tuple[str, bytes]]:
        """Yield the content files that change, with their new bytes."""
        patched: dict[str, dict[str, dict[int, Media]]] = defaultdict(lambda: defaultdict(dict))
        for done in self.done:
            kind = shown_kind(done.media.kind, self.taken[done.name])
            place = patched[str(done.media.file)][done.media.post]
            place[done.media.number - 1] = Media(kind, done.path)
        for path, posts in patched.items():
            yield path, media_patch.patch_media(path, content_folder.read_bytes(path), posts)


def _place(media: MissingMedia) -> tuple[Path, str, int]:
    return media.file, media.post, media.number
