"""Format the import records of content/.imported/ as texts of files that change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from sitegen.content.imported import record_files
from sitegen.content.imported.import_records import ImportRecords
from sitegen.content.imported.record_files import FOLDER, FORMAT, FORMAT_NAME, JOURNAL, UNDATED
from sitegen.content.imported.record_lines import (
    JournalLine,
    Key,
    PostLine,
    ProfileLine,
    ThreadLine,
)
from sitegen.content.imported.stamps import NEVER, UNKNOWN
from sitegen.formats import json_text

_YEAR = re.compile(r"\d{4}")
_encoder = msgspec.json.Encoder(order="sorted")


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

    `steps` are lines for the states that files have in between, while posts are moved. The journal
    keeps the lines of an import that was stopped, since files may still be as it left them.
    """
    at = folder / FOLDER
    found, accounts = _all_texts(at, after, times)
    lines = (*before.unfinished, *_journal(before, after), *steps)
    journal = {str(at / JOURNAL): _text(lines)}
    files = _changed(at, found)
    return RecordTexts(files, journal if files else {}, _changed(at, accounts))


def first_texts(folder: Path, after: ImportRecords, times: Mapping[Key, str | None]) -> RecordTexts:
    """Format the records of a new archive, whose threads appear all at once.

    They are written before the threads, so that the journal need not have them too: it only says
    that this is a first import.
    """
    at = folder / FOLDER
    found, accounts = _all_texts(at, after, times)
    last = {FORMAT_NAME: found.pop(FORMAT_NAME)} if FORMAT_NAME in found else {}
    journal = {str(at / JOURNAL): _text((JournalLine(first=True),))}
    return RecordTexts(_changed(at, last), journal, _changed(at, accounts | found))


def _all_texts(
    at: Path, after: ImportRecords, times: Mapping[Key, str | None]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of all files by name, apart from them that of accounts."""
    by_year: dict[str, list[PostLine]] = {path.name: [] for path in record_files.post_files(at)}
    for key, line in after.posts.items():
        year = None if line.deleted else _YEAR.match(times.get(key) or "")
        by_year.setdefault(f"{year[0]}.jsonl" if year else UNDATED, []).append(line)
    threads = [ThreadLine(*key, digests) for key, digests in after.threads.items()]
    lines: dict[str, Iterable[Struct]] = {
        **by_year,
        record_files.THREADS: threads,
        record_files.PROFILES: after.profiles.values(),
        record_files.SOURCES: after.sources.values(),
    }
    found = {name: _text(of) for name, of in lines.items()}
    accounts = {record_files.ACCOUNTS: _text(after.accounts.values())}
    if any(found.values()) or any(accounts.values()):
        found[FORMAT_NAME] = f"{FORMAT}\n"  # the last file to be written
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


def _text(lines: Iterable[Struct]) -> str:
    """Format JSON lines, sorted, each once."""
    encoded = sorted({*map(_encode, lines)})
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
    return text.encode() != record_files.read(path)
