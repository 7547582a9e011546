"""BLAKE2b digests that identify values, long enough that none collide by chance."""

from hashlib import blake2b


def hash_bytes(data: bytes) -> bytes:
    """Return the 16-byte digest of bytes."""
    return blake2b(data, digest_size=16).digest()


def hash_text(text: str, size: int) -> str:
    """Return the hexadecimal digest of a text, `size` bytes long; lone surrogates are allowed."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
