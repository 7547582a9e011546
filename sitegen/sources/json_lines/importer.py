"""Import JSON lines in the schema of `sitegen export`, for any source without an importer."""

from __future__ import annotations

from pathlib import Path

from sitegen import exchange, threads
from sitegen.errors import SeveralErrors, SitegenError, SourceError
from sitegen.formats.archives.streams import unreadable_error
from sitegen.model import Profile, Thread
from sitegen.sources import Imported, Options, Reason, Source
from sitegen.sources.accounting import Accounting
from sitegen.sources.json_lines import grouping
from sitegen.sources.json_lines.grouping import Line

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MAX_ERRORS = 100  # reported at once; a file with more is probably of another kind
# Visibilities of posts that are excluded unless an option includes them, and the reasons.
_RESTRICTED: dict[str | None, tuple[Reason, str]] = {
    "followers": ("not public", "for followers: --include followers"),
    "direct": ("private message", "--include direct"),
    "unknown": ("not public", "it is not known who may see it: --include unknown"),
}


class JsonLines:
    """Imports the lines that `sitegen export` writes."""

    name = "JSON lines"
    looks_for = 'lines such as {"id": …, "network": …, "text": …}'

    def detect(self, source: Source) -> str | None:
        """Claim a file whose first line begins a JSON object with a post's fields."""
        head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
        first = head.split(b"\n", 1)[0]
        named = all(f'"{key}"'.encode() in first for key in ("id", "network", "text"))
        return exchange.NAME if first.startswith(b"{") and named else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read every line; of several lines with the same id, the last one counts."""
        accounting = Accounting()
        lines = _lines(source.path)
        accounting.records = len(lines)
        shown = _without_restricted(_without_duplicates(lines, accounting), options, accounting)
        threads_read = grouping.threads_of(shown)
        return accounting.report(exchange.NAME, threads_read, _profiles(threads_read))


def _lines(path: Path) -> tuple[Line, ...]:
    """Read all lines. Raises SourceError, or SeveralErrors with an error per invalid line."""
    parsed: list[Line] = []
    errors: list[SitegenError] = []
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                line = raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw
                try:
                    if read := exchange.line(line, path, number):
                        parsed.append(Line(number, *read))
                except SourceError as error:
                    errors.append(error)
                    if len(errors) == MAX_ERRORS:
                        break
    except OSError as error:
        raise unreadable_error(path, error) from error
    if errors:
        raise SeveralErrors.combine(errors)
    return tuple(parsed)


def _without_duplicates(lines: tuple[Line, ...], accounting: Accounting) -> tuple[Line, ...]:
    if len({line.post.id for line in lines}) == len(lines):
        return lines  # the usual case; otherwise two networks may use the same id
    last = {threads.key(line.post): line for line in lines}
    for line in lines:
        if (last_line := last[threads.key(line.post)]) is not line:
            accounting.exclude(
                f"line {line.number}", "same post twice", f"as line {last_line.number}"
            )
    return tuple([line for line in lines if last[threads.key(line.post)] is line])


def _without_restricted(
    lines: tuple[Line, ...], options: Options, accounting: Accounting
) -> tuple[Line, ...]:
    """Exclude posts with a restricted audience, unless the options include them.

    An export has everything in content/, but another person may import it.
    """
    restricted = _RESTRICTED.keys() - options.include
    if all(line.post.visibility not in restricted for line in lines):
        return lines
    for line in lines:
        if line.post.visibility in restricted:
            accounting.exclude(f"line {line.number}", *_RESTRICTED[line.post.visibility])
    return tuple([line for line in lines if line.post.visibility not in restricted])


def _profiles(threads: tuple[Thread, ...]) -> tuple[Profile, ...]:
    """Return a profile for each author with a handle or an id."""
    profiles: dict[tuple[str, str], Profile] = {}
    for network, author in {(p.network, p.author): None for t in threads for p in t.posts}:
        if identity := author.id or author.handle:
            profiles.setdefault(
                (network, identity), Profile(identity, network, author.handle, author.name)
            )
    return tuple(profiles.values())
