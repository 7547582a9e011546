"""JSON lines in sitegen's own export schema: for any source that has no importer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sitegen import exchange, threads
from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.formats import json_text
from sitegen.formats.json_fields import Record
from sitegen.model import Profile, Thread
from sitegen.sources import Exclusion, Imported, Options, Reason, Source
from sitegen.sources.json_lines import grouping
from sitegen.sources.json_lines.grouping import Line
from sitegen.sources.json_lines.plain_lines import PlainLines

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MAX_ERRORS = 100  # reported errors: a file with more wrong lines is another kind of file
# Visibilities of posts that are excluded unless an option includes them, and the reasons.
_CLOSED: dict[str | None, tuple[Reason, str]] = {
    "followers": ("not public", "for followers: --include followers"),
    "direct": ("private message", "--include direct"),
    "unknown": ("not public", "it is not known who may see it: --include unknown"),
}


class JsonLines:
    """Reads the lines that `sitegen export` writes."""

    name = "JSON lines"
    looks_for = 'lines such as {"id": …, "network": …, "text": …}'

    def detect(self, source: Source) -> str | None:
        """Claim a file whose first line begins a JSON object with a post's fields."""
        head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
        first = head.split(b"\n", 1)[0]
        named = all(f'"{key}"'.encode() in first for key in ("id", "network", "text"))
        return exchange.NAME if first.startswith(b"{") and named else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read every line; of several lines with one id the last counts."""
        lines = _lines(source.path)
        last, doubles = _without_doubles(lines)
        public, closed = _without_closed(last, options)
        threads_read = grouping.threads_of(public)
        return Imported(
            found=exchange.NAME,
            records=len(lines),
            threads=threads_read,
            profiles=_profiles(threads_read),
            exclusions=(*doubles, *closed),
        )


def _lines(path: Path) -> tuple[Line, ...]:
    """Read all lines. Raises SourceError, or SeveralErrors that names every wrong line."""
    plain = PlainLines()
    found: list[Line] = []
    wrong: list[SitegenError] = []
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                line = raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw
                try:
                    read = _line(plain, line, path, number)
                except SourceError as error:
                    wrong.append(error)
                    if len(wrong) == MAX_ERRORS:
                        break
                else:
                    if read:
                        found.append(read)
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror}", path=path, hint="check the path."
        ) from error
    if wrong:
        raise SeveralErrors.combine(wrong)
    return tuple(found)


def _line(plain: PlainLines, line: bytes, path: Path, number: int) -> Line | None:
    """Read a line; return None for a blank one. Raises SourceError."""
    if parsed := plain.read(line):
        return Line(number, *parsed)
    text = _decoded(line, path, number)
    return any_line(text, path, number) if text.strip() else None


def _decoded(line: bytes, path: Path, number: int) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise SourceError(
            f"is not UTF-8 (byte {line[error.start]:#04x})",
            path=path,
            line=number,
            hint="export the file again as UTF-8.",
        ) from error


def any_line(text: str, path: Path, number: int) -> Line:
    """Read any line, field by field, and check it."""
    try:
        fields = json.loads(
            text,
            parse_constant=json_text.reject_constant,
            parse_float=json_text.parse_finite,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"not a JSON object: {getattr(error, 'msg', error)}",
            path=path,
            line=number,
            hint="each line must be one whole JSON object; is the file cut off?",
        ) from error
    if not isinstance(fields, dict):
        raise SourceError("not a JSON object", path=path, line=number, hint="write {…} a line.")
    record = Record(fields, path, number, SourceError)
    post = exchange.exported(record)
    return Line(number, post, record.optional("thread"), record.count("position") or 0)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object; of duplicate keys the last counts, but privacy keys must be unique."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        if twice := next((key for key in exchange.PRIVACY if names.count(key) > 1), None):
            raise ValueError(f'"{twice}" is there twice')
    return found


def _without_doubles(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Exclusion, ...]]:
    if len({line.post.id for line in lines}) == len(lines):
        return lines, ()  # nearly always one; otherwise two networks may have the same ids
    last = {threads.key(line.post): line for line in lines}
    if len(last) == len(lines):
        return lines, ()
    unique = tuple(line for line in lines if last[threads.key(line.post)] is line)
    exclusions = tuple(
        Exclusion(
            f"line {line.number}",
            "same post twice",
            f"as line {last[threads.key(line.post)].number}",
        )
        for line in lines
        if last[threads.key(line.post)] is not line
    )
    return unique, exclusions


def _without_closed(
    lines: tuple[Line, ...], options: Options
) -> tuple[tuple[Line, ...], tuple[Exclusion, ...]]:
    """Exclude posts that not everybody may see, unless the options include them.

    An export has everything in content/, and its importer may be somebody else.
    """
    closed = _CLOSED.keys() - options.include
    if all(line.post.visibility not in closed for line in lines):
        return lines, ()
    shown = tuple(line for line in lines if line.post.visibility not in closed)
    exclusions = tuple(
        Exclusion(f"line {line.number}", *_CLOSED[line.post.visibility])
        for line in lines
        if line.post.visibility in closed
    )
    return shown, exclusions


def _profiles(threads: tuple[Thread, ...]) -> tuple[Profile, ...]:
    """Return a profile for each author with a handle or an id."""
    profiles: dict[tuple[str, str], Profile] = {}
    # most posts share their author object, and comparing identities is faster than values
    authors = {(p.network, id(p.author)): p.author for t in threads for p in t.posts}
    for (network, _), author in authors.items():
        if identity := author.id or author.handle:
            profiles.setdefault(
                (network, identity), Profile(identity, network, author.handle, author.name)
            )
    return tuple(profiles.values())
