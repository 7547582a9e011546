"""The lines of the files in content/.imported/, and how duplicate lines are merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from msgspec import Struct, field, to_builtins

from sitegen.content.format.draft import Parts
from sitegen.content.format.recorded import unite
from sitegen.content.imported.handles import HandleRecord, newest
from sitegen.content.imported.stamps import NEVER, UNKNOWN, Seen, Stamp
from sitegen.formats import json_text
from sitegen.model import Privacy

PRIVACY: tuple[Privacy, ...] = ("private", "unknown", "public")  # the strictest first
Key = tuple[str, str]


class PostLine(Struct, frozen=True, omit_defaults=True):
    """A post as last imported: the digests of its parts, and their sources.

    `thread` is the id of the thread in whose file the post was, or a list of ids if several
    people imported it; "" is the post's own id. `moved` means that a person moved the post there,
    `deleted` that a person deleted it. `fingerprint` is that of the post as sources have it.
    """

    network: str
    id: str
    thread: str | list[str] = ""
    moved: bool = False
    deleted: bool = False
    digests: dict[str, Any] = {}  # as JSON: texts, or lists of texts
    seen: Seen = NEVER
    fingerprint: str = field(default="", name="print")


class ThreadLine(Struct, frozen=True, omit_defaults=True):
    """The digests of the front matter of a thread's file as last written.

    `id` is that of the file's first post, as several files may have a thread's id: people copy it.
    """

    network: str
    id: str
    digests: dict[str, Any] = {}  # as JSON: texts, or lists of texts


class ProfileLine(Struct, frozen=True, omit_defaults=True):
    """The digests of a profile's parts as last written, and their sources.

    `deleted` means that a person deleted its file.
    """

    network: str
    id: str
    digests: dict[str, Any] = {}  # as JSON: texts, or lists of texts
    seen: Seen = NEVER
    deleted: bool = False


class AccountLine(Struct, frozen=True, omit_defaults=True):
    """What sources state about a whole account, known by its id or its handle.

    `complete` is the state of the newest source that has all its posts; `held_back` are the
    digests of the names of posts which that source has but withholds. `handles` are all that the
    account had, each as the newest source has it.
    """

    network: str
    id: str
    complete: str = ""
    held_back: tuple[str, ...] = ()
    privacy: Privacy | None = None
    handles: tuple[HandleRecord, ...] = ()


class SourceLine(Struct, frozen=True, omit_defaults=True):
    """A source that was imported: its records are its posts and exclusions, by reason.

    `digest` is that of its bytes, empty for a live account; `as_of` is its state.
    """

    name: str
    digest: str = ""
    kind: str = ""
    as_of: str = ""
    records: int = 0
    posts: int = 0
    exclusions: dict[str, int] = {}


class NetworkLine(Struct, frozen=True, omit_defaults=True):
    """In version 1: the source of the posts of a network that have no line of their own."""

    network: str
    at: Stamp = UNKNOWN


class JournalLine(Struct, frozen=True, omit_defaults=True):
    """A line of the journal: that of a post, a thread or a profile, in its new state.

    `gone` is a post whose line is removed. `first` means that no import was finished before: all
    records are those of an archive whose threads may not be there yet.
    """

    post: PostLine | None = None
    thread: ThreadLine | None = None
    profile: ProfileLine | None = None
    gone: Key | None = None
    first: bool = False


KeyedLine = TypeVar("KeyedLine", PostLine, ProfileLine, AccountLine)


def merge_posts(lines: Iterable[PostLine]) -> dict[Key, PostLine]:
    """Merge the lines of each post; a deletion beats a live line."""
    return _merge_by_key(lines, _merge_post)


def _merge_by_key(
    lines: Iterable[KeyedLine], merge: Callable[[KeyedLine, KeyedLine], KeyedLine]
) -> dict[Key, KeyedLine]:
    """Merge the lines of each network and id, in the order in which they come."""
    merged: dict[Key, KeyedLine] = {}
    for line in lines:
        key = line.network, line.id
        merged[key] = merge(merged[key], line) if key in merged else line
    return merged


def _merge_post(first: PostLine, second: PostLine) -> PostLine:
    return PostLine(
        first.network,
        first.id,
        sorted({*threads_of(first), *threads_of(second)}),
        first.moved or second.moved,
        first.deleted or second.deleted,
        unite(first.digests, second.digests),
        max(first.seen, second.seen, key=_newest),
        _newest_fingerprint(first, second),
    )


def _newest_fingerprint(first: PostLine, second: PostLine) -> str:
    """Return the fingerprint from the newest source; a tombstone knows none."""
    lines = sorted([first, second], key=lambda line: (_newest(line.seen), line.fingerprint))
    return lines[1].fingerprint or lines[0].fingerprint


def threads_of(line: PostLine) -> tuple[str, ...]:
    """Return the ids of the threads in whose files a post was."""
    return tuple(line.thread) if isinstance(line.thread, list) else (line.thread or line.id,)


def merge_threads(lines: Iterable[ThreadLine]) -> dict[Key, Parts]:
    """Merge the lines of each thread into its digests."""
    merged: dict[Key, Parts] = {}
    for line in lines:
        key = line.network, line.id
        merged[key] = unite(merged[key], line.digests) if key in merged else line.digests
    return merged


def merge_profiles(lines: Iterable[ProfileLine]) -> dict[Key, ProfileLine]:
    """Merge the lines of each profile; a deletion beats a live line."""
    return _merge_by_key(lines, _merge_profile)


def _merge_profile(first: ProfileLine, second: ProfileLine) -> ProfileLine:
    return ProfileLine(
        first.network,
        first.id,
        unite(first.digests, second.digests),
        max(first.seen, second.seen, key=_newest),
        first.deleted or second.deleted,
    )


def merge_sources(lines: Iterable[SourceLine]) -> dict[Key, SourceLine]:
    """Merge lines into one per source, known by its name and digest: that of the newest state."""
    found: dict[Key, SourceLine] = {}
    for line in lines:
        key = line.name, line.digest
        found[key] = max(found.get(key, line), line, key=_newest_source)
    return found


def _newest_source(line: SourceLine) -> tuple[str, str]:
    return line.as_of, json_text.canonical(to_builtins(line))


def _newest(seen: Seen) -> tuple[bool, str, str, int, str]:
    """Return a sort key by which the newest source wins; of equal ones, that with more texts."""
    at, texts = seen.at, len(seen.versions) + len(seen.texts)
    return at.is_whole, at.as_of, at.kind, texts, json_text.canonical(to_builtins(seen))


def merge_accounts(lines: Iterable[AccountLine]) -> dict[Key, AccountLine]:
    """Merge lines into one per account."""
    return _merge_by_key(lines, _merge_account)


def _merge_account(first: AccountLine, second: AccountLine) -> AccountLine:
    """Merge two lines of an account: the newer complete state and the stricter privacy win."""
    newer = second if second.complete >= first.complete else first
    stated = [each for each in PRIVACY if each in (first.privacy, second.privacy)]
    privacy = stated[0] if stated else None
    handles = newest((*first.handles, *second.handles))
    return AccountLine(first.network, first.id, newer.complete, newer.held_back, privacy, handles)
