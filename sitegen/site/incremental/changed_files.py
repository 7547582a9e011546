"""Find the content files that changed since the last build, which alone are read."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.errors import SeveralErrors
from sitegen.site.cache.build_state import State
from sitegen.site.parsing.file_reader import THREADS
from sitegen.site.parsing.items import ParsedFiles
from sitegen.site.scan import COUNTS, TOPIC_FILES, Scan, Signature, is_markdown


def changed_files(files: Mapping[str, Signature], last: State, reading: bytes) -> list[str]:
    """Return the Markdown files to parse: those that changed since the last build.

    If any table of counts changed, these are all thread files; if they are to be read in another
    way, which the fingerprint `reading` shows, all files.
    """
    before, cached = last.files, last.items if last.reading == reading else {}
    has_new_counts = _counts_of(before) != _counts_of(files)
    return [
        source
        for source, signature in files.items()
        # A signature without an inode is too young to be trusted.
        if (
            before.get(source) != signature
            or not signature[2]
            or source not in cached
            or (has_new_counts and source.startswith(THREADS))
        )
        and is_markdown(source)
    ]


def _counts_of(files: Mapping[str, Signature]) -> dict[str, Signature]:
    """Return the signatures of the tables of counts."""
    return {name: signature for name, signature in files.items() if name.startswith(COUNTS)}


def may_have_other_topics(scanned: Scan, last: State) -> bool:
    """Tell whether a file of topics changed since the last build, is too young to tell or a link.

    A scan does not see what a link leads to.
    """
    found = [(scanned.files.get(name), last.files.get(name)) for name in TOPIC_FILES]
    is_known = all(now == before and (now is None or now[2]) for now, before in found)
    return not is_known or not TOPIC_FILES.isdisjoint(scanned.other_links)


def require_valid(parsed: ParsedFiles) -> ParsedFiles:
    """Return the parsed files. Raises SeveralErrors with the errors of all broken ones."""
    if parsed.errors:
        raise SeveralErrors.combine([parsed.errors[source] for source in sorted(parsed.errors)])
    return parsed
