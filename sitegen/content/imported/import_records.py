"""Import records in content/.imported/: what an import must know of earlier sources.

They are committed with the archive. `YYYY.jsonl`, by a post's year, and `undated.jsonl` have the
sources of posts that differ from those in `networks.jsonl`, which apply to most posts of a
network. `profiles.jsonl` has the sources of profiles, `accounts.jsonl` what sources state about
whole accounts, `threads.jsonl` the posts that a person moved to another file. The files have one
JSON object per line, sorted, so that git can merge them.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from sitegen import files
from sitegen.content.format.conflict_markers import refuse_conflicts
from sitegen.content.imported.handles import HandleRecord, newest
from sitegen.content.imported.stamps import NEVER, UNKNOWN, Seen, Stamp
from sitegen.errors import ContentError
from sitegen.formats import json_text
from sitegen.model import Privacy

FOLDER = ".imported"
FORMAT = "1"
PRIVACY: tuple[Privacy, ...] = ("private", "unknown", "public")  # the strictest first
Key = tuple[str, str]
_YEAR = re.compile(r"\d{4}")
_FILES = re.compile(r"\d{4}\.jsonl|undated\.jsonl")


class PostLine(Struct, frozen=True, omit_defaults=True):
    """The sources of a post."""

    network: str
    id: str
    seen: Seen = NEVER


class NetworkLine(Struct, frozen=True, omit_defaults=True):
    """The source of the posts of a network that have no line of their own."""

    network: str
    at: Stamp = UNKNOWN


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


class PlacedLine(Struct, frozen=True):
    """A post that a person moved to its current file."""

    network: str
    id: str


Line = TypeVar("Line", PostLine, NetworkLine, AccountLine, PlacedLine)


class ImportRecords(Struct, frozen=True):
    """All records of earlier imports, by network and id."""

    posts: Mapping[Key, Seen] = {}
    networks: Mapping[str, Stamp] = {}
    profiles: Mapping[Key, Seen] = {}
    accounts: Mapping[Key, AccountLine] = {}
    placed: frozenset[Key] = frozenset()

    def usual_stamps(self) -> dict[str, Seen]:
        """Return by network the sources of the posts that have no line of their own."""
        return {network: Seen(at) for network, at in self.networks.items()}


def load(folder: Path) -> ImportRecords:
    """Read the records of earlier imports. Raises ContentError."""
    at = folder / FOLDER
    _check_format(at)
    names = sorted(path.name for path in at.glob("*.jsonl") if _FILES.fullmatch(path.name))
    posts = (line for name in names for line in _lines(at / name, PostLine))
    return ImportRecords(
        posts={(line.network, line.id): line.seen for line in posts},
        networks={x.network: x.at for x in _lines(at / "networks.jsonl", NetworkLine)},
        profiles={(x.network, x.id): x.seen for x in _lines(at / "profiles.jsonl", PostLine)},
        accounts=accounts(folder),
        placed=frozenset((x.network, x.id) for x in _lines(at / "threads.jsonl", PlacedLine)),
    )


def accounts(folder: Path) -> dict[Key, AccountLine]:
    """Read the records about whole accounts. Raises ContentError."""
    _check_format(folder / FOLDER)
    return merge_accounts(_lines(folder / FOLDER / "accounts.jsonl", AccountLine))


def merge_accounts(lines: Iterable[AccountLine]) -> dict[Key, AccountLine]:
    """Merge lines into one per account."""
    found: dict[Key, AccountLine] = {}
    for line in lines:
        key = line.network, line.id
        found[key] = _merge_account(found[key], line) if key in found else line
    return found


def texts(folder: Path, memory: ImportRecords, times: Mapping[Key, str | None]) -> dict[str, str]:
    """Format records as changed files by path; `times` are the posts' times, for their years."""
    at = folder / FOLDER
    by_year: dict[str, list[PostLine]] = {path.name: [] for path in at.glob("*.jsonl")}
    by_year = {name: lines for name, lines in by_year.items() if _FILES.fullmatch(name)}
    for (network, identity), seen in memory.posts.items():
        year = _YEAR.match(times.get((network, identity)) or "")
        name = f"{year[0] if year else 'undated'}.jsonl"
        by_year.setdefault(name, []).append(PostLine(network, identity, seen))
    profiles = [PostLine(network, i, seen) for (network, i), seen in memory.profiles.items()]
    found = {name: _text(lines) for name, lines in by_year.items()} | {
        "networks.jsonl": _text(NetworkLine(n, at) for n, at in memory.networks.items()),
        "profiles.jsonl": _text(profiles),
        "accounts.jsonl": _text(memory.accounts.values()),
        "threads.jsonl": _text(PlacedLine(*key) for key in memory.placed),
    }
    if any(found.values()):
        found["format"] = f"{FORMAT}\n"
    return {str(at / name): text for name, text in found.items() if _differs(at / name, text)}


def usual_stamps(seen: Iterable[tuple[str, Seen]]) -> dict[str, Stamp]:
    """Return by network the stamp of most posts, which then need no lines of their own."""
    counts: dict[str, Counter[Stamp]] = defaultdict(Counter)
    for network, each in seen:
        if not each.parts and not each.versions and _is_plain(each):
            counts[network][each.at] += 1
    return {
        network: max(found, key=lambda at: (found[at], at.as_of, at.is_whole, at.kind))
        for network, found in counts.items()
    }


def _is_plain(seen: Seen) -> bool:
    return not (seen.pages or seen.handle or seen.texts)


def _merge_account(first: AccountLine, second: AccountLine) -> AccountLine:
    """Merge two lines of an account: the newer complete state and the stricter privacy win."""
    newer = second if second.complete >= first.complete else first
    stated = [each for each in PRIVACY if each in (first.privacy, second.privacy)]
    privacy = stated[0] if stated else None
    handles = newest((*first.handles, *second.handles))
    return AccountLine(first.network, first.id, newer.complete, newer.held_back, privacy, handles)


def _lines(path: Path, of: type[Line]) -> Iterator[Line]:
    for number, line in enumerate(_read(path).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield msgspec.convert(json.loads(line), of)
        except (msgspec.ValidationError, ValueError, RecursionError) as error:
            raise ContentError(
                "not a line that an import wrote",
                path=path,
                line=number,
                hint="take the file back from git, or delete the line.",
            ) from error


def _check_format(at: Path) -> None:
    found = _read(at / "format").strip()
    if found not in (b"", FORMAT.encode()):
        raise ContentError(
            f"a newer sitegen wrote this (format {found.decode(errors='replace')})",
            path=at / "format",
            hint="install a newer sitegen.",
        )


def _read(path: Path) -> bytes:
    try:
        data = files.read(str(path))
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ContentError(what, path=path, hint="check its permissions.") from error
    refuse_conflicts(data, str(path))
    return data


def _text(lines: Iterable[Struct]) -> str:
    """Format JSON lines, sorted; in ASCII, since lone surrogates have no UTF-8."""
    encoded = sorted(json_text.canonical(msgspec.to_builtins(line)) for line in lines)
    return "".join(f"{line}\n" for line in encoded)


def _differs(path: Path, text: str) -> bool:
    return text.encode() != _read(path)
