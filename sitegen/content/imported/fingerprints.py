"""Fingerprints of posts: when they were written, and digests of their words.

A post that a person deleted may come again under another id: from another network, or from the
text of a page. Its record keeps the fingerprint, since its text is gone by then. It has a time and
up to two digests, those of `text.comparable.skeleton` and `text.comparable.letters`.

Digests let anyone who has the archive check a guess of what a deleted post said, and a salt would
not prevent that, as it would have to be in the archive too. So only posts that were public have a
fingerprint, and texts of fewer than 12 letters, which are easily guessed, have no digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.content.format.draft import Parts
from sitegen.content.format.recorded import is_part_untouched
from sitegen.content.format.stored import stored_post
from sitegen.content.format.thread_file import ThreadFile
from sitegen.content.imported.record_lines import Key, PostLine, threads_of
from sitegen.digests import hash_text
from sitegen.model import Post, Thread
from sitegen.text.comparable import MIN_CHARACTERS, letters, skeleton

DIGEST_BYTES = 4  # few posts have the same minute
PUBLIC = (None, "public", "unlisted")
PARTS = ("text", "created_at")


class Fingerprint(NamedTuple):
    """The time of a post in seconds since 1970, and the digests of its words."""

    seconds: int
    digests: tuple[str, ...]

    @property
    def text(self) -> str:
        """The fingerprint as it is recorded."""
        return "-".join([f"{self.seconds:x}", *self.digests])


def word_digests(text: str) -> tuple[str, ...]:
    """Return the digests of a text's words, each once; none for a short text."""
    long = [form for form in (skeleton(text), letters(text)) if len(form) >= MIN_CHARACTERS]
    return tuple([hash_text(form, DIGEST_BYTES) for form in dict.fromkeys(long)])


def fingerprint(post: Post) -> Fingerprint | None:
    """Return the fingerprint of a post; None if it is not public, or its time is not known."""
    time = timestamps.instant(post.created_at)
    if time is None or time < 0 or post.visibility not in PUBLIC:
        return None
    return Fingerprint(int(time), word_digests(post.text))


def read(written: str) -> Fingerprint | None:
    """Read a recorded fingerprint; None if there is none."""
    seconds, *digests = written.split("-")
    try:
        return Fingerprint(int(seconds, 16), tuple(digests))
    except ValueError:
        return None


def as_recorded(file: ThreadFile, identity: str, digests: Parts) -> Post | None:
    """Return a post of a file; None if a person edited its text or time."""
    parts = file.parts_of(identity)
    if not all(is_part_untouched(name, parts, digests) for name in PARTS):
        return None
    return stored_post(file, identity, file.network).post


class Fingerprints:
    """The fingerprints to be recorded at the end of an import, which do not depend on its order."""

    def __init__(self, lines: Mapping[Key, PostLine], threads: Iterable[Thread]) -> None:
        self._lines = lines
        self._imported: dict[Key, Post | None] = {}  # None: several sources have the post
        self._threads: dict[Key, str] = {}
        for thread in threads:
            for post in thread.posts:
                key = post.network, post.id
                self._imported[key] = None if key in self._imported else post
                self._threads.setdefault(key, thread.id)

    def complete(self, line: PostLine, stored: Callable[[Parts], Post | None]) -> PostLine:
        """Add the fingerprint to the new line of a post.

        `stored` returns the post as its file has it, None if a part of it is not as recorded.
        """
        key = line.network, line.id
        old = self._lines.get(key)
        imported = self._imported.get(key)
        is_same = old and all(old.digests.get(n) == line.digests.get(n) for n in PARTS)
        if old and is_same and (old.fingerprint or not (imported and _text_of(imported))):
            return replace(line, fingerprint=old.fingerprint)
        post = (None if old else imported) or stored(line.digests)
        text = _text_of(post) if post else old.fingerprint if old else ""
        return replace(line, fingerprint=text)

    def tombstone(self, key: Key) -> PostLine:
        """Return the line of a post that a person deleted."""
        if old := self._lines.get(key):
            threads, text = threads_of(old), old.fingerprint
        else:
            threads = (self._threads.get(key, key[1]),)
            post = self._imported.get(key)
            text = _text_of(post) if post else ""
        own = "" if threads[0] == key[1] else threads[0]
        thread = own if len(threads) == 1 else sorted(threads)
        return PostLine(*key, thread=thread, deleted=True, fingerprint=text)


def _text_of(post: Post) -> str:
    found = fingerprint(post)
    return found.text if found else ""
