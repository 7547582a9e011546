"""Find the media files beside an outbox by the paths that posts and profiles use."""

from __future__ import annotations

from functools import partial
from urllib.parse import unquote

from sitegen.formats.archives import Members
from sitegen.sources import Attachment

_MEDIA = "media_attachments/"


class MediaFiles:
    """The files of one export, below `root` in the archive; a saved page has none."""

    def __init__(self, members: Members | None = None, root: str = "") -> None:
        self.attachments: dict[str, Attachment] = {}
        self._members = members
        files = [n for n in members.names() if n.startswith(root)] if members else []
        self._beside = {n[len(root) :]: n for n in files if "/" not in n[len(root) :]}
        self._media = {
            n[n.index(_MEDIA, len(root)) :]: n for n in files if _MEDIA in n[len(root) :]
        }

    @property
    def exist(self) -> bool:
        """Return whether there are any files."""
        return self._members is not None

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file beside the outbox; None if it is missing.

        Raises SourceError.
        """
        member = self._beside.get(name)
        return self._members.read(member) if member and self._members else None

    def find_attachment(self, url: str) -> str | None:
        """Return the key of an attachment's file, or None.

        An export has its path, after whatever prefix the server's storage uses.
        """
        at = url.find(_MEDIA)
        if at < 0:
            return None
        path = url[at:].partition("?")[0]
        return self._use(self._media.get(path) or self._media.get(unquote(path)))

    def find_picture(self, name: str, otherwise: str) -> str | None:
        """Return the key of a profile's picture: the named file, or one with the same stem."""
        names = [name, *(n for n in sorted(self._beside) if n.rpartition(".")[0] == otherwise)]
        return next((self._use(self._beside[n]) for n in names if n in self._beside), None)

    def _use(self, member: str | None) -> str | None:
        if member and self._members:
            name = member.rpartition("/")[2]
            self.attachments[member] = Attachment(name, partial(self._members.open, member))
        return member
