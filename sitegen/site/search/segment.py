"""Make the files of a segment of the index: of its posts, or of those that changed in its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar

from msgspec import Struct, json, msgpack
from msgspec.structs import replace

from sitegen.site.search import addresses, columns, numbers, shards
from sitegen.site.search.numbers import SEPARATOR
from sitegen.site.search.searched_post import ADDRESSEE, AUTHOR, FORMER_ID, SearchedPost
from sitegen.site.search.words import numbered_fields

Part = Literal["words", "fields"]
PARTS: tuple[Part, ...] = ("words", "fields")
Files = dict[str, bytes]
Digests = tuple[bytes, bytes, bytes]
T = TypeVar("T")


class _Words(Struct, frozen=True, array_like=True):
    """The first field of a SearchedPost: the others are not decoded."""

    words: str


decode_thread = msgpack.Decoder(list[SearchedPost]).decode
_decode_words = msgpack.Decoder(list[_Words]).decode


class SegmentPosts(Struct, frozen=True, array_like=True):
    """The posts of a segment: `threads` are encoded, `posts` are places in these and positions.

    `hidden` has network and id of hidden posts that they answer, quote or repeat, and of their
    hidden copies.
    """

    number: int
    threads: tuple[bytes, ...]
    posts: tuple[tuple[int, int], ...]
    hidden: frozenset[tuple[str, str]] = frozenset()

    def decoded(self, decode: Callable[[bytes], list[T]]) -> list[T]:
        """Return the posts in order, given what decodes those of a thread."""
        threads = [*map(decode, self.threads)]
        return [threads[thread][position] for thread, position in self.posts]


class SegmentFiles(Struct, frozen=True, array_like=True):
    """The files of a part of a segment by site path, and what the directory says of them.

    `accounts` are those in its keys. `digests` are those of the files of words, of keys and of
    values of posts, b"" for what the part does not have.
    """

    files: Files
    words: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    digests: Digests = (b"", b"", b"")


class IndexTask(NamedTuple):
    """A part of a segment to make, of the posts that `gather` returns; `size` is how many.

    They are gathered when it is the turn of the task: those of all segments at once took 6 % of the
    memory of a build of 100,000 posts.
    """

    number: int
    part: Part
    size: int
    gather: Callable[[], SegmentPosts]


IndexParts = dict[tuple[int, Part], SegmentFiles]
IndexAnswer = tuple[int, Part, SegmentFiles]  # a part, and which it is


def make(segment: SegmentPosts, part: Part) -> SegmentFiles:
    """Return the files of a part of a segment."""
    if part == "words":
        texts = [post.words for post in segment.decoded(_decode_words)]
        return word_files(segment.number, *_lists_of_words(texts))
    posts = segment.decoded(decode_thread)
    lists = _lists_of_keys([keys_of(post, segment.hidden) for post in posts])
    keys = key_files(segment.number, lists)
    values = _column_files(segment.number, posts)
    digests = (b"", keys.digests[1], addresses.digest_of(values))
    return replace(keys, files=keys.files | values, digests=digests)


def keys_of(post: SearchedPost, hidden: frozenset[tuple[str, str]]) -> Sequence[str]:
    """Return all keys of a post: none that says something of a hidden post.

    The author of such a one is nobody's addressee, and its id is no other id of a copy.
    """
    keys: Sequence[str] = post.keys
    if hidden:
        other_ids = {
            FORMER_ID + identity for network, identity in hidden if network == post.network
        }
        keys = [key for key in keys if key not in other_ids]
    if not post.answered or (post.network, post.answers) in hidden or post.answered in keys:
        return keys
    return (*keys, post.answered)


def _lists_of_words(texts: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the lists of posts and of positions of all words."""
    found: dict[str, list[int]] = defaultdict(list)  # a post, a position, a post, a position
    for number, text in enumerate(texts):
        for start, words in numbered_fields(text):
            for position, word in enumerate(words, start):
                own = found[word]
                own.append(number)
                own.append(position)
    posts: dict[str, str] = {}
    positions: dict[str, str] = {}
    while found:  # each makes room for the next
        word, own = found.popitem()
        posts[word], positions[word] = numbers.encode_occurrences(own[::2], own[1::2])
    return posts, positions


def _lists_of_keys(keys: Iterable[Iterable[str]]) -> dict[str, str]:
    """Return the lists of posts of all keys."""
    posts: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(keys):
        for key in own:
            posts[key].append(number)
    return {key: numbers.encode_ascending(found) for key, found in posts.items()}


def word_files(number: int, posts: Mapping[str, str], positions: Mapping[str, str]) -> SegmentFiles:
    """Return the files of words, given the lists of posts and of positions of each."""
    files: Files = {}
    dealt = [*shards.deal(posts)]
    for at, shard in enumerate(dealt):
        listed = SEPARATOR.join([positions[word] for word in shard.words])
        files |= addresses.file(addresses.words(number, at), shard.data)
        files |= addresses.file(addresses.positions(number, at), json.encode(listed))
    firsts = tuple([shard.first for shard in dealt])
    return SegmentFiles(files, words=firsts, digests=(addresses.digest_of(files), b"", b""))


def key_files(number: int, posts: Mapping[str, str]) -> SegmentFiles:
    """Return the files of keys, given the list of posts of each."""
    files: Files = {}
    dealt = [*shards.deal(posts)]
    for at, shard in enumerate(dealt):
        files |= addresses.file(addresses.keys(number, at), shard.data)
    accounts = {key[1:] for key in posts if key[0] in (AUTHOR, ADDRESSEE)}
    firsts = tuple([shard.first for shard in dealt])
    digests = (b"", addresses.digest_of(files), b"")
    return SegmentFiles(files, keys=firsts, accounts=tuple(sorted(accounts)), digests=digests)


def _column_files(number: int, posts: Sequence[SearchedPost]) -> Files:
    return addresses.file(addresses.facets(number), columns.facets(posts)) | addresses.file(
        addresses.likes(number), columns.likes(posts)
    )
