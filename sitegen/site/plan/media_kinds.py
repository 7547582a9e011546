"""Decide what each medium is shown as: what its bytes say, else what its post states.

Where a post states no kind, the ending of the file's name counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sitegen.content.post_media import media_block
from sitegen.media.active_content import Inspection
from sitegen.media.sniffing import Kind, shown_kind
from sitegen.model import MediaKind
from sitegen.site.views.summary import PlacedThread


class PublishedFile(NamedTuple):
    """The site path, kind and reason of a media file that is published under another name."""

    path: str
    kind: MediaKind
    reason: str


class MediaKinds(NamedTuple):
    """The kinds of media by their bytes; `misnamed` are those whose names say something else."""

    detected: Mapping[str, Kind] = {}
    misnamed: frozenset[str] = frozenset()

    def may_differ(self, thread: PlacedThread) -> bool:
        """Tell whether a medium of a thread may be another kind than its post states."""
        return bool(self.misnamed or thread.stated_kinds)

    def kind_of(self, path: str, thread: PlacedThread) -> MediaKind:
        """Return the kind that a medium of a thread is shown as."""
        stated = _stated_kind(path, thread)
        detected = self.detected.get(path)
        return shown_kind(stated, detected) if detected else stated

    def differing(self, path: str, thread: PlacedThread) -> MediaKind | None:
        """Return the kind that a medium is shown as; None if that is what its post states."""
        kind = self.kind_of(path, thread)
        return None if kind == _stated_kind(path, thread) else kind

    def published_parts(
        self, paths: Iterable[str], thread: PlacedThread, published: Mapping[str, PublishedFile]
    ) -> tuple[tuple[str, str, MediaKind], ...]:
        """Return path, published path and kind of media that are renamed, or not as stated."""
        if not published and not self.may_differ(thread):
            return ()
        listed = []
        for path in dict.fromkeys(paths):
            if file := published.get(path):
                listed.append((path, file.path, file.kind))
            elif kind := self.differing(path, thread):
                listed.append((path, path, kind))
        return tuple(listed)

    def is_picture(self, path: str) -> bool:
        """Tell whether a file may be shown as a picture where no kind is stated."""
        detected = self.detected.get(path)
        return detected is None or detected.kind == "image"


NO_KINDS = MediaKinds()


def kinds(inspections: Mapping[str, Inspection]) -> MediaKinds:
    """Return the kinds of inspected media."""
    detected = {path: each.kind for path, each in inspections.items() if each.kind}
    return MediaKinds(detected, frozenset([p for p, k in detected.items() if _is_misnamed(p, k)]))


def _is_misnamed(path: str, kind: Kind) -> bool:
    named = media_block.kind_of(path, is_image=False)
    return shown_kind(named, kind) != named


def _stated_kind(path: str, thread: PlacedThread) -> MediaKind:
    stated = dict(thread.stated_kinds) if thread.stated_kinds else {}
    return stated.get(path) or media_block.kind_of(path, is_image=False)
