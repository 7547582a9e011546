"""Detect files that could run as part of a site, and rename them so that they cannot.

A host derives the type of a file from its name; if it does not, browsers look at the first
bytes. Thus both matter: an HTML page called `.jpg` is not an image, and an image called `.html` may
be read as a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from msgspec import Struct

from sitegen.media.sniffing import HEAD_BYTES, SVG, UNKNOWN, Kind, detect_kind
from sitegen.model import MediaKind

Open = Callable[[], BinaryIO]
TEXT = Kind("file", "txt")
SVG_PICTURE = Kind("image", "svg")

# Extensions of files that hosts serve as active content, or run themselves.
_ACTIVE_EXTENSIONS = """
    htm html shtm shtml stm xhtm xhtml xht mht mhtml hta htc xml xsl xslt xsd dtd rdf rss atom
    svg svgz mml mathml xul xbl wsdl js mjs cjs jsm es wasm swf jar class
    php php3 php4 php5 php6 php7 php8 php9 phtml phtm pht phps phar asp asa cer cdx aspx ashx asmx
    axd jsp jspx jspf cfm cfc cgi pl py rb fcgi
"""
# Extensions that every host knows as passive. As the last one, they decide the type; after an
# extension that a host does not know, the one before counts. A host may run a file that has an
# active extension anywhere (https://httpd.apache.org/docs/2.4/mod/mod_mime.html, "Files with
# Multiple Extensions"), so the dot before such an extension is replaced.
_PASSIVE_EXTENSIONS = """
    jpg jpeg jpe png gif webp avif bmp tif tiff ico mp3 mp4 m4a m4v mov mpg mpeg avi wav flac ogg
    oga ogv opus webm pdf txt zip
"""
_ACTIVE, _PASSIVE = frozenset(_ACTIVE_EXTENSIONS.split()), frozenset(_PASSIVE_EXTENSIONS.split())
_MAY_RUN = "hosts may run files with such a name"
_PLAIN = frozenset(("txt", "text", "log", "csv", "tsv", "json", "ics"))
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:[a-z!?/]|$)", re.IGNORECASE)
_WIDE = re.compile(rb"\xff\xfe(?:\s\0)*<\0|\xfe\xff(?:\0\s)*\0<|(?:\0\s)*\0<\0|<\0")
_INSIDE = re.compile(
    rb"<(?:!doctype|\?xml|(?:[a-z]+:)?(?:html|head|body|script|style|iframe|object|embed|svg|math"
    rb"|meta|link|base|form|img|video|audio|a|div|table)[\s/>])",
    re.IGNORECASE,
)


class SafeName(Struct, frozen=True, array_like=True):
    """The name that a file must have on a site, its kind under that name, and the reason."""

    name: str
    kind: MediaKind
    reason: str


class Inspection(NamedTuple):
    """The kind of a file by its bytes, None if they are unknown, and a safe name if needed."""

    kind: Kind | None
    safe_name: SafeName | None


def storage_kind(open_file: Open, head: bytes) -> Kind:
    """Return the kind to store a file as, by its bytes alone; active content is stored as text."""
    kind = detect_kind(head)
    if kind == SVG:
        from sitegen.media import svg  # rarely needed, and it loads a parser

        with open_file() as stream:
            is_picture = svg.is_picture(stream.read(svg.MAX_BYTES + 1))
        return SVG_PICTURE if is_picture else TEXT
    if starts_with_tag(head) or (kind == UNKNOWN and has_markup(head)):
        return TEXT  # a video of unknown kind may begin with any bytes, so with a tag
    return kind


def inspect(path: Path) -> Inspection:
    """Return what the bytes of a media file say, and its safe name. Raises OSError."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    kind = storage_kind(lambda: path.open("rb"), head)
    return Inspection(None if kind == UNKNOWN else kind, _safe_name(path, kind))


def _safe_name(path: Path, kind: Kind) -> SafeName | None:
    extensions = _extensions(path.name)
    if _has_active_type(extensions):
        return _rename_active(path.name, extensions, kind)
    if kind == TEXT and _PLAIN.isdisjoint(extensions[-1:]):
        return _rename_as_text(path.name, "its bytes are those of a page or a program")
    if not _ACTIVE.isdisjoint(extensions):
        return SafeName(_disarm_extensions(path.name), kind.kind, _MAY_RUN)
    return None


def starts_with_tag(head: bytes) -> bool:
    """Return whether a file begins with a tag."""
    return _BEGINNING.match(head) is not None or _WIDE.match(head) is not None


def has_markup(head: bytes) -> bool:
    """Return whether a text has tags that a browser may read as HTML."""
    return b"\0" not in head and _INSIDE.search(head) is not None


def _rename_active(name: str, extensions: list[str], kind: Kind) -> SafeName | None:
    """Return the safe name of a file that has an active extension."""
    if kind == SVG_PICTURE and extensions[-1] == "svg":
        if _ACTIVE.isdisjoint(extensions[:-1]):
            return None
        name = f"{_disarm_extensions(name.rpartition('.')[0])}.svg"
        return SafeName(name, kind.kind, _MAY_RUN)
    if kind.kind == "file" or kind == SVG_PICTURE:
        return _rename_as_text(name, "it may run as part of the site")
    return SafeName(
        f"{_disarm_extensions(name)}.{kind.extension}",
        kind.kind,
        f"its name is not that of {kind.extension} and may run as part of the site",
    )


def _rename_as_text(name: str, why: str) -> SafeName:
    return SafeName(f"{_disarm_extensions(name)}.{TEXT.extension}", TEXT.kind, why)


def _disarm_extensions(name: str) -> str:
    """Replace the dots before active extensions: `x.php.jpg` becomes `x-php.jpg`."""
    first, *rest = name.split(".")
    return first + "".join(
        [f"{'-' if _extension(part) in _ACTIVE else '.'}{part}" for part in rest]
    )


def _extensions(name: str) -> list[str]:
    """Return the extensions of a name, in lower case and without surrounding spaces."""
    return [_extension(part) for part in name.split(".")[1:]]


def _extension(part: str) -> str:
    return part.lower().strip(" ~\t")


def _has_active_type(extensions: list[str]) -> bool:
    return not _ACTIVE.isdisjoint(extensions) and extensions[-1] not in _PASSIVE
