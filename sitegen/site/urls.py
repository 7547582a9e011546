"""The owner of every address: what a thing is called decides where its page is.

Addresses are site paths ("thread/bluesky-3kabc.html"). They depend on nothing but the
names given here: never on a title, a date, or what else is in the archive.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from sitegen import digests, files
from sitegen.model import Author

SAFE_SEGMENT = re.compile(r"[a-z0-9][a-z0-9._@-]*[a-z0-9]|[a-z0-9]")
UNSAFE_NAME = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
MEDIA_DIGEST = re.compile(r"[0-9a-f]{32}")  # what an import calls its media
PLAIN_HOST = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/?#]|\Z)")
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]*")
ENDINGS = (".html", ".xml", ".json")
SAFE_IN_PATHS = "/#~!$&'()*+,;=:@-._"
NOT_IN_IRIS = re.compile(f"[^A-Za-z0-9{re.escape(SAFE_IN_PATHS)}\x7f-\U0010ffff]")
MAX_SEGMENT_BYTES = 100  # bytes of a name; with a digest and an ending still far below 255

INDEX = "index.html"
TAGS = "tags.html"
PROFILES = "profiles.html"
DATES = "dates.html"
PEOPLE = "people.html"
HOSTS = "sites.html"
DOCUMENTS = "all-pages.html"
NOT_FOUND = "404.html"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"


def post(network: str, identity: str) -> str:
    """Return a post's permanent address; a thread's is that of its first post."""
    return f"thread/{_network(network)}-{segment(identity)}.html"


def is_post_path(path: str) -> bool:
    """Tell whether an address is a post's permanent one, and no later page of its thread."""
    return path.startswith("thread/") and path.endswith(".html") and path.count("/") == 1


def anchor(identity: str) -> str:
    """Return the id attribute of a post on its thread's page."""
    return f"post-{segment(identity)}"


def footnotes(path: str) -> str:
    """Return what the ids of footnotes begin with in what has a permanent address."""
    return path.removesuffix(".html").replace("/", "-")


@lru_cache(maxsize=50_000)
def tag(name: str) -> str:
    """Return a tag's address; AI and ai are one tag."""
    return f"tag/{segment(tag_key(name))}.html"


@lru_cache(maxsize=50_000)
def tag_key(name: str) -> str:
    """Return what makes two spellings one tag."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def profile(network: str, identity: str) -> str:
    """Return the address of an account's page."""
    return f"profile/{_network(network)}-{segment(identity)}.html"


@lru_cache(maxsize=10_000)
def author_profile(network: str, author: Author) -> str | None:
    """Return the address of an author's page, or None when nobody knows who it is."""
    identity = author.id or author.handle
    return profile(network, identity) if identity else None


def person(network: str, handle: str) -> str:
    """Return the address of the page about somebody who is mentioned."""
    return f"person/{_network(network)}-{segment(handle.casefold())}.html"


def host(name: str) -> str:
    """Return the address of the page about a site that posts lead to."""
    return f"site/{segment(name)}.html"


def year(name: str) -> str:
    """Return the address of a year's page."""
    return f"date/{name}.html"


def month(name: str) -> str:
    """Return the address of a month's page; its name is "2025-09"."""
    return f"date/{name}.html"


def numbered_page(first: str, number: int) -> str:
    """Return the address of a numbered page of what begins at `first`.

    In a listing number 1 is the oldest page; in a thread it is the one at `first`. A folder
    must not be called as another page or feed is: those of a tag "x" and a tag "x.html".
    """
    folder = "page" if first == INDEX else first.removesuffix(".html")
    if folder.endswith(ENDINGS):
        folder = f"{folder}-{_digest(folder)}"
    return f"{folder}/{number}.html"


def feed(page: str, ending: str) -> str:
    """Return the address of the feed that belongs to a page; ending is "xml" or "json"."""
    name = "feed" if page == INDEX else page.removesuffix(".html")
    return f"{name}.{ending}"


def sitemap(number: int) -> str:
    """Return the address of a part of the sitemap."""
    return f"sitemap/{number}.xml"


def document(source: str) -> str:
    """Return the address of a page of one's own, from its place in content/."""
    parts = source.removesuffix(".md").split("/")
    return "/".join(segment(part) for part in parts) + ".html"


def picture_variant(picture: str, width: int, form: str) -> str:
    """Return the address of a picture in another width: beside it, and no other's."""
    folder, slash, name = picture.rpartition("/")
    stem = name.rpartition(".")[0] or name
    if not MEDIA_DIGEST.fullmatch(stem):
        stem = (
            f"{stem}-{_digest(picture)}"
            if len(stem.encode()) <= MAX_SEGMENT_BYTES
            else _digest(picture)
        )
    return f"{folder}{slash}{stem}-{width}.{form}"


def with_digest(path: str, source: str) -> str:
    """Return an address with a mark of its source, for when the address alone is taken."""
    stem, dot, ending = path.rpartition(".")
    return f"{stem}-{_digest(source)}{dot}{ending}"


def segment(name: str) -> str:
    """Return a name as one part of an address: itself where every system can hold it.

    What had to be changed carries a digest of the exact name, so that two names that look
    alike afterwards still have two addresses.
    """
    # Most are ids like this one, which no system reserves: those words have three or four letters.
    if 4 < len(name) <= MAX_SEGMENT_BYTES and name.isascii() and name.isalnum():
        return name if name.isdigit() or name.islower() else _segment(name)
    return _segment(name)


@lru_cache(maxsize=50_000)
def _segment(name: str) -> str:
    if (
        SAFE_SEGMENT.fullmatch(name)
        and len(name) <= MAX_SEGMENT_BYTES
        and not files.RESERVED.fullmatch(name)
    ):
        return name
    slug = files.slug(name)
    while len(slug.encode()) > MAX_SEGMENT_BYTES:
        slug = slug[:-1]
    if slug == name and not files.RESERVED.fullmatch(name):
        return name
    return f"{slug}-{_digest(name)}" if slug else _digest(name)


@lru_cache(maxsize=1_000)
def _network(name: str) -> str:
    """Return a network as the first part of a name: where it ends must be clear."""
    name_segment = segment(name)
    return (
        f"{name_segment}-{_digest(name)}" if name_segment == name and "-" in name else name_segment
    )


def _digest(name: str) -> str:
    return digests.hash_text(name, 4)


def is_name(path: str) -> bool:
    """Tell whether lists of files and pages can hold a name: UTF-8 without control characters."""
    return (path.isascii() and path.isprintable()) or re.search(UNSAFE_NAME, path) is None


def host_of(url: str) -> str | None:
    """Return the host that a link, or the shortened display of one, leads to."""
    plain = PLAIN_HOST.match(url)
    if plain:
        return plain[1].removeprefix("www.")
    try:
        hostname = urlsplit(url if "://" in url else f"//{url}").hostname
    except ValueError:
        return None
    return hostname.removeprefix("www.") if hostname and "." in hostname else None


@lru_cache(maxsize=50_000)
def mention_url(network: str, handle: str) -> str | None:
    """Return where a mentioned account lives, when its handle says so."""
    user, at, server = handle.partition("@")
    if at and is_name(user) and re.fullmatch(r"[\w.-]+\.[\w-]+", server):
        return f"https://{server}/@{quote(user)}"
    if network == "bluesky" and re.fullmatch(r"([a-z0-9-]+\.)+[a-z]+", handle.lower()):
        return f"https://bsky.app/profile/{handle}"
    return None


def percent_encode(path: str) -> str:
    """Return a path as a URL has it: percent-encoded where it is not ASCII."""
    return path if PLAIN_PATH.fullmatch(path) else _percent_encode(path)


@lru_cache(maxsize=50_000)
def _percent_encode(path: str) -> str:
    return quote(path, safe=SAFE_IN_PATHS, errors="replace")


def iri(path: str) -> str:
    """Return a path as HTML may link to it: with the letters of all languages as they are."""
    if path.isprintable() and not NOT_IN_IRIS.search(path):
        return path
    return "".join([c if c > "\x7f" and c.isprintable() else percent_encode(c) for c in path])


def base(url: str) -> str:
    """Return where the site is, with a "/" at its end and its path percent-encoded."""
    if not url:
        return ""
    parts = urlsplit(url)
    path = quote(parts.path, safe=f"{SAFE_IN_PATHS}%", errors="replace")
    return urlunsplit(parts._replace(path=path if path.endswith("/") else f"{path}/"))


def fold(path: str) -> str:
    """Return what two addresses must not share: some disks see no case, some no forms."""
    if path.isascii():
        folded = path.lower()
        return path if folded == path else folded  # the same text is kept once
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
