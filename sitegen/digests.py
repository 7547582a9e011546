"""Digests that identify values: BLAKE2b, long enough that no two values collide by chance."""

from hashlib import blake2b


def of_bytes(data: bytes) -> bytes:
    """Return the 16-byte digest of bytes."""
    return blake2b(data, digest_size=16).digest()


def of_text(text: str, size: int) -> str:
    """Return the digest of a text, `size` bytes long, in hexadecimal; lone surrogates count too."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
