"""Import records in content/.imported/: what sitegen last wrote, and from which sources.

They are committed with the archive. `YYYY.jsonl`, by a post's year, and `undated.jsonl` (deleted
posts, too, whose year only some imports know) have a line for each post: the digests of its parts,
by which the parts that a person edited are known, and the states of their sources. `threads.jsonl`
has the digests of front matter, `profiles.jsonl` those of profiles, `accounts.jsonl` what sources
state about whole accounts, and `sources.jsonl` has a line for each source that was imported. The
files have one JSON object per line, sorted, so that git can unite the lines of two people;
duplicate lines are united here.

While an import writes, `journal.jsonl` has the lines that it will have written: if it is stopped,
a part that has the digest of either is untouched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from sitegen import files
from sitegen.content.format.draft import Parts
from sitegen.content.format.recorded import HISTORY
from sitegen.content.imported.record_lines import (
    AccountLine,
    JournalLine,
    Key,
    NetworkLine,
    PostLine,
    ProfileLine,
    SourceLine,
    ThreadLine,
    merge_accounts,
    merge_posts,
    merge_profiles,
    merge_sources,
    merge_threads,
)
from sitegen.content.imported.stamps import NEVER, UNKNOWN, Seen
from sitegen.errors import ContentError
from sitegen.formats import json_text
from sitegen.formats.conflict_markers import refuse_conflicts

FOLDER = ".imported"
FORMAT = "2"
JOURNAL = "journal.jsonl"
VERSION_1_NETWORKS = "networks.jsonl"
Line = TypeVar(
    "Line", PostLine, ThreadLine, ProfileLine, AccountLine, SourceLine, NetworkLine, JournalLine
)
_YEAR = re.compile(r"\d{4}")
_FILES = re.compile(r"\d{4}\.jsonl|undated\.jsonl")


class ImportRecords(Struct, frozen=True):
    """All records of earlier imports, by network and id.

    `written` are the keys of posts that an import has finished writing, `written_profiles` those
    of profiles: if no file has one of them any more, a person deleted it. `histories` are
    the digests of earlier texts that an interrupted import may have written.
    """

    posts: Mapping[Key, PostLine] = {}
    threads: Mapping[Key, Parts] = {}
    profiles: Mapping[Key, ProfileLine] = {}
    accounts: Mapping[Key, AccountLine] = {}
    written: frozenset[Key] = frozenset()
    written_profiles: frozenset[Key] = frozenset()
    sources: Mapping[Key, SourceLine] = {}
    histories: Mapping[Key, tuple[str, ...]] = {}


def load(folder: Path) -> ImportRecords:
    """Read the records of earlier imports. Raises ContentError."""
    at = folder / FOLDER
    check_format(folder)
    journal = [*_lines(at / JOURNAL, JournalLine)]
    posts = merge_posts(line for path in _post_files(at) for line in _lines(path, PostLine))
    threads = [*_lines(at / "threads.jsonl", ThreadLine)]
    moved = {(line.network, line.id) for line in threads if not line.digests}  # in version 1
    threads = [line for line in threads if line.digests]
    posts |= {key: replace(posts.get(key, PostLine(*key)), moved=True) for key in moved}
    profiles = [*_lines(at / "profiles.jsonl", ProfileLine)]
    gone = {line.gone for line in journal if line.gone}
    is_finished = not any(line.first for line in journal)
    tombstones = {(p.network, p.id) for line in journal if (p := line.post) and p.deleted}
    written = frozenset((posts.keys() - gone) | tombstones if is_finished else ())
    profile_keys = [(line.network, line.id) for line in profiles] if is_finished else []
    if journal:
        posts = merge_posts((*posts.values(), *_journal_posts(journal)))
        threads += [line.thread for line in journal if line.thread]
        profiles += [line.profile for line in journal if line.profile]
    return ImportRecords(
        posts,
        merge_threads(threads),
        merge_profiles(profiles),
        accounts(folder),
        written,
        frozenset(profile_keys),
        merge_sources(_lines(at / "sources.jsonl", SourceLine)),
        _histories(journal),
    )


def _post_files(at: Path) -> list[Path]:
    return sorted(path for path in at.glob("*.jsonl") if _FILES.fullmatch(path.name))


def accounts(folder: Path) -> dict[Key, AccountLine]:
    """Read the records about whole accounts. Raises ContentError."""
    check_format(folder)
    return merge_accounts(_lines(folder / FOLDER / "accounts.jsonl", AccountLine))


def _journal_posts(journal: Iterable[JournalLine]) -> Iterator[PostLine]:
    """Yield the posts of a journal, without the earlier texts that their files may not have yet.

    With them it would look as if a person had deleted these from the files.
    """
    for post in (line.post for line in journal if line.post):
        yield replace(post, digests={k: v for k, v in post.digests.items() if k != HISTORY})


def _histories(journal: Iterable[JournalLine]) -> dict[Key, tuple[str, ...]]:
    """Return the digests of earlier texts in a journal, which a file may have or not."""
    found: dict[Key, tuple[str, ...]] = {}
    for post in (line.post for line in journal if line.post and HISTORY in line.post.digests):
        listed = tuple(map(str, post.digests[HISTORY]))
        key = post.network, post.id
        found[key] = tuple(dict.fromkeys((*found.get(key, ()), *listed)))
    return found


class RecordTexts(Struct, frozen=True):
    """The changed files of `.imported/` by path, and the journal to be written before them.

    `counts` are the changed tables of counts: they follow the journal, which has their digests,
    and come before the threads' files, whose new posts would otherwise seem to have lost theirs.
    """

    files: dict[str, str] = {}
    journal: dict[str, str] = {}
    accounts: dict[str, str] = {}
    counts: dict[str, str] = {}


NO_TEXTS = RecordTexts()


def texts(
    folder: Path,
    before: ImportRecords,
    after: ImportRecords,
    times: Mapping[Key, str | None],
    steps: Iterable[JournalLine] = (),
) -> RecordTexts:
    """Format records as changed files; `times` are the posts' times, for their years.

    `steps` are lines for the states that files have in between, while posts are moved.
    """
    at = folder / FOLDER
    found, accounts = _all_texts(at, after, times)
    journal = {str(at / JOURNAL): _text((*_journal(before, after), *steps))}
    files = _changed(at, found)
    return RecordTexts(files, journal if files else {}, _changed(at, accounts))


def first_texts(folder: Path, after: ImportRecords, times: Mapping[Key, str | None]) -> RecordTexts:
    """Format the records of a new archive, whose threads appear all at once.

    They are written before the threads, so that the journal need not have them too: it only says
    that this is a first import.
    """
    at = folder / FOLDER
    found, accounts = _all_texts(at, after, times)
    last = {"format": found.pop("format")} if "format" in found else {}
    journal = {str(at / JOURNAL): _text((JournalLine(first=True),))}
    return RecordTexts(_changed(at, last), journal, _changed(at, accounts | found))


def _all_texts(
    at: Path, after: ImportRecords, times: Mapping[Key, str | None]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of all files by name, apart from them that of accounts."""
    by_year: dict[str, list[PostLine]] = {path.name: [] for path in _post_files(at)}
    for key, line in after.posts.items():
        year = None if line.deleted else _YEAR.match(times.get(key) or "")
        by_year.setdefault(f"{year[0] if year else 'undated'}.jsonl", []).append(line)
    threads = [ThreadLine(*key, digests) for key, digests in after.threads.items()]
    lines: dict[str, Iterable[Struct]] = {
        **by_year,
        "threads.jsonl": threads,
        "profiles.jsonl": after.profiles.values(),
        "sources.jsonl": after.sources.values(),
    }
    found = {name: _text(of) for name, of in lines.items()}
    accounts = {"accounts.jsonl": _text(after.accounts.values())}
    if any(found.values()) or any(accounts.values()):
        found["format"] = f"{FORMAT}\n"  # the last file to be written
    return found, accounts


def _changed(at: Path, texts: Mapping[str, str]) -> dict[str, str]:
    return {str(at / name): text for name, text in texts.items() if _differs(at / name, text)}


def _journal(before: ImportRecords, after: ImportRecords) -> Iterator[JournalLine]:
    """Yield the lines that an import changes, in their new state."""
    for key, line in after.posts.items():
        if before.posts.get(key) != line:
            yield JournalLine(post=line)
    for key, digests in after.threads.items():
        if before.threads.get(key) != digests:
            yield JournalLine(thread=ThreadLine(*key, digests))
    for key, profile in after.profiles.items():
        if before.profiles.get(key) != profile:
            yield JournalLine(profile=profile)
    yield from (JournalLine(gone=key) for key in before.posts.keys() - after.posts.keys())


def _lines(path: Path, of: type[Line]) -> Iterator[Line]:
    data = _read(path)
    decode = msgspec.json.Decoder(of).decode
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield _line_of_surrogates(line, of, path, number)


def _line_of_surrogates(line: bytes, of: type[Line], path: Path, number: int) -> Line:
    """Decode a line with lone surrogates, which msgspec does not read. Raises ContentError."""
    try:
        return msgspec.convert(json.loads(line), of)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise ContentError(
            "not a line that an import wrote",
            path=path,
            line=number,
            hint="take the file back from git, or delete the line.",
        ) from error


def format_of(folder: Path) -> str:
    """Return the version of the format of a content folder; "" if it is not stated.

    Raises ContentError for a newer one.
    """
    check_format(folder)
    return _read(folder / FOLDER / "format").strip().decode(errors="replace")


def version_1_networks(folder: Path) -> dict[str, Seen]:
    """Return by network the sources of posts without a line, as version 1 had them."""
    path = folder / FOLDER / VERSION_1_NETWORKS
    return {line.network: Seen(line.at) for line in _lines(path, NetworkLine)}


def check_format(folder: Path) -> None:
    """Check that no newer sitegen wrote the records of a content folder. Raises ContentError."""
    at = folder / FOLDER
    found = _read(at / "format").strip()
    if found not in (b"", b"1", FORMAT.encode()):
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


_encoder = msgspec.json.Encoder(order="sorted")


def _text(lines: Iterable[Struct]) -> str:
    """Format JSON lines, sorted."""
    encoded = sorted(map(_encode, lines))
    return "".join([f"{line}\n" for line in encoded])


def _encode(line: Struct) -> str:
    """Encode a line as JSON; in ASCII if it has lone surrogates, which have no UTF-8."""
    if isinstance(line, PostLine | ProfileLine) and line.seen.at == UNKNOWN:
        seen = NEVER if line.seen == NEVER else replace(line.seen, at=UNKNOWN)
        line = replace(line, seen=seen)  # only these very objects are left out as defaults
    try:
        return _encoder.encode(line).decode()
    except UnicodeEncodeError:
        return json_text.canonical(to_builtins(line))


def _differs(path: Path, text: str) -> bool:
    return text.encode() != _read(path)
