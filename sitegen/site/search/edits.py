"""Change the files of a segment for few posts, with the same result as making them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Raw, json
from msgspec.structs import replace

from sitegen.site.search import addresses, numbers, segment, shards
from sitegen.site.search.numbers import SEPARATOR
from sitegen.site.search.records import SegmentRecord
from sitegen.site.search.searched_post import SearchedPost
from sitegen.site.search.segment import SegmentFiles, decode_thread
from sitegen.site.search.words import positions_by_word

Read = Callable[[str], bytes]


class EditedPost(NamedTuple):
    """A post of a segment by its number, as it was and as it is now."""

    number: int
    before: SearchedPost
    after: SearchedPost

    @property
    def is_of_words_and_keys(self) -> bool:
        """Whether facets and likes are as before."""
        return self.before == replace(
            self.after,
            words=self.before.words,
            keys=self.before.keys,
            answered=self.before.answered,
            answers=self.before.answers,
        )


def edited_posts(
    posts: Iterable[tuple[int, str, int]], before: Mapping[str, Raw], after: Mapping[str, Raw]
) -> list[EditedPost] | None:
    """Return the posts of edited threads; None if more of them changed than words and keys.

    `posts` are their numbers, content files and positions; `before` and `after` have what the index
    has of these files.
    """
    threads: dict[str, tuple[list[SearchedPost], list[SearchedPost]]] = {}
    edited = []
    for number, source, position in posts:
        if source not in before or source not in after:
            return None
        if source not in threads:
            threads[source] = decode_thread(before[source]), decode_thread(after[source])
        old, new = threads[source]
        if len(old) != len(new):
            return None
        post = EditedPost(number, old[position], new[position])
        if not post.is_of_words_and_keys:
            return None
        if post.before != post.after:
            edited.append(post)
    return edited


def edit(
    number: int, record: SegmentRecord, posts: Iterable[EditedPost], read: Read
) -> SegmentFiles:
    """Return all files of words and keys of a segment after edits of some of its posts.

    `read` returns a file by its name. Facets and likes must be as before.
    """
    posts = [*posts]
    files: dict[str, bytes] = {}
    words, keys, accounts = record.words, record.keys, record.accounts
    of_words, of_keys, of_values = record.digests
    if any(post.before.words != post.after.words for post in posts):
        lists = _read_words(number, len(words), read)
        _edit_words(*lists, posts)
        made = segment.word_files(number, *lists)
        files, words, of_words = made.files, made.words, made.digests[0]
    changed = [*_changed_keys(posts, frozenset(record.hidden))]
    if changed:
        listed = _read_keys(number, len(keys), read)
        _edit_keys(listed, changed)
        made = segment.key_files(number, listed)
        files, keys, accounts = files | made.files, made.keys, made.accounts
        of_keys = made.digests[1]
    return SegmentFiles(files, words, keys, accounts, (of_words, of_keys, of_values))


def _changed_keys(
    posts: Iterable[EditedPost], hidden: frozenset[tuple[str, str]]
) -> Iterable[tuple[str, bool, int]]:
    """Yield each key that a post has now and had not, or had and has not, and its number."""
    for number, before, after in posts:
        old, new = ({*segment.keys_of(post, hidden)} for post in (before, after))
        yield from [(key, key in new, number) for key in sorted(old ^ new)]


def _edit_keys(listed: dict[str, str], changed: Iterable[tuple[str, bool, int]]) -> None:
    """Add posts to the lists of keys that they now have, and take them from those of others."""
    for key, is_there, post in changed:
        own = {*numbers.decode_ascending(listed.get(key, ""))}
        posts = own | {post} if is_there else own - {post}
        if posts:
            listed[key] = numbers.encode_ascending(sorted(posts))
        else:
            listed.pop(key, None)


def _edit_words(
    lists: dict[str, str], places: dict[str, str], edited: Iterable[EditedPost]
) -> None:
    """Change the lists of posts and of positions of the words that edited posts have or had."""
    changes: dict[str, dict[int, Sequence[int]]] = defaultdict(dict)
    for number, before, after in edited:
        old, new = positions_by_word(before.words), positions_by_word(after.words)
        for word in old.keys() | new.keys():
            if old.get(word) != new.get(word):
                changes[word][number] = new.get(word, ())
    for word, by_post in changes.items():
        found = numbers.decode_occurrences(lists.get(word, ""), places.get(word, ""))
        changed = {**found, **by_post}
        each = [(number, place) for number in sorted(changed) for place in changed[number]]
        if each:
            lists[word], places[word] = numbers.encode_occurrences(*zip(*each, strict=True))
        else:
            lists.pop(word, None)


def _read_words(number: int, count: int, read: Read) -> tuple[dict[str, str], dict[str, str]]:
    """Return the lists of posts and of positions of all words."""
    posts: dict[str, str] = {}
    positions: dict[str, str] = {}
    for at in range(count):
        own = shards.read(addresses.data_of(read(addresses.words(number, at))))
        posts |= own
        listed = json.decode(addresses.data_of(read(addresses.positions(number, at))), type=str)
        positions |= zip(own, listed.split(SEPARATOR), strict=True)
    return posts, positions


def _read_keys(number: int, count: int, read: Read) -> dict[str, str]:
    posts: dict[str, str] = {}
    for at in range(count):
        posts |= shards.read(addresses.data_of(read(addresses.keys(number, at))))
    return posts
