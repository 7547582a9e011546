"""A file of content/ read into what the build knows of it: an entry, a profile, a document.

Each process of a build has a reader of its own, which keeps the posts of the threads that it
read until none are shown any more. To let go of them page by page would leave holes all over its
memory, and in those a large site's pages are made a tenth slower.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from msgspec import Raw, Struct

from sitegen.content import content_folder
from sitegen.content.format import (
    front_matter,
    hiding,
    keys,
    plain_thread,
    profile_file,
    thread_file,
)
from sitegen.content.format.heading import date_of, heading
from sitegen.content.format.profile_file import StoredProfile
from sitegen.content.format.stored import StoredPost
from sitegen.digests import hash_bytes as digest
from sitegen.errors import ContentError
from sitegen.site import urls
from sitegen.site.views import thread_views
from sitegen.site.views.summary import Entry
from sitegen.site.views.template_values import Document


class Hidden(Struct, frozen=True, tag="hidden", array_like=True):
    """A file whose owner wants nobody to see it, nor the media that it names; of so many posts."""

    source: str
    hidden_media: tuple[str, ...] = ()
    posts: int = 0


Item = Entry | StoredProfile | Document | Hidden


class Read(Struct, frozen=True):
    """What is known of files by now: what they hold, that encoded, and why others cannot be read.

    What has no UTF-8 is not there encoded.
    """

    items: dict[str, Item] = {}
    encoded: dict[str, Raw] = {}
    broken: dict[str, ContentError] = {}

    def take(self, other: Read) -> None:
        """Take in what was read of other files."""
        self.items.update(other.items)
        self.encoded.update(other.encoded)
        self.broken.update(other.broken)


Posts = tuple[StoredPost, ...]


class Reader:
    """Reads the files of one content folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self._posts: dict[str, Posts] = {}
        self._again: set[str] = set()

    def posts(self, entry: Entry) -> Posts:
        """Return a thread's posts that readers may see. Raises ContentError."""
        if entry.source not in self._posts:
            self._again.add(entry.source)
            read = self.item(entry.source)
            if not isinstance(read, Entry) or read.digest != entry.digest:
                path = f"{self.folder}/{entry.source}"
                raise ContentError(
                    "changed while the site was built", path=path, hint="build again."
                )
        return self._posts[entry.source]

    def forget(self, source: str) -> None:
        """Let go of a thread's posts where they were read for pages alone, and all are made."""
        if source in self._again:
            self._again.discard(source)
            self._posts.pop(source, None)

    def forget_all(self) -> None:
        """Let go of all posts at once."""
        self._posts.clear()
        self._again.clear()

    def item(self, source: str) -> Item:
        """Read a file as what its folder says it is. Raises ContentError."""
        path = f"{self.folder}/{source}"
        data = content_folder.read_bytes(path)
        if source.startswith(THREADS):
            return self._thread(source, path, data)
        text = content_folder.decode(data, path)
        if source.startswith(PROFILES):
            stored = profile_file.stored_profile(profile_file.read(path, text))
            return Hidden(source, _of_profile(stored)) if stored.hidden else stored
        return _document(source, path, text)

    def _thread(self, source: str, path: str, data: bytes) -> Item:
        plain = plain_thread.read(data)
        if plain is not None:
            found, self._posts[source] = plain
            return thread_views.entry(source, digest(data), found, self._posts[source])
        file = thread_file.read(path, content_folder.decode(data, path))
        stored = thread_file.stored_posts(file)
        posts = () if file.is_held_back else tuple([one for one in stored if not one.hidden])
        self._posts[source] = posts
        hidden = () if len(posts) == len(stored) else tuple(_media(stored, posts))
        if not posts:
            return Hidden(source, hidden, len(stored))
        return thread_views.entry(
            source, digest(data), heading(file, posts), posts, hidden, len(stored) - len(posts)
        )


THREADS = f"{content_folder.THREADS}/"
PROFILES = f"{content_folder.PROFILES}/"
_MEDIA_NAME = re.compile(r"""\bmedia/[^\s()<>"'\]]+""")


def _media(stored: Sequence[StoredPost], shown: Sequence[StoredPost]) -> Iterator[str]:
    """Go through the media of the posts that are not shown."""
    for hidden in (one for one in stored if one not in shown):
        yield from (media.path for media in hidden.post.media if media.path)
        yield from named_in(hidden.handwritten or "")


def _of_profile(stored: StoredProfile) -> tuple[str, ...]:
    profile = stored.profile
    pictures = tuple([path for path in (profile.avatar, profile.banner) if path])
    return pictures + named_in(stored.handwritten or profile.bio)


def named_in(text: str) -> tuple[str, ...]:
    """Return the media that a text of a person's own names, wherever in it."""
    return tuple([unquote(name) for name in _MEDIA_NAME.findall(text)])


def _document(source: str, path: str, text: str) -> Item:
    split = front_matter.split(text, path)
    head, body = (split.head, split.body) if split else ("", text)
    hiding.refuse_lost_head(body, path, before=text[: len(text) - len(body)])
    fields = front_matter.read(head, path) if split else {}
    if hiding.is_held_back(fields, path, head):
        return Hidden(source, named_in(text))
    title = fields.get("title")
    return Document(
        source=source,
        path=urls.document(source),
        title=str(title) if title else _first_heading(body) or Path(source).stem,
        description=str(fields.get("description") or ""),
        body=body,
        nav=fields.get("nav", True) is not False,
        date=date_of(fields, path, head),
        warnings=tuple(keys.find_misspelt(fields, keys.DOCUMENT, head)),
    )


def _first_heading(body: str) -> str:
    first = next((line for line in body.split("\n") if line.strip()), "")
    return first.lstrip("#").strip() if first.startswith("#") else ""
