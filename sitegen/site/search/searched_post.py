"""What the index has of a post: found where its file is read, and saved for the next build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct, json, msgpack, to_builtins

from sitegen.model import Author
from sitegen.query.accounts import Parties
from sitegen.query.facts import PostFacts
from sitegen.query.folding import fold
from sitegen.text import printing
from sitegen.text.domain_names import domain_key
from sitegen.text.link_hosts import hosts
from sitegen.threads.kinds import Kind

KINDS: tuple[Kind, ...] = ("post", "thread", "reply", "repost")
# What a key is, by its first character; none of these is in a word.
TAG, HOST, ID, FORMER_ID, AUTHOR, ADDRESSEE, MARK = "#", "/", "=", "~", "<", ">", "!"
MAX_CACHED = 10_000  # accounts, tags, hosts
_fold = lru_cache(maxsize=MAX_CACHED)(fold)
_encode = msgpack.Encoder().encode
_encode_json = json.Encoder().encode


class SearchedPost(Struct, frozen=True, array_like=True):
    """A post in the index.

    `words` are those that a search finds, see `join_fields`. `keys` are for the fields of queries,
    see docs/search-index.md. `day` is that of the site's clock, "" if it is not known. `kind` is a
    place in KINDS. `likes` are one more than they are, 0 if they are not known. `answered` is the
    key of the author of the post with the id `answers`, both "" if it answers none.
    """

    words: str
    keys: tuple[str, ...]
    day: str
    kind: int
    network: str
    langs: tuple[str, ...]
    likes: int
    answered: str = ""
    answers: str = ""


def encode_thread(thread: Iterable[PostFacts]) -> bytes:
    """Return the posts of a thread, encoded; lone surrogates become U+FFFD."""
    posts = [searched_post(facts) for facts in thread]
    try:
        return _encode(posts)
    except UnicodeEncodeError:
        return _encode(without_surrogates(to_builtins(posts)))


def searched_post(facts: PostFacts) -> SearchedPost:
    """Return what the index has of a post."""
    post, kind, parties = facts.post, facts.kind, facts.parties
    likes, answered = post.counts.likes, parties.answered
    return SearchedPost(
        words=facts.words,
        keys=tuple(dict.fromkeys(_keys(facts, parties))),
        day=facts.day,
        kind=KINDS.index(kind),
        network=post.network,
        langs=post.langs,
        likes=0 if likes is None or kind == "repost" else 1 + likes,
        answered=ADDRESSEE + account(post.network, answered) if answered else "",
        answers=parties.answers,
    )


@lru_cache(maxsize=MAX_CACHED)
def account(network: str, author: Author) -> str:
    """Return what a post says of an account, as it is in keys."""
    stated = (network, author.id or "", author.handle or "", author.name or "")
    try:
        return _encode_json(stated).decode()
    except UnicodeEncodeError:
        return _encode_json(without_surrogates(stated)).decode()


def parse_account(text: str) -> tuple[str, Author]:
    """Return the network and the author of an account as it is in keys."""
    network, identity, handle, name = json.decode(text)
    return network, Author(handle or None, identity or None, name or None)


def _keys(facts: PostFacts, parties: Parties) -> Iterator[str]:
    post = facts.post
    yield ID + post.id
    if post.also:
        former = (other.id for other in post.also if other.network in (None, post.network))
        yield from (FORMER_ID + identity for identity in former)
    yield AUTHOR + account(post.network, parties.author)
    for author in parties.mentioned:
        yield ADDRESSEE + account(post.network, author)
    for tag in facts.tags:
        yield TAG + _fold(tag.lstrip("#"))
    for host in hosts(post) if post.links or post.cut_links or post.card else ():
        yield from _with_domains(host)
    for mark in facts.marks:
        yield MARK + mark
    if post.quote_of:
        yield f"{MARK}quote"
    yield MARK + (post.visibility or "public")


@lru_cache(maxsize=MAX_CACHED)
def _with_domains(host: str) -> Sequence[str]:
    """Return the keys of a host, and of those above it."""
    labels = domain_key(host).split(".")
    return [HOST + ".".join(labels[at:]) for at in range(len(labels))]


def without_surrogates(value: Any) -> Any:
    """Return strings, in lists of any depth, with U+FFFD in place of lone surrogates."""
    if isinstance(value, str):
        return printing.without_surrogates(value)
    return [*map(without_surrogates, value)] if isinstance(value, list | tuple) else value
