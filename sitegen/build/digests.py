"""What tells two values apart: 16 bytes of BLAKE2b, which no two others share by chance."""

from hashlib import blake2b


def digest(data: bytes) -> bytes:
    """Return the digest of bytes."""
    return blake2b(data, digest_size=16).digest()
