"""Suggest what an unrecognised file or folder is, and what to import instead.

The suggestion is only for the error message; nothing is read because of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from sitegen.errors import SourceError
from sitegen.formats.archives import Members
from sitegen.sources import Source

Recognise = Callable[[Path], str | None]

MAX_TRIED_FILES = 40  # of a folder
MAX_NAMED_SOURCES = 2
MAX_NAME_LETTERS = 60
_HEAD_BYTES = 4096

_X_SCRIPT = re.compile(rb"\s*(?:window\.)?YTD\.(\w+)\.part\d+\s*=")
_ARCHIVES = re.compile(r"\.(?:zip|tar|tgz|tar\.\w+|car|7z|rar)$", re.IGNORECASE)
_LIKELY = re.compile(
    r"\.(?:zip|tar|tgz|gz|bz2|xz|car|jsonl?|ndjson|js|xml|rss|atom|html?|txt|md)$", re.IGNORECASE
)
_PAGES = re.compile(r"\.(?:xml|html?|txt|md)$", re.IGNORECASE)
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|heic|avif|bmp|tiff?|svg|mp4|mov|m4v|webm|mp3|m4a|aac|ogg|wav|srt)$",
    re.IGNORECASE,
)
# The beginnings of files, what they are, and what to import instead.
_BEGINNINGS = tuple(
    (re.compile(pattern, re.DOTALL), what)
    for pattern, what in (
        (rb"\s*YTD|\s*window\.YTD", "a file of an X archive: name the archive's ZIP or folder"),
        (rb"%PDF-", "a PDF: save the page as HTML or text, or ask the network for an export"),
        (
            rb"\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP|BM.{4}\0{4}|II\*\0|MM\0\*|....ftyp(?:heic|mif1|avif)",
            "a picture: name the export that its post is in, or put it into inbox/ and run "
            "`sitegen media`",
        ),
        (
            rb"....ftyp|\x1aE\xdf\xa3|ID3|OggS|fLaC|RIFF....(?:WAVE|AVI )",
            "a film or a sound: name the export that its post is in, or put it into inbox/ and run "
            "`sitegen media`",
        ),
        (rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd",
         "an archive: unpack it, then name its folder"),
        (rb"PK\x05\x06", "a ZIP with nothing in it: download it again"),
        (rb"PK[\x03\x07]", "a ZIP: download it again, or unpack it and name the folder"),
        (rb"\x1f\x8b|BZh|\xfd7zXZ", "a packed file: unpack it, then name what comes out"),
        (rb"WARC/\d", "a web archive (WARC): open the page from it, and save that as HTML"),
        (rb"From \S+ .*\d{4}\r?\n|(?:Return-Path|Delivered-To|Received|MIME-Version): ",
         "mail: save what is attached to it, and name that"),
        (rb"SQLite format 3\0", "a database: export the posts from the app that wrote it"),
        (rb"bplist00|\xd0\xcf\x11\xe0", "a document of another program: save it as text or HTML"),
        (rb"\{\\rtf", "a document of another program: save it as text or HTML"),
        (rb"(?:\xef\xbb\xbf)?---\r?\n",
         "Markdown with front matter: put it into content/ as it is"),
        (rb"(?:\xef\xbb\xbf)?\s*\{[^{}]*\"type\"\s*:\s*\"(?:Person|Service|Group)\"",
         "actor.json of a Mastodon export: name the folder that it is in"),
        (rb"(?:\xef\xbb\xbf)?\s*[\[{].*\"(?:string_list_data|string_map_data|media_map_data)\"",
         "a file of a Meta download: name the whole download, all its parts together"),
        (rb"(?:\xef\xbb\xbf)?\s*[\[{].*\"\$type\"\s*:\s*\"(?:app|com|chat)\.",
         "records of the AT Protocol, but none of posts: name the repository (CAR)"),
        (rb"(?:\xef\xbb\xbf)?\s*[\[{].*\"(?:full_text|id_str|screen_name)\"",
         "data of X or Twitter: name the ZIP or the folder of the whole archive"),
        (rb"(?:\xef\xbb\xbf)?\s*[\[{].*\"(?:@context|preferredUsername|attributedTo)\"",
         "ActivityPub, but no list of posts: name outbox.json, or the whole export"),
        (rb"(?:\xef\xbb\xbf)?\s*[\[{].*\"(?:renoteId|visibleUserIds|reactionAcceptance)\"\s*:",
         "notes.json of Misskey, which does not say on which server its notes are: save the outbox "
         "of the account instead, https://SERVER/users/ID/outbox?page=true and its next pages"),
        (rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*(?:[\"\[{\]}\d-]|\Z)",
         "JSON, but of no kind that it knows: name the whole export, as it was downloaded"),
        (rb"(?:\xef\xbb\xbf)?\s*<", "XML or HTML, but no feed and no page with posts"),
    )
)  # fmt: skip
_OWN_SITE = "a site of sitegen itself: its posts come out with `sitegen export`"
# Names of files inside folders or archives of some kind.
_CONTENTS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.MULTILINE), what)
    for pattern, what in (
        (r"(?:^|/)(?:sitegen\.toml|content/threads/.*\.md)$", _OWN_SITE),
        (r"(?:^|/)your_facebook_activity/", "a Facebook download, which sitegen does not read"),
        (r"(?:^|/)(?:your_instagram_activity|threads|personal_information|content)/.*\.html$|(?:^|/)start_here\.html$",
         "a Threads or Instagram download as HTML: ask for it again in the format JSON"),
        (r"(?:^|/)Your archive\.html$|(?:^|/)data/(?:account|like|follower)\.js$",
         "an X archive without data/tweets.js: download it again, and name it whole"),
        (r"(?:^|/)actor\.json$|(?:^|/)media_attachments/",
         "a Mastodon export without outbox.json: ask for it again, and name it whole"),
        (r"(?:^|/)(?:your_instagram_activity|personal_information|connections|threads)/.*\.json$",
         "a part of a Meta download without posts: name all its parts together"),
        (r"(?:^|/)media/(?:posts|stories|reels|profile|other|archived_posts)/",
         "a part of a Meta download with only media: name all its parts together"),
        (r"(?:^|/)bafkrei[a-z2-7]{52}", "the files of a Bluesky account without its repository: "
         "name the folder that also has the CAR file"),
        (r"^Takeout/", "a Google Takeout: name the folder in it that has the posts"),
        (r"(?:^|/)(?:word/document|xl/workbook|ppt/presentation)\.xml$|^META-INF/container\.xml$",
         "a document of another program: save it as text or HTML"),
    )
)  # fmt: skip


def suggest(source: Source, recognise: Recognise) -> str:
    """Return what a source looks like and what to import instead; empty if that is unknown."""
    if source.members is None:
        return _sentence(_describe_head(source.head))
    names = source.members.names()
    if not names:
        return "there is no file in it: name the file that you downloaded."
    if "sitegen.toml" in names:
        return _sentence(_OWN_SITE)  # its feeds are sources too, but nobody means those
    exports, pages = _candidates(source)
    return (
        _name_sources(source, exports, recognise)
        or _sentence(_describe_names(names))
        or _name_sources(source, pages, recognise)
        or _name_archives(source, names)
        or _sentence(_describe_only_file(source.members))
    )


def _sentence(what: str) -> str:
    return f"this looks like {what}." if what else ""


def _describe_head(head: bytes) -> str:
    if script := _X_SCRIPT.match(head):
        name = script[1].decode()
        return f"{name.replace('_', '-')}.js from an X archive: give the folder it is in"
    for pattern, what in _BEGINNINGS:
        if pattern.match(head):
            return what
    if not head.strip(b"\0"):
        return "a file that was never written to: download or copy it again"
    if b"\0" in head:
        return ""
    if _is_table(head):
        return "a table (CSV): name the archive that it came in, or write JSON lines of it"
    return "plain text, but no line of it has a post's date and counts: copy the whole page"


def _is_table(head: bytes) -> bool:
    """Return whether the first lines are table rows with the same number of cells."""
    first, second = [*head.split(b"\n", 2), b"", b""][:2]
    return any(first.count(mark) == second.count(mark) > 1 for mark in (b",", b";", b"\t"))


def _candidates(source: Source) -> tuple[list[str], list[str]]:
    """Return the files of a folder that may be exports, and pages, the topmost first."""
    if source.members is None or not source.path.is_dir():
        return [], []
    likely = [name for name in source.members.names() if _is_likely(name)]
    likely.sort(key=lambda name: (name.count("/"), not _ARCHIVES.search(name), name))
    pages = [name for name in likely if _PAGES.search(name)]
    return [name for name in likely if not _PAGES.search(name)], pages


def _is_likely(name: str) -> bool:
    return bool(_LIKELY.search(name)) or "." not in name.rpartition("/")[2]


def _name_sources(source: Source, names: Sequence[str], recognise: Recognise) -> str:
    """Name the files of a folder that are sources."""
    tried = ((name, recognise(source.path / name)) for name in names[:MAX_TRIED_FILES])
    sources = [*islice(((name, what) for name, what in tried if what), MAX_NAMED_SOURCES)]
    if not sources:
        return ""
    listed = ", ".join(f"{_shorten(name)} is {what}" for name, what in sources)
    return f"in it, {listed}: give {_shorten(os.path.join(source.path, sources[0][0]))}."


def _name_archives(source: Source, names: Sequence[str]) -> str:
    """Name the archives inside an archive, or in a folder that is not a source."""
    inner = [name for name in names if _ARCHIVES.search(name)]
    if not inner:
        return ""
    more = f" and {len(inner) - 1:,} more" if len(inner) > 1 else ""
    shown = f"{_shorten(inner[0])}{more}"
    if source.path.is_dir():
        return f"it holds archives, but none that sitegen knows: {shown}."
    pronoun = "it" if len(inner) == 1 else "them"
    return f"it holds {shown}: unpack this archive, and give {pronoun}."


def _describe_names(names: Sequence[str]) -> str:
    listed = "\n".join(names)
    for pattern, what in _CONTENTS:
        if pattern.search(listed):
            return what
    if all(_MEDIA.search(name) for name in names):
        return (
            "nothing but media: name the export that the posts are in, or put the files into "
            "inbox/ and run `sitegen media`"
        )
    return ""


def _describe_only_file(members: Members) -> str:
    """Describe the only file of a folder or archive."""
    name, *others = members.names()
    if others:
        return ""
    try:
        with members.open(name) as file:
            return _describe_head(file.read(_HEAD_BYTES))
    except SourceError:
        return ""


def _shorten(name: str) -> str:
    shown = "".join(c if c.isprintable() else "\ufffd" for c in name)
    return shown if len(shown) <= MAX_NAME_LETTERS else f"…{shown[1 - MAX_NAME_LETTERS :]}"
