"""Who makes pictures smaller: Pillow, of some version, with some settings; nobody without it.

A build that changes nothing asks this too: Pillow is looked for, and never loaded here.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sitegen.config.schema import Build


def mark(build: Build) -> bytes:
    """Return what is other when pictures may come out otherwise; nothing where none are made."""
    place = _place() if build.image_sizes and build.image_widths else None
    if place is None:
        return b""
    identity = repr((build.image_format, build.image_widths, place, _stat(place), _version(place)))
    return hashlib.blake2b(identity.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _place() -> str | None:
    from importlib.util import find_spec

    try:
        spec = find_spec("PIL")
    except (ImportError, ValueError):
        return None
    return spec.origin if spec else None


def _stat(place: str) -> tuple[int, int] | None:
    try:
        stat = os.stat(place)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _version(place: str) -> bytes:
    """Return where a Pillow says its version; if that is elsewhere one day, its time has to do."""
    try:
        return Path(place).with_name("_version.py").read_bytes()
    except OSError:
        return b""
