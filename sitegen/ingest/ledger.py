"""The ledger of an import: a line for every record of a source, with its outcome.

It is `.sitegen/ledger/NAME.jsonl`; the first line is a summary. The next import of a source with
the same name overwrites it. A line for each source is kept with the archive, in the records.
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
from sitegen.ingest.source_reader import Read

FOLDER = "ledger"


def write(cache: Path, reads: tuple[Read, ...]) -> None:
    """Write the ledger of every source. Raises OSError."""
    encode = msgspec.json.Encoder().encode_lines
    texts = ((read, encode([*entries(read)])) for read in reads)
    files.write_each(((str(place(cache, read)), text) for read, text in texts), cache)


def source_line(read: Read, stamp: Stamp) -> SourceLine:
    """Return the line of a source for the records, without the folder it was in."""
    imported, name = read.imported, read.name
    if read.path:
        name = ", ".join(Path(each).name for each in name.split(", "))
    reasons = Counter(exclusion.reason for exclusion in imported.exclusions)
    return SourceLine(
        _printable(name),
        read.digest,
        imported.found,
        stamp.as_of,
        imported.records,
        sum(len(thread.posts) for thread in imported.threads),
        {reason: reasons[reason] for reason in sorted(reasons)},
    )


def place(cache: Path, read: Read) -> Path:
    """Return the path of a source's ledger."""
    mark = hashlib.blake2b(read.name.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    words = files.ascii_slug(Path(read.name).name)
    return cache / FOLDER / f"{'-'.join(filter(None, (words, mark)))}.jsonl"


def entries(read: Read) -> Iterator[dict[str, Any]]:
    """Yield the lines of the ledger: the summary, every post, and every exclusion."""
    yield summary(read)
    for thread in read.imported.threads:
        name, network = _printable(thread.id), _printable(thread.network)
        for post in thread.posts:
            yield {"post": _printable(post.id), "network": network, "thread": name}
    for exclusion in read.imported.exclusions:
        line = {"record": _printable(exclusion.record), "reason": exclusion.reason}
        yield line | ({"detail": _printable(exclusion.detail)} if exclusion.detail else {})


def summary(read: Read) -> dict[str, Any]:
    """Return the summary: records are posts and exclusions."""
    imported = read.imported
    return {
        "source": _printable(read.name),
        "found": imported.found,
        "records": imported.records,
        "posts": sum(len(thread.posts) for thread in imported.threads),
        "exclusions": dict(Counter(exclusion.reason for exclusion in imported.exclusions)),
    }


def _printable(text: str) -> str:
    """Return a text that can be encoded as UTF-8: lone surrogates are escaped."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
