"""The ledger of an import: one line for every record of a source, with its outcome.

It is stored as `.sitegen/ledger/NAME.jsonl`; the first line is a summary. The next import of a
source with the same name overwrites it. A line for each source is kept with the archive, in the
records.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from sitegen import files
from sitegen.content.imported.record_lines import SourceLine
from sitegen.content.imported.stamps import Stamp
from sitegen.ingest.source_reader import ReadSource

FOLDER = "ledger"


def write(cache: Path, sources: tuple[ReadSource, ...]) -> None:
    """Write the ledger of every source. Raises OSError."""
    encode = msgspec.json.Encoder().encode_lines
    texts = ((source, encode([*entries(source)])) for source in sources)
    files.write_each(((str(ledger_path(cache, source)), text) for source, text in texts), cache)


def source_line(source: ReadSource, stamp: Stamp) -> SourceLine:
    """Return the line of a source for the records, without the folder it was in."""
    imported, name = source.imported, source.name
    if source.path:
        name = ", ".join(Path(each).name for each in name.split(", "))
    reasons = Counter(exclusion.reason for exclusion in imported.exclusions)
    return SourceLine(
        _printable(name),
        source.digest,
        imported.found,
        stamp.as_of,
        imported.records,
        sum(len(thread.posts) for thread in imported.threads),
        {reason: reasons[reason] for reason in sorted(reasons)},
    )


def ledger_path(cache: Path, source: ReadSource) -> Path:
    """Return the path of a source's ledger."""
    digest = hashlib.blake2b(
        source.name.encode("utf-8", "surrogateescape"), digest_size=4
    ).hexdigest()
    slug = files.ascii_slug(Path(source.name).name)
    return cache / FOLDER / f"{'-'.join(filter(None, (slug, digest)))}.jsonl"


def entries(source: ReadSource) -> Iterator[dict[str, Any]]:
    """Yield the lines of the ledger: the summary, every post, and every exclusion."""
    yield summary(source)
    for thread in source.imported.threads:
        thread_id, network = _printable(thread.id), _printable(thread.network)
        for post in thread.posts:
            yield {"post": _printable(post.id), "network": network, "thread": thread_id}
    for exclusion in source.imported.exclusions:
        line = {"record": _printable(exclusion.record), "reason": exclusion.reason}
        yield line | ({"detail": _printable(exclusion.detail)} if exclusion.detail else {})


def summary(source: ReadSource) -> dict[str, Any]:
    """Return the summary: records are posts and exclusions."""
    imported = source.imported
    return {
        "source": _printable(source.name),
        "found": imported.found,
        "records": imported.records,
        "posts": sum(len(thread.posts) for thread in imported.threads),
        "exclusions": dict(Counter(exclusion.reason for exclusion in imported.exclusions)),
    }


def _printable(text: str) -> str:
    """Return a text that can be encoded as UTF-8: lone surrogates are escaped."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
