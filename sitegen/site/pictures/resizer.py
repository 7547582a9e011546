"""Fingerprint the picture resizer: Pillow's version and the settings it is used with.

Even an unchanged build needs the fingerprint, so this module locates Pillow without importing it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sitegen.config.schema import Build


def fingerprint(build: Build) -> bytes:
    """Return a digest that changes when resized pictures may; b"" if none are made."""
    path = _pillow_path() if build.image_sizes and build.image_widths else None
    if path is None:
        return b""
    identity = repr((build.image_format, build.image_widths, path, _stat(path), _version(path)))
    return hashlib.blake2b(identity.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _pillow_path() -> str | None:
    from importlib.util import find_spec

    try:
        spec = find_spec("PIL")
    except (ImportError, ValueError):
        return None
    return spec.origin if spec else None


def _stat(path: str) -> tuple[int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _version(path: str) -> bytes:
    """Return the source of Pillow's version module; without one, its mtime has to suffice."""
    try:
        return Path(path).with_name("_version.py").read_bytes()
    except OSError:
        return b""
