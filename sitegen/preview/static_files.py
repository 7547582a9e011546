"""Map URL paths to media types and to files, never outside the output folder."""

from __future__ import annotations

import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path

# Not the system's table, so that a file has the same type on every machine.
_STANDARD_TYPES = mimetypes.MimeTypes(filenames=())
_TYPES = {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".jsonl": "application/jsonl",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".rss": "application/rss+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
_ATOM = b"http://www.w3.org/2005/Atom"
_JSON_FEED = b"https://jsonfeed.org/version/"
_HEAD_BYTES = 1_024


@dataclass(frozen=True)
class Location:
    """The file for a URL path; `lacks_slash` if it is a folder's path without the last slash."""

    file: Path
    lacks_slash: bool = False


def locate(output: Path, path: str) -> Location | None:
    """Find the file for the decoded path of a URL, as a static host does.

    `x` also finds `x.html`, a folder its `index.html`. Returns None if there is no such file, or
    if it is outside `output`, by its name or through a symbolic link.
    """
    segments = _split_path(path)
    if segments is None:
        return None
    *folders, name = segments
    for candidate in (name, f"{name}.html") if name else ():
        if file := _resolve_inside(output, [*folders, candidate]):
            return Location(file)
    index = [*folders, name, "index.html"] if name else [*folders, "index.html"]
    file = _resolve_inside(output, index)
    return Location(file, lacks_slash=bool(name)) if file else None


def _split_path(path: str) -> list[str] | None:
    """Split a path at slashes; None for one that no link of a site has."""
    # Not `isprintable`: names may have joiners, in Persian words and in emoji.
    if not path.startswith("/") or any(char < " " or char in "\\\x7f" for char in path):
        return None
    segments = path[1:].split("/")
    empty = any(not segment for segment in segments[:-1])
    return None if empty or "." in segments or ".." in segments else segments


def _resolve_inside(output: Path, segments: list[str]) -> Path | None:
    try:
        root = output.resolve(strict=True)
        file = root.joinpath(*segments).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # Missing, too long, a NUL, a loop of links.
        return None
    return file if file.is_relative_to(root) and file.is_file() else None


def media_type(file: Path) -> str:
    """Return the media type from the file's name, and for feeds from the first bytes."""
    suffix = file.suffix.lower()
    mime_type = _TYPES.get(suffix) or _STANDARD_TYPES.guess_type(f"x{suffix}")[0]
    mime_type = mime_type or "application/octet-stream"
    if mime_type in ("application/xml", "application/json"):
        return _feed_type(file) or mime_type
    return mime_type


def _feed_type(file: Path) -> str | None:
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if b"<feed" in head and _ATOM in head:  # RSS may name the namespace too.
        return "application/atom+xml"
    return "application/feed+json" if _JSON_FEED in head else None


def is_text(mime_type: str) -> bool:
    """Return whether the type is text, which sitegen writes as UTF-8."""
    return mime_type.startswith("text/") or mime_type.endswith(("json", "xml", "jsonl"))


def error_text(error: OSError) -> str:
    """Return the message of a file system error."""
    return error.strerror or os.strerror(error.errno or 0)
