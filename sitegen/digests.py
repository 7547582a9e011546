"""What tells two values apart: BLAKE2b, of as many bytes as chance must not share."""

from hashlib import blake2b


def of_bytes(data: bytes) -> bytes:
    """Return the digest of bytes: 16 of them, which no two others share by chance."""
    return blake2b(data, digest_size=16).digest()


def of_text(text: str, size: int) -> str:
    """Return a fingerprint of so many bytes, in hexadecimal; lone surrogates count too."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
