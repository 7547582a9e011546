"""A feed's bytes to text: marks of byte order, declared encodings, and what does not fit them."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from sitegen.errors import SourceError

LARGEST = 64 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"{\0", "utf-16-le"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.I)
# Python knows more codecs than those of texts, and some take long.
_TEXTUAL = re.compile(
    r"utf-?(?:8|16|32)|us-?ascii|ascii|iso|latin|windows|cp\d|koi8|gb|big5|shift|euc|mac|tis|x-sjis"
    r"|x-gbk",
    re.IGNORECASE,
)


def whole(path: Path) -> bytes:
    """Read a file that is parsed in memory. Raises SourceError."""
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError(
                f"is larger than {LARGEST // 2**20} MB", path=path, hint="no feed or page is."
            )
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(f"cannot be read: {reason}", path=path, hint="check the path.") from error


def decoded(data: bytes) -> tuple[str, str | None]:
    """Return the text of bytes, and what was strange about them, or None.

    A mark of byte order counts most, then what the file declares, then UTF-8; what is none of
    these is read as windows-1252, as browsers do.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), None
    for begin, encoding in _UNMARKED:
        if data.startswith(begin):
            return data.decode(encoding, "replace"), None
    found = _DECLARED.match(data[:400]) or _CHARSET.search(data[:4096])
    told = found[1].decode() if found else "utf-8"
    if re.match("utf-?(16|32)", told, re.IGNORECASE):
        told = "utf-8"  # else these letters could not have been read
    for encoding in dict.fromkeys((told, "utf-8")):
        text = _strictly(data, encoding)
        if text is not None:
            return text, None if encoding == told else f"a file in UTF-8 that says it is {told}"
    return data.decode("cp1252", "replace"), f"a file that is not in {told}, read as windows-1252"


def beginning(head: bytes) -> str:
    """Return how a file begins, as text, without what stands before its first sign."""
    return decoded(head)[0].lstrip("\ufeff \t\r\n")


def _strictly(data: bytes, encoding: str) -> str | None:
    if not _TEXTUAL.match(encoding):
        return None
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
