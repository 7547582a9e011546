"""Format a post in a thread's file: its line in front matter, its marker and its section."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from sitegen.content.format.draft import TEXT, Parts
from sitegen.content.post_media import media_block, media_parts
from sitegen.content.post_media.media_parts import ALT, MEDIA

MARKER_SAFE = "._:/@+=,!*'()~"


def line(identity: str, parts: Parts) -> Parts:
    """Return a post's line: the id, then all parts except those of the section."""
    found: Parts = {"id": identity}
    for name, value in parts.items():
        if name == MEDIA and isinstance(value, list):
            if items := media_parts.format_media(parts)[0]:
                found[MEDIA] = items
        elif name != TEXT and not name.startswith(ALT):
            found[name] = value
    return found


def section(parts: Parts, levels: int = media_block.LEVELS) -> str:
    """Return a post's Markdown: its text, then its media."""
    text = str(parts[TEXT])
    if MEDIA not in parts:
        return text
    return media_block.format_section(text, media_parts.format_media(parts, levels)[1])


def body(preamble: str, sections: Mapping[str, str]) -> str:
    """Format the body: a person's preamble, then each post's section under its marker."""
    pieces = [preamble.strip("\n")] if preamble.strip() else []
    for identity, written in sections.items():
        pieces += [marker(identity), written]
    return "".join([f"\n{piece}\n" for piece in pieces if piece])


def marker(identity: str) -> str:
    """Return the marker line before a post's text."""
    return f"<!-- post {marker_name(identity)} -->"


def marker_name(identity: str) -> str:
    """Return an id escaped for an HTML comment: no space, no "--", no ">"."""
    if identity.isascii() and identity.isalnum():
        return identity
    name = quote(identity, safe=MARKER_SAFE, errors="surrogatepass")
    return name.replace("--", "-%2D").removesuffix("-") + ("%2D" if name.endswith("-") else "")
