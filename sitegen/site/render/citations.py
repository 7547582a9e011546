"""Citations of threads and posts: as plain text, in Markdown, and for BibTeX."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from sitegen import digests
from sitegen.site import url_encoding
from sitegen.site.views.links import Writer
from sitegen.site.views.template_values import SiteView
from sitegen.text.printing import printable

# BibTeX counts every brace, also one after a backslash, so braces become commands.
IN_BIBTEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{character: f"\\{character}" for character in "%#$&_"},
    }
)
# Entities where Markdown's dialects differ about the backslash.
IN_MARKDOWN = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "~": "&#126;",
        "|": "&#124;",
        **{character: f"\\{character}" for character in "\\`*_[]"},
    }
)
IN_ADDRESS = str.maketrans({c: f"%{ord(c):02X}" for c in '()<>{}\\"^`| '})
NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9-]+")


class Citation(NamedTuple):
    """A citation in three forms: `text` is plain, `markdown` has a link, `bibtex` is an entry."""

    text: str
    markdown: str
    bibtex: str


def cite(title: str, author: Writer, date: datetime | None, path: str, site: SiteView) -> Citation:
    """Cite what is at a site path. There is no date of access, which no build could know."""
    title = " ".join(printable(title).split())
    name = " ".join(printable(author.name or (author.handle and f"@{author.handle}") or "").split())
    place = " ".join(printable(site.title).split())
    day = date.date().isoformat() if date else ""
    address = (site.base_url + url_encoding.percent_encode(path)).translate(IN_ADDRESS)
    where = "" if place == name else place
    link = f"[{title.translate(IN_MARKDOWN)}]({address})"
    others = (text.translate(IN_MARKDOWN) for text in (name, where, day) if text)
    return Citation(
        text=". ".join(part for part in (_named(name, day), title, where, address) if part),
        markdown=", ".join((link, *others)),
        bibtex=_bibtex(_key(path), title, name, place, day, address),
    )


def _named(name: str, day: str) -> str:
    return f"{name} ({day})" if name and day else name or day


def _bibtex(key: str, title: str, author: str, site: str, day: str, address: str) -> str:
    """Return an entry; the second braces keep names and titles from being taken apart."""
    author, title = author.translate(IN_BIBTEX), title.translate(IN_BIBTEX)
    fields = {
        "author": author and f"{{{author}}}",
        "title": title and f"{{{title}}}",
        "howpublished": site.translate(IN_BIBTEX),
        "year": day[:4],
        "date": day,
        "url": address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{key},", *lines, "}"))


def _key(path: str) -> str:
    """Return the key of an entry: the name of the file, which has the network and the id."""
    name = path.rpartition("/")[2].removesuffix(".html")
    key = NOT_IN_KEYS.sub("-", name).strip("-")
    return key if key == name else f"{key}-{digests.hash_text(name, 4)}".strip("-")
