"""Map posts, tags, accounts and other things to the site paths of their pages.

A site path ("thread/bluesky-3kabc.html") depends only on the names given here, never on a title,
a date or the rest of the archive. No other module constructs one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

from sitegen import digests, files
from sitegen.model import Author

SAFE_SEGMENT = re.compile(r"[a-z0-9][a-z0-9._@-]*[a-z0-9]|[a-z0-9]")
UNSAFE_NAME = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
MEDIA_DIGEST = re.compile(r"[0-9a-f]{32}")  # the name of an imported media file
ENDINGS = (".html", ".xml", ".json")
MAX_SEGMENT_BYTES = 100  # file systems allow 255, but a digest and an ending follow

MEDIA = "media/"
INDEX = "index.html"
TAGS = "tags.html"
PROFILES = "profiles.html"
DATES = "dates.html"
UNDATED = "date/undated.html"
DAYS = "days.html"
PEOPLE = "people.html"
HOSTS = "sites.html"
DOCUMENTS = "all-pages.html"
COLLECTIONS = "collections.html"
SEARCH = "search.html"
INSIGHTS = "insights"  # the name of the page of a site or an account
TOPICS = "topics.html"
NOT_FOUND = "404.html"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
NO_JEKYLL = ".nojekyll"
POSTS_SCRIPT = "static/posts.js"
HOST_FILES = frozenset((NOT_FOUND, ROBOTS, NO_JEKYLL))  # requested by hosts and crawlers by name


def post(network: str, identity: str) -> str:
    """Return a post's permanent site path; a thread has that of its first post."""
    return f"thread/{_network(network)}-{segment(identity)}.html"


def is_post_path(path: str) -> bool:
    """Tell whether a site path is a post's permanent one, not a later page of a thread."""
    return path.startswith("thread/") and path.endswith(".html") and path.count("/") == 1


def anchor(identity: str) -> str:
    """Return the id attribute of a post on its thread's page."""
    return f"post-{segment(identity)}"


def footnotes(path: str) -> str:
    """Return the prefix of footnote ids in a text with this permanent path."""
    return path.removesuffix(".html").replace("/", "-")


@lru_cache(maxsize=50_000)
def tag(name: str) -> str:
    """Return a tag's site path; "AI" and "ai" are the same tag."""
    return f"tag/{segment(tag_key(name))}.html"


@lru_cache(maxsize=50_000)
def tag_key(name: str) -> str:
    """Normalise a tag: spellings with the same key are the same tag."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def profile(network: str, identity: str) -> str:
    """Return the site path of an account's page."""
    return f"profile/{_network(network)}-{segment(identity)}.html"


def person_home(name: str) -> str:
    """Return the site path of a person's own page, by their name or their slug."""
    return f"profile/{segment(files.slug(name) or name)}.html"


@lru_cache(maxsize=10_000)
def author_profile(network: str, author: Author) -> str | None:
    """Return the site path of an author's page, or None without an id or handle."""
    identity = author.id or author.handle
    return profile(network, identity) if identity else None


def person(network: str, handle: str) -> str:
    """Return the site path of a mentioned person's page."""
    return f"person/{_network(network)}-{segment(handle.casefold())}.html"


def collection(slug: str) -> str:
    """Return the site path of a collection's page."""
    return f"collection/{segment(slug)}.html"


def topic(slug: str) -> str:
    """Return the site path of a topic's page."""
    return f"topic/{segment(slug)}.html"


def host(name: str) -> str:
    """Return the site path of the page about a site that posts link to."""
    return f"site/{segment(name)}.html"


def year(name: str) -> str:
    """Return the site path of a year's page."""
    return f"date/{name}.html"


def month(name: str) -> str:
    """Return the site path of a month's page; its name is "2025-09"."""
    return f"date/{name}.html"


def day_anchor(name: str) -> str:
    """Return the id of a day, "2025-09-15", on the page of its month."""
    return f"day-{name[8:]}"


def year_anchor(name: str) -> str:
    """Return the id of a year, "2025", in an album; that of pictures without a date if empty."""
    return f"year-{name or 'none'}"


def day_of_year(name: str) -> str:
    """Return the site path of a day of the year, "09-15", in all years."""
    return f"day/{name}.html"


def numbered_page(first: str, number: int) -> str:
    """Return the site path of a numbered page of the listing or thread at `first`.

    In a listing, number 1 is the oldest page; in a thread, it is `first`. The folder's name
    must not be that of another page or feed, as with the tags "x" and "x.html".
    """
    folder = "page" if first == INDEX else first.removesuffix(".html")
    if folder.endswith(ENDINGS):
        folder = f"{folder}-{_digest(folder)}"
    return f"{folder}/{number}.html"


def feed(page: str, ending: str) -> str:
    """Return the site path of a page's feed; `ending` is "xml" or "json"."""
    name = "feed" if page == INDEX else page.removesuffix(".html")
    return f"{name}.{ending}"


def sitemap(number: int) -> str:
    """Return the site path of a part of the sitemap."""
    return f"sitemap/{number}.xml"


def kind_listing(listing: str, kind: str) -> str:
    """Return the site path of the posts of one kind, "replies", in the listing of all kinds."""
    folder = "" if listing == INDEX else f"{numbered_page(listing, 0).rpartition('/')[0]}/"
    return f"{folder}{kind}.html"


def insights(home: str) -> str:
    """Return the site path of the insights of the whole site, or of the account at `home`."""
    return kind_listing(home, INSIGHTS)


def insights_table(page: str, name: str) -> str:
    """Return the site path of a table, as CSV, of the insights at `page`."""
    return f"{page.removesuffix('.html')}/{name}.csv"


def names_page(listing: str, initial: str) -> str:
    """Return the site path of the names with this initial in a list such as `PEOPLE`."""
    return f"{listing.removesuffix('.html')}/names/{segment(initial)}.html"


def document(source: str) -> str:
    """Return the site path of a handwritten page, from its path in content/."""
    parts = source.removesuffix(".md").split("/")
    return "/".join(segment(part) for part in parts) + ".html"


def picture_variant(picture: str, width: int, form: str) -> str:
    """Return the site path of a picture in another width: beside the picture, and unique."""
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
    """Add a digest of the source to a site path that is already taken."""
    stem, dot, ending = path.rpartition(".")
    return f"{stem}-{_digest(source)}{dot}{ending}"


def segment(name: str) -> str:
    """Return a name as one segment of a path, unchanged if every file system allows it.

    A changed name gets a digest of the exact name, so that different names never have the same
    segment.
    """
    # Fast path for ids: the names that Windows reserves have three or four letters.
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
    """Return a network's name for use before a "-": one that contains "-" gets a digest."""
    name_segment = segment(name)
    return (
        f"{name_segment}-{_digest(name)}" if name_segment == name and "-" in name else name_segment
    )


def _digest(name: str) -> str:
    return digests.hash_text(name, 4)


def is_name(path: str) -> bool:
    """Tell whether a name is valid in manifests and pages: UTF-8 without control characters."""
    return (path.isascii() and path.isprintable()) or re.search(UNSAFE_NAME, path) is None


@lru_cache(maxsize=50_000)
def mention_url(network: str, handle: str) -> str | None:
    """Return the profile URL of a mentioned account, if its handle names a server."""
    user, at, server = handle.partition("@")
    if at and is_name(user) and re.fullmatch(r"[\w.-]+\.[\w-]+", server):
        return f"https://{server}/@{quote(user)}"
    if network == "bluesky" and re.fullmatch(r"([a-z0-9-]+\.)+[a-z]+", handle.lower()):
        return f"https://bsky.app/profile/{handle}"
    return None


def fold(path: str) -> str:
    """Fold case and Unicode form: two paths that fold alike collide on some file systems."""
    if path.isascii():
        folded = path.lower()
        return path if folded == path else folded  # share the string to save memory
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
