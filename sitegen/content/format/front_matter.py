"""Read and write front matter: a content file's text as (fields, body).

sitegen writes `key: value` lines whose value is JSON, and lists with one JSON object per line:
the subset of YAML that a line reader reads fast. Any other YAML is left to `yaml_text`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring

from msgspec import Struct

from sitegen.errors import ContentError
from sitegen.formats import json_text
from sitegen.model import Json

_PLAIN_OPENING = "---\n"
_OPENING = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSING = re.compile(r"\n---[ \t]*\r?(?:\n|\Z)")
_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*):(?: (?=[^ ])|$)")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TO_ESCAPE = "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"  # compiled only to write
# Keys that most files have, which need no check.
_COMMON = frozenset(
    ("title", "date", "network", "id", "author", "account", "tags", "posts", "written")
)
# The keys of a thread's file.
ORDINARY = _COMMON
_NOTHING: frozenset[str] = frozenset()
Writer = Callable[[Json], str]


class Split(Struct, frozen=True):
    """A file's front matter without its `---` lines, and the body."""

    head: str
    body: str


class Block(Struct, frozen=True):
    """The exact lines of one top-level key; with key "", comments and blank lines between keys."""

    key: str
    raw: str


def require(text: str, path: str, what: str) -> Split:
    """Split a file's text into head and body. Raises ContentError without front matter."""
    found = split(text, path)
    if found is None:
        raise ContentError(
            f"{what} must begin with front matter",
            path=path,
            line=1,
            hint="pages of your own live outside content/threads and content/profiles.",
        )
    return found


def split(text: str, path: str) -> Split | None:
    """Split a file's text into head and body; None if it has no front matter.

    A byte order mark and CRLF line ends are allowed; head and body keep their line ends.
    Raises ContentError when the opening `---` has no closing one.
    """
    if text.startswith(_PLAIN_OPENING):
        end = text.find("\n---", 3)
        if text.startswith("\n---\n", end):
            return Split(text[4 : end + 1], text[end + 5 :])
    opening = _OPENING.match(text)
    if opening is None:
        return None
    closing = _CLOSING.search(text, opening.end() - 1)
    if closing is None:
        hint = "add a line `---` after the last field, or put a blank line before the first `---`."
        raise ContentError("the front matter has no closing `---`", path=path, line=1, hint=hint)
    return Split(text[opening.end() : closing.start() + 1], text[closing.end() :])


def with_line_ends_of(old: str, text: str) -> str:
    """Return a new text of a file, with CRLF if all lines of the old one end so."""
    if "\r\n" not in old or old.count("\r\n") != old.count("\n"):
        return text
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def read(head: str, path: str, skip: frozenset[str] = _NOTHING) -> dict[str, Json]:
    """Parse the fields of a head, in order, without the keys to skip.

    Skipped keys that sitegen wrote are not parsed; read those with `read_key`. Raises
    ContentError for anything but a YAML mapping of plain data.
    """
    fields = _read_lines(head.replace("\r\n", "\n") if "\r" in head else head, skip)
    if fields is not None:
        return fields
    from sitegen.formats import yaml_text

    read = yaml_text.read(head, path)
    return {key: value for key, value in read.items() if key not in skip} if skip else read


def read_key(head: str, key: str, path: str) -> Json:
    """Parse one field of a head; None if it is missing. Raises ContentError."""
    found = re.search(rf"^{re.escape(key)}: (.*)\n(?=\S|\Z)", head, re.MULTILINE)
    if found:
        try:
            return _json(found[1].rstrip("\r"))
        except ValueError:
            pass
    return read(head, path).get(key)


def line_of(head: str, key: str) -> int:
    """Return the line number of a front matter key in its file, or 1 if it is not found."""
    found = re.search(rf"^[ \t]*[\"']?{re.escape(key)}[\"']?\s*:", head, re.MULTILINE)
    return head.count("\n", 0, found.start()) + 2 if found else 1


def blocks(head: str, path: str | None = None) -> tuple[Block, ...]:
    """Split a head into the blocks of its keys; their raw texts together are the head.

    Comments and blank lines between two keys are blocks with the key "", and so is a whole head
    that cannot be split. Raises ContentError for broken YAML.
    """
    starts = _key_lines(head.replace("\r\n", "\n") if "\r" in head else head)
    if starts is None:
        from sitegen.formats import yaml_text

        starts = yaml_text.key_lines(head, path or "")
    if not starts:
        return (Block("", head),) if head else ()
    lines = head.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    ends = [line for _, line in starts[1:]] + [len(lines)]
    cut = [Block("", "".join(lines[: starts[0][1]]))]
    for (key, start), end in zip(starts, ends, strict=True):
        last = _last_line(lines, start, end)
        cut.append(Block(key, "".join(lines[start:last])))
        cut.append(Block("", "".join(lines[last:end])))
    return tuple(block for block in cut if block.raw)


def without(head: str, key: str, path: str) -> str:
    """Return a head without a key; the rest is unchanged. Raises ContentError for broken YAML."""
    return "".join([block.raw for block in blocks(head, path) if block.key != key])


def line(key: str, value: Json, write: Writer = json_text.readable) -> str:
    r"""Format `key: value` as lines that end in "\n".

    The value is JSON that every YAML parser reads alike; a list of objects has one per line.
    Raises ValueError for NaN and infinities.
    """
    name = key if key in _COMMON or _KEY.fullmatch(key) else _dump(key, write)
    if isinstance(value, list) and set(map(type, value)) == {dict}:
        return f"{name}:\n" + "".join([f"  - {_dump(item, write)}\n" for item in value])
    return f"{name}: {_dump(value, write)}\n"


def join(fields: Mapping[str, Json], body: str, write: Writer = json_text.readable) -> str:
    """Format a file: the fields between `---` lines, then the body."""
    lines = [line(key, value, write) for key, value in fields.items()]
    return "---\n" + "".join(lines) + "---\n" + body


def _dump(value: Json, write: Writer) -> str:
    text = encode_basestring(value) if isinstance(value, str) else write(value)
    if text.isascii() and "\x7f" not in text:
        return text
    return re.sub(_TO_ESCAPE, lambda m: f"\\u{ord(m[0]):04x}", text)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


_decoder = json.JSONDecoder(
    parse_constant=json_text.reject_constant,
    parse_float=json_text.parse_finite,
    object_pairs_hook=_unique,
)
_scan: Callable[[str, int], tuple[Json, int]] = vars(_decoder)["scan_once"]


def _json(text: str) -> Json:
    """Decode JSON without trailing text. Raises ValueError."""
    try:
        value, end = _scan(text, 0)
    except (StopIteration, RecursionError) as error:
        raise ValueError("not JSON") from error
    if end != len(text):
        raise ValueError("more than JSON")
    if text.count("{") + text.count("[") >= json_text.MAX_DEPTH and json_text.is_too_deep(value):
        raise ValueError("nested too deeply for the fast reader")
    return value


def _read_lines(head: str, skip: frozenset[str]) -> dict[str, Json] | None:
    """Parse a head as sitegen writes it; None for anything else, which may be YAML or broken."""
    fields: dict[str, Json] = {}
    items: list[Json] | None = None
    key = ""
    try:
        for text in head.split("\n"):
            if text.startswith("  - {") and items is not None:
                if key not in skip:
                    items.append(_json(text[4:]))
                    fields[key] = items
            elif text and text[0] != "#":
                key, separator, value = text.partition(": ")
                if not separator and text[-1] == ":":
                    key, items = text[:-1], []
                elif value and value[0] != " ":
                    items = None
                else:
                    return None
                if key in fields or not (key in _COMMON or _KEY.fullmatch(key)):
                    return None
                if not value or key in skip:
                    fields[key] = None
                else:
                    fields[key] = _json(value)
    except ValueError:
        return None
    for key in skip:
        fields.pop(key, None)
    return fields


def _key_lines(head: str) -> list[tuple[str, int]] | None:
    """Return the keys and their line indexes in a head that `_read_lines` can parse."""
    if _read_lines(head, _NOTHING) is None:
        return None
    found = ((_LINE.match(text), number) for number, text in enumerate(head.split("\n")))
    return [(match[1], number) for match, number in found if match]


def _last_line(lines: list[str], start: int, end: int) -> int:
    """Return the end of a block without trailing comments and blank lines."""
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end
