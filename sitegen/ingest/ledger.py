"""The ledger of an import: a line for every record of a source, with what became of it.

`.sitegen/ledger/NAME.jsonl`; the first line sums up. A source of the same name has its ledger
written anew each time.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from sitegen import files
from sitegen.ingest.source_reader import Read

FOLDER = "ledger"


def write(cache: Path, found: tuple[Read, ...]) -> None:
    """Write the ledger of every source. Raises OSError."""
    encode = msgspec.json.Encoder().encode_lines
    texts = ((read, encode([*entries(read)])) for read in found)
    files.write_each(((str(place(cache, read)), text) for read, text in texts), cache)


def place(cache: Path, read: Read) -> Path:
    """Return where a source's ledger is."""
    mark = hashlib.blake2b(read.name.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    words = files.ascii_slug(Path(read.name).name)
    return cache / FOLDER / f"{'-'.join(filter(None, (words, mark)))}.jsonl"


def entries(read: Read) -> Iterator[dict[str, Any]]:
    """Yield the ledger: the sum, every post, and every record that became none."""
    yield summary(read)
    for thread in read.imported.threads:
        name, network = _told(thread.id), _told(thread.network)
        for post in thread.posts:
            yield {"post": _told(post.id), "network": network, "thread": name}
    for exclusion in read.imported.exclusions:
        told = {"record": _told(exclusion.record), "reason": exclusion.reason}
        yield told | ({"detail": _told(exclusion.detail)} if exclusion.detail else {})


def summary(read: Read) -> dict[str, Any]:
    """Return the sum: records are posts and exclusions."""
    imported = read.imported
    return {
        "source": _told(read.name),
        "found": imported.found,
        "records": imported.records,
        "posts": sum(len(thread.posts) for thread in imported.threads),
        "exclusions": dict(Counter(exclusion.reason for exclusion in imported.exclusions)),
    }


def _told(text: str) -> str:
    """Return a text as UTF-8 can have it: a lone surrogate shows as its escape."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
