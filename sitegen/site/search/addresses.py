"""The site paths of the files of the index, and the scripts that these are."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import json

from sitegen.digests import hash_bytes

FOLDER = "search/"
DIRECTORY = "search/index"
TOPICS = "search/topics"
ENDING = ".js"
POSTS_PER_SEGMENT = 32_768
POSTS_PER_FILE = 32  # of those with the results that a page shows


def words(segment: int, number: int) -> str:
    """Return the name of a file of words."""
    return f"{FOLDER}{segment}/words-{number}"


def positions(segment: int, number: int) -> str:
    """Return the name of a file with the positions of words."""
    return f"{FOLDER}{segment}/positions-{number}"


def keys(segment: int, number: int) -> str:
    """Return the name of a file of keys."""
    return f"{FOLDER}{segment}/keys-{number}"


def facets(segment: int) -> str:
    """Return the name of the file with the facets of a segment."""
    return f"{FOLDER}{segment}/facets"


def likes(segment: int) -> str:
    """Return the name of the file with the likes of a segment."""
    return f"{FOLDER}{segment}/likes"


def segment_topics(segment: int, number: int) -> str:
    """Return the name of a file with the posts of topics in a segment."""
    return f"{FOLDER}{segment}/topics-{number}"


def names(number: int) -> str:
    """Return the name of a file with the names of accounts."""
    return f"{FOLDER}names-{number}"


def results(number: int) -> str:
    """Return the name of a file with what results show."""
    return f"{FOLDER}posts/{number}"


def file(name: str, data: bytes) -> dict[str, bytes]:
    """Return the file that gives a page some data, JSON in UTF-8, by its site path."""
    return {f"{name}{ENDING}": script(name, data)}


def script(name: str, data: bytes) -> bytes:
    """Return the script that gives a page some data, JSON in UTF-8."""
    if b"\xe2\x80" in data:  # which older browsers take for the end of a line
        data = data.replace(b"\xe2\x80\xa8", rb"\u2028").replace(b"\xe2\x80\xa9", rb"\u2029")
    return b"sitegen.receive(%b,%b)\n" % (json.encode(name), data)


def digest_of(files: Mapping[str, bytes]) -> bytes:
    """Return a digest of files."""
    return hash_bytes(b"".join([files[name] for name in sorted(files)]))


def data_of(script: bytes) -> bytes:
    """Return the data that a script gives to a page, as JSON."""
    return script[script.index(b",") + 1 : script.rindex(b")")]
