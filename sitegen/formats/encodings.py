"""Decode feeds and pages by byte order mark, declared encoding, or trial."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from sitegen.errors import SourceError
from sitegen.formats.archives.streams import unreadable_error

MAX_BYTES = 64 * 1024 * 1024
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WITHOUT_MARK = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"{\0", "utf-16-le"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.I)
# Python has codecs that are not for text, and some of these are slow.
_TEXTUAL = re.compile(
    r"utf-?(?:8|16|32)|us-?ascii|ascii|iso|latin|windows|cp\d|koi8|gb|big5|shift|euc|mac|tis|x-sjis"
    r"|x-gbk",
    re.IGNORECASE,
)


def read_whole(path: Path) -> bytes:
    """Read a file to parse in memory. Raises SourceError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(
                f"is larger than {MAX_BYTES // 2**20} MB",
                path=path,
                hint="no feed or page is that large.",
            )
        return path.read_bytes()
    except OSError as error:
        raise unreadable_error(path, error) from error


def decode(data: bytes) -> tuple[str, str | None]:
    """Decode bytes; return the text, and a note if the encoding is not the declared one.

    A byte order mark counts first, then the declared encoding, then UTF-8; anything else
    is read as windows-1252, as browsers do.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), None
    for begin, encoding in _WITHOUT_MARK:
        if data.startswith(begin):
            return data.decode(encoding, "replace"), None
    match = _DECLARED.match(data[:400]) or _CHARSET.search(data[:4096])
    declared = match[1].decode() if match else "utf-8"
    if re.match("utf-?(16|32)", declared, re.IGNORECASE):
        declared = "utf-8"  # otherwise the declaration could not have been read
    for encoding in dict.fromkeys((declared, "utf-8")):
        text = _decode_strictly(data, encoding)
        if text is not None:
            return (
                text,
                None if encoding == declared else f"a file in UTF-8 that says it is {declared}",
            )
    return data.decode(
        "cp1252", "replace"
    ), f"a file that is not in {declared}, read as windows-1252"


def decode_head(head: bytes) -> str:
    """Return the beginning of a file as text, without leading space and byte order mark."""
    return decode(head)[0].lstrip("\ufeff \t\r\n")


def _decode_strictly(data: bytes, encoding: str) -> str | None:
    if not _TEXTUAL.match(encoding):
        return None
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
