"""The media block: the images and links to media files that end the section of a post.

The text.

![A well](../../media/0f3a.jpg)
[The well in sound](../../media/77b1.mp3)

It is the longest run of final lines that are nothing but one image or one link into
`content/media/`. Imported text never has such a line, since its brackets are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import quote, unquote, unquote_to_bytes

from msgspec import Struct

from sitegen.formats.media_kinds import kind_by_name
from sitegen.model import Media, MediaKind
from sitegen.text.code_samples import blank_out
from sitegen.text.printing import printable

_RECORD_FILE = re.compile(r'"(?:file": "|picture": "media/)([^"]+)"')
FOLDER = "media/"
LEVELS = 2  # from content/threads/2024/ up to content/
_ALT = r"(?:[^\\\[\]\n]|\\.|\[(?:[^\\\[\]\n]|\\.)*\](?!\())*"
_ADDRESS = r"<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s<>]*)"
_LINE = re.compile(rf"[ ]{{0,3}}(?P<image>!?)\[(?P<alt>{_ALT})\]\((?:{_ADDRESS})\)[ \t]*")
# A line as sitegen writes it, of which only the alt text needs to be read.
_PLAIN = re.compile(
    r"(!?)\[((?:[^\\\[\]\n]|\\.)*+)\]\(((?:\.\./)*)media/([A-Za-z0-9_-]+\.[A-Za-z0-9]+)\)"
)
_INLINE = re.compile(
    rf"(?<!\\)(?P<image>!?)\[(?P<alt>{_ALT})\]\([ ]*+"
    r"(?:<(?P<angled>[^<>\n]*)>|(?P<bare>(?:[^\s<>()]|\([^\s<>()]*\))*))"
    r"(?:[ ]++(?:\"[^\"\n]*\"|'[^'\n]*'))?[ ]*+\)"
)
_PICTURE = re.compile(rf"(?<!\\)!\[(?P<alt>{_ALT})\]")
_TAG = re.compile(r"<(?P<name>img|video|audio)\b(?P<attributes>[^>]*)>", re.IGNORECASE)
_TAGS: dict[str, MediaKind] = {"img": "image", "video": "video", "audio": "audio"}
_ALT_ATTRIBUTE = re.compile(r"""\balt\s*=\s*(?:"([^"]+)|'([^']+)|([^\s"'>]+))""", re.IGNORECASE)
_IN_TEXT = re.compile(r"""\bmedia/[^\s()<>"'\]]+""")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[0-9A-Za-z]+);")
# What has a meaning within a link's words; nothing else is escaped, since some renderers lose the
# escaped characters of alt text. Python-Markdown sees a definition in "]:" after a backslash too.
_TO_ESCAPE = re.compile(
    r"[\\\[\]`*<~\n]|(?<![^\W_])_|_(?![^\W_])|\{(?=[{%])|(?<=\{)\{|&(?=\#|[0-9A-Za-z]+;)"
)
_AS_ENTITY = {"\n": "&#10;", "]": "&#93;", "<": "&lt;", "&": "&amp;", "~": "&#126;"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_NEAR = re.compile(r"(?P<up>(?:\.{1,2}/)*)media/(?P<name>.+)", re.S)


class BlockLine(Struct, frozen=True, gc=False):
    """One line of a block: a file's name below media/, and its alt text, "" for none.

    `is_near` tells that the address leads from the thread's file to that one; otherwise only its
    tail does.
    """

    name: str
    alt: str
    is_image: bool
    is_near: bool = True

    @property
    def kind(self) -> MediaKind:
        """The kind of the file by its name, as far as that tells; a build knows its bytes."""
        return kind_of(self.name, self.is_image)


class Section(NamedTuple):
    """A post's Markdown: its text, and its media block."""

    text: str
    block: tuple[BlockLine, ...]


def split(section: str, levels: int = LEVELS) -> Section:
    """Split a post's Markdown into its text and its block; blank lines in a block are ignored.

    `levels` are the folders from the thread's file up to content/.
    """
    if not section.endswith((")", ") ", ")\t")) or FOLDER not in section:
        return Section(section, ())
    lines = section.split("\n")
    block: list[BlockLine] = []
    while lines:
        if lines[-1].strip(" \t"):
            found = parse(lines[-1], levels)
            if found is None:
                break
            block.append(found)
        lines.pop()
    if not block:
        return Section(section, ())
    return Section("\n".join(lines).rstrip(" \n"), tuple(reversed(block)))


def parse(line: str, levels: int = LEVELS) -> BlockLine | None:
    """Read a line of a block; None if it is anything else than one image or link into media/."""
    if plain := _PLAIN.fullmatch(line):
        image, alt, up, name = plain.groups()
        return BlockLine(name, _unescape(alt), bool(image), len(up) == 3 * levels)
    found = _LINE.fullmatch(line)
    if found is None or "](" in (found["bare"] or ""):
        return None
    target = _resolve(found["bare"] if found["angled"] is None else found["angled"], levels)
    if target is None:
        return None
    name, is_near = target
    return BlockLine(name, _unescape(found["alt"]), bool(found["image"]), is_near)


def format_line(name: str, alt: str, is_image: bool, levels: int = LEVELS) -> str:
    """Format a line of a block; the alt text must be printable."""
    words = _TO_ESCAPE.sub(lambda m: _AS_ENTITY.get(m[0], "\\" + m[0]), alt)
    return f"{'!' * is_image}[{words}]({address(name, levels)})"


def format_section(text: str, lines: list[str]) -> str:
    """Return a post's Markdown: its text, a blank line, its block."""
    return "\n\n".join(filter(None, (text, "\n".join(lines))))


def address(name: str, levels: int = LEVELS) -> str:
    """Return the address of a media file, from a file that is some folders below content/."""
    return "../" * levels + FOLDER + _quoted(name)


def levels_of(path: str) -> int:
    """Return the number of folders from a thread's file up to content/, by its path."""
    parts = path.replace("\\", "/").split("/")
    folders = parts[:-1]
    if "threads" not in folders:
        return LEVELS
    return folders[::-1].index("threads") + 1


def name_of(path: object) -> str | None:
    """Return the name of a file below media/ that a block can have; None for any other path."""
    if not isinstance(path, str) or not path.startswith(FOLDER):
        return None
    name = path.removeprefix(FOLDER)
    return name if _is_plain(name) else None


def kind_of(name: str, is_image: bool) -> MediaKind:
    """Return the kind of a file by its extension; if that is unknown, an image stays one."""
    return kind_by_name(name) or ("image" if is_image else "file")


def flatten(alt: str) -> str:
    """Return alt text as a block shows it: control characters are replaced."""
    return alt if alt.isprintable() else printable(alt)


def inline_images(text: str) -> Iterator[str]:
    """Yield the paths of the media files that images within a person's text show."""
    for found in _INLINE.finditer(blank_out(text)) if FOLDER in text else ():
        if found["image"] and (path := _inline_path(found)):
            yield path


def inline_media(text: str) -> tuple[Media, ...]:
    """Return what a person's text shows or links to, with alt texts, but without the paths.

    Pictures also count if their files are elsewhere, and HTML does; code samples do not.
    """
    shown = blank_out(text)
    pictures = [Media("image", None, found["alt"]) for found in _PICTURE.finditer(shown)]
    tags = [_medium_of_tag(found) for found in _TAG.finditer(shown)]
    kinds = dict.fromkeys([kind for path in named_files(shown) if (kind := kind_by_name(path))])
    return (*pictures, *tags, *[Media(kind, None) for kind in kinds])


def _medium_of_tag(found: re.Match[str]) -> Media:
    name = found["name"].lower()
    alt = _ALT_ATTRIBUTE.search(found["attributes"])
    return Media(_TAGS[name], None, alt[alt.lastindex or 0] if alt else None)


def named_files(text: str) -> Iterator[str]:
    """Yield the paths of the media files that a person's text names, wherever in it."""
    yield from (unquote(name) for name in _IN_TEXT.findall(text))
    for found in _INLINE.finditer(text):
        if path := _inline_path(found):
            yield path


def describe_images(text: str, missing: Container[str], undescribed: str) -> str:
    """Replace images within a person's text whose files are missing by their alt texts.

    `undescribed` are the words in place of an alt text that is empty.
    """
    pieces: list[str] = []
    cursor = 0
    for found in _INLINE.finditer(blank_out(text)):
        if found["image"] and _inline_path(found) in missing:
            alt = text[slice(*found.span("alt"))] or undescribed
            pieces += (text[cursor : found.start()], rf"\[{alt}\]")
            cursor = found.end()
    return "".join([*pieces, text[cursor:]])


def _inline_path(found: re.Match[str]) -> str | None:
    angled = found["angled"]
    target = _resolve(found["bare"] if angled is None else angled, LEVELS)
    return FOLDER + target[0] if target else None


def lines_naming_files(paths: Iterable[str], text: str) -> dict[str, int]:
    """Return media files that a file names, each with the number of its first line."""
    numbers = {path: _line_of_only_link(path, text) for path in paths}
    if all(numbers.values()):
        return numbers
    return {path: number or 1 for path, number in (numbers | _named_lines(text)).items()}


def _line_of_only_link(path: str, text: str) -> int:
    """Return the number of the line with a media file's link, as imports write it; 0 if unsure."""
    start = text.find(f"/{path})") + 1
    if not start or text.find(path, start + 1) >= 0:
        return 0
    return text.count("\n", 0, start) + 1


def _named_lines(text: str) -> dict[str, int]:
    """Return the media files that a file names, each with the number of its first line.

    Code samples count only for files that nothing else names.
    """
    numbers: dict[str, int] = {}
    shown = blank_out(text) if FOLDER in text else ""
    lines = [*enumerate(shown.split("\n"), 1)]
    lines += enumerate(text.split("\n"), 1) if shown != text else ()
    for number, line in lines:
        if FOLDER in line or '"file"' in line:
            in_record = (FOLDER + name for name in _RECORD_FILE.findall(line))
            for path in (*named_files(line), *in_record):
                numbers.setdefault(path, number)
    return numbers


def _resolve(written: str, levels: int) -> tuple[str, bool] | None:
    """Return the name that an address leads to, and whether it does so from its own file."""
    plain = _unescape(written) if "\\" in written or "&" in written else written
    if _SCHEME.match(plain) or "?" in plain or "#" in plain:
        return None
    whole = _unquoted(plain) if "%" in plain else plain
    near = _NEAR.fullmatch(whole)
    if near:
        name, is_near = near["name"], near["up"].count("../") == levels
    else:
        _, tail, name = whole.rpartition("/" + FOLDER)
        is_near = False
        if not tail:
            return None
    return (name, is_near) if _is_plain(name) else None


def _is_plain(name: str) -> bool:
    """Return whether a name leads to a place below media/, and nowhere else."""
    return not {"", ".", ".."}.intersection(name.split("/")) and "\0" not in name


def _quoted(name: str) -> str:
    if name.isascii() and name.replace("-", "").replace(".", "").isalnum():
        return name
    return "".join(
        [c if c.isalnum() else quote(c, safe="/+=@,", errors="surrogatepass") for c in name]
    )


def _unquoted(written: str) -> str:
    data = unquote_to_bytes(written.encode("utf-8", "surrogatepass"))
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _unescape(written: str) -> str:
    return _ESCAPED.sub(_character, written) if "\\" in written or "&" in written else written


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    entity = found[0]
    if not entity.startswith("&#"):
        return unescape(entity)
    digits = entity[2:-1]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    is_valid = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_valid else entity
