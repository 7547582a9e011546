"""Counts of likes, reposts, replies and quotes, in content/counts/YYYY.csv by a post's year.

They change with every export, so they are kept out of the files that people edit. The rows are
sorted by network and id, so that git can unite those of two people; of two rows of a post, the one
with the higher counts is taken, as counts mostly grow.
"""

from __future__ import annotations

import csv
import io
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path

from sitegen import files
from sitegen.errors import ContentError
from sitegen.formats.conflict_markers import refuse_conflicts
from sitegen.model import NO_COUNTS, Counts, Json

FOLDER = "counts"
NAMES = ("likes", "reposts", "replies", "quotes")
HEADER = ("network", "id", *NAMES)
UNDATED = "undated"
MAX_YEARS = 3  # kept in memory: the files of threads are read by year
_YEAR = re.compile(r"\d{4}")
_NO_ROWS: dict[tuple[str, str], Counts] = {}
Key = tuple[str, str]


def year_of(created_at: str | None) -> str:
    """Return the name of the file for a post of this time, without its ending."""
    year = _YEAR.match(created_at or "")
    return year[0] if year else UNDATED


class CountsReader:
    """Looks up the counts of posts, by years as they are needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._years: OrderedDict[str, dict[Key, Counts]] = OrderedDict()
        self._has_any = self._folder.is_dir()

    def of(self, network: str, identity: str, created_at: str | None) -> Counts:
        """Return the counts of a post; empty if there are none. Raises ContentError."""
        if not self._has_any:
            return NO_COUNTS
        year = year_of(created_at)
        if year not in self._years:
            self._load(year)
        return self._years[year].get((network, identity), NO_COUNTS)

    def _load(self, year: str) -> None:
        self._years[year] = read(self._folder / f"{year}.csv")
        if len(self._years) > MAX_YEARS:
            self._years.popitem(last=False)


def read_all(folder: Path) -> dict[Key, Counts]:
    """Return the counts of all posts of a content folder. Raises ContentError."""
    counts: dict[Key, Counts] = {}
    for path in sorted((folder / FOLDER).glob("*.csv")):
        counts |= read(path)
    return counts


def read(path: Path) -> dict[Key, Counts]:
    """Read the counts of a file; empty if it is missing. Raises ContentError."""
    try:
        data = files.read(str(path))
        refuse_conflicts(data, str(path))
        text = data.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return _NO_ROWS
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ContentError("not UTF-8", path=path, line=line, hint="save it as UTF-8.") from error
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise ContentError(what, path=path, hint="check its permissions.") from error
    rows: dict[Key, Counts] = {}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if row and tuple(row) != HEADER:
                network, identity, *numbers = row
                key, counts = (network, identity), _counts(numbers)
                rows[key] = max(rows[key], counts, key=rank) if key in rows else counts
    except (csv.Error, ValueError) as error:
        what = f"not a row of {','.join(HEADER)}"
        hint = "take the file back from git, or delete the row: the next import adds it again."
        raise ContentError(what, path=path, line=reader.line_num, hint=hint) from error
    return rows


def _counts(numbers: list[str]) -> Counts:
    """Return the counts of a row. Raises ValueError."""
    if len(numbers) != len(NAMES) or not all(n == "" or n.isdecimal() for n in numbers):
        raise ValueError(numbers)
    likes, reposts, replies, quotes = [int(n) if n else None for n in numbers]
    return Counts(likes, reposts, replies, quotes)


def from_parts(parts: Mapping[str, Json]) -> Counts:
    """Return counts from an object of a post's line; what is not a count is left out."""
    known = {n: v for n, v in parts.items() if n in NAMES and type(v) is int and v >= 0}
    return Counts(**known)


def rank(counts: Counts) -> tuple[int, tuple[int, ...]]:
    """Return a sort key by which any two different counts have an order."""
    numbers = (counts.likes, counts.reposts, counts.replies, counts.quotes)
    return sum(n or 0 for n in numbers), tuple([-1 if n is None else n for n in numbers])


def is_writable(network: str, identity: str) -> bool:
    """Return whether a post can have a row: lone surrogates have no UTF-8."""
    return (network + identity).isascii() or not re.search("[\ud800-\udfff]", network + identity)


def texts(
    folder: Path, counts: Mapping[Key, Counts], times: Mapping[Key, str | None]
) -> dict[str, str]:
    """Format counts as changed files by path; `times` are the posts' times, for their years."""
    by_year: dict[str, list[Key]] = {path.stem: [] for path in (folder / FOLDER).glob("*.csv")}
    for key in counts:
        by_year.setdefault(year_of(times.get(key)), []).append(key)
    found = {
        folder / FOLDER / f"{year}.csv": _text(sorted(keys), counts)
        for year, keys in by_year.items()
    }
    return {str(path): text for path, text in found.items() if _differs(path, text)}


def _text(keys: Iterable[Key], counts: Mapping[Key, Counts]) -> str:
    out = io.StringIO(newline="")
    write = csv.writer(out, lineterminator="\n").writerow
    write(HEADER)
    for key in keys:
        row = counts[key]
        write((*key, row.likes, row.reposts, row.replies, row.quotes))
    return out.getvalue()


def _differs(path: Path, text: str) -> bool:
    try:
        return files.read(str(path)) != text.encode()
    except FileNotFoundError:
        return True
