"""Short fingerprints of texts: how content/ tells what changed."""

from __future__ import annotations

from hashlib import blake2b


def of_text(text: str, size: int) -> str:
    """Return a fingerprint of so many bytes, in hexadecimal; lone surrogates count too."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
