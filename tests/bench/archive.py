"""The archive that is built: invented posts, the same ones for the same seed, as a stream.

Shape: threads of one to ten posts, 2.48 on average; posts of about 130 characters in one to
three paragraphs; tags, mentions, links and emoji in some; eight years.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from .words import SCRIPTS, Vocabulary, vocabulary

Kind = Literal["word", "tag", "mention", "link"]

START = datetime(2016, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=8 * 365)
LENGTHS = (44, 22, 12, 8, 5, 3, 2, 2, 1, 1)  # of a hundred threads, how many have 1, 2, … 10 posts
MEAN_LENGTH = sum(n * share for n, share in enumerate(LENGTHS, 1)) / sum(LENGTHS)
ACCOUNTS = (("wren", "Wren Vale"), ("wren-draws", "Wren draws"), ("moor-watch", "The moor watch"))
ACCOUNT_SHARES = (85, 10, 5)
SERVERS = ("fen.example", "loft.example", "quay.example")
EMOJI = ("🦇", "🌧️", "🎉", "🙂", "👩‍🌾", "🇮🇸", "✨")
AWKWARD = ("R&D", "1 < 2", "<3", "50%", "it's", "“so”", "snake_case", "e.g.", "3 * 4", "[sic]")
TITLE_LENGTH = 70  # with the ellipsis, as ours


class Piece(NamedTuple):
    """A word of a post, or what stands in its place."""

    value: str
    kind: Kind = "word"

    def __str__(self) -> str:
        return {"tag": "#", "mention": "@"}.get(self.kind, "") + self.value


@dataclass(frozen=True, slots=True)
class Post:
    """An invented post; `paragraphs` are its text."""

    id: str
    reply_to: str | None
    account: tuple[str, str]
    created_at: str
    language: str
    paragraphs: tuple[tuple[Piece, ...], ...]

    @property
    def text(self) -> str:
        """Its characters."""
        return "\n\n".join(" ".join(map(str, pieces)) for pieces in self.paragraphs)

    def values(self, kind: Kind) -> list[str]:
        """Return what of a kind is in the text."""
        found = (p.value for pieces in self.paragraphs for p in pieces if p.kind == kind)
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread of posts by one account."""

    posts: tuple[Post, ...]

    @property
    def id(self) -> str:
        """The id of its first post."""
        return self.posts[0].id

    @property
    def title(self) -> str:
        """The first words of its first post."""
        text = self.posts[0].text.replace("\n\n", " ")
        if len(text) <= TITLE_LENGTH:
            return text
        return text[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"

    @property
    def tags(self) -> list[str]:
        """The tags of all its posts, in the order in which they come."""
        return list(dict.fromkeys(tag for post in self.posts for tag in post.values("tag")))


def threads(posts: int, seed: int) -> Iterator[Thread]:
    """Go through the threads of an archive of so many posts, the oldest first."""
    author = _Author(posts, random.Random(seed))
    left = posts
    while left:
        thread = author.thread(left)
        left -= len(thread.posts)
        yield thread


def middle(posts: int, seed: int) -> Thread:
    """Return a thread with tags of the middle of the archive, or else its last one."""
    seen = 0
    for thread in threads(posts, seed):
        seen += len(thread.posts)
        if (seen > posts // 2 and thread.tags) or seen == posts:
            return thread
    raise ValueError("an archive without posts has no middle")


def posts_by_word(threads: Iterable[Thread]) -> Counter[str]:
    """Return of how many posts each word is, in lower case; names and addresses are no words."""
    found = Counter[str]()
    for thread in threads:
        for post in thread.posts:
            pieces = (piece for paragraph in post.paragraphs for piece in paragraph)
            found.update(
                {p.value.lower() for p in pieces if p.kind == "word" and p.value.isalpha()}
            )
    return found


def write_lines(threads: Iterable[Thread], path: Path) -> None:
    """Write the posts as JSON lines in sitegen's export schema."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for thread in threads:
            for position, post in enumerate(thread.posts, 1):
                record = _record(post, thread.id, position)
                file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _record(post: Post, thread: str, position: int) -> dict[str, object]:
    handle, name = post.account
    return {
        "id": post.id,
        "network": "example",
        "thread": thread,
        "position": position,
        "author": {"handle": handle, "id": None, "name": name},
        "created_at": post.created_at,
        "text": post.text,
        "reply_to": post.reply_to,
        "repost_of": None,
        "quote_of": None,
        "links": post.values("link"),
        "mentions": post.values("mention"),
        "tags": post.values("tag"),
        "media": [],
        "card": None,
        "warning": None,
        "langs": [post.language],
        "counts": {"likes": None, "reposts": None, "replies": None, "quotes": None},
        "url": None,
        "uncertain": [],
    }


class _Author:
    """Writes one thread after the other; all chance comes from one generator."""

    def __init__(self, posts: int, rng: random.Random) -> None:
        self.rng = rng
        self.vocabularies = [vocabulary(script, rng, 1500) for script in SCRIPTS]
        latin = self.vocabularies[0]
        names = dict.fromkeys(self._word() for _ in range(max(10, posts // 50)))
        self.tags = Vocabulary.made(tuple(names))
        people = {f"{word}@{rng.choice(SERVERS)}": None for word in latin.drawn(rng, 400)}
        self.people = Vocabulary.made(tuple(people))
        self.gap = SPAN.total_seconds() / (posts / MEAN_LENGTH)
        self.now = START
        self.serial = 0

    def thread(self, most: int) -> Thread:
        """Write a thread of at most so many posts."""
        rng = self.rng
        self.now += timedelta(seconds=rng.expovariate(1 / self.gap))
        account = rng.choices(ACCOUNTS, ACCOUNT_SHARES)[0]
        length = min(most, rng.choices(range(1, len(LENGTHS) + 1), LENGTHS)[0])
        posts: list[Post] = []
        when = self.now
        for _ in range(length):
            posts.append(self._post(account, when, posts[-1].id if posts else None))
            when += timedelta(seconds=rng.uniform(20, 1800))
        return Thread(tuple(posts))

    def _post(self, account: tuple[str, str], when: datetime, reply_to: str | None) -> Post:
        self.serial += 1
        identity = str((int(when.timestamp() * 1000) << 20) + self.serial % (1 << 20))
        words = self._vocabulary()
        pieces = self._pieces(words)
        return Post(
            id=identity,
            reply_to=reply_to,
            account=account,
            created_at=when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            language=words.language,
            paragraphs=tuple(self._cut(pieces)),
        )

    def _pieces(self, words: Vocabulary) -> list[Piece]:
        rng = self.rng
        count = max(2, min(60, int(rng.lognormvariate(2.7, 0.6))))
        pieces = [Piece(word) for word in words.drawn(rng, count)]
        pieces[0] = Piece(pieces[0].value.capitalize())
        for special in self._specials(words):
            pieces.insert(rng.randrange(1, len(pieces) + 1), special)
        if rng.random() < 0.35:
            names = dict.fromkeys(self.tags.drawn(rng, rng.choice((1, 1, 1, 2, 2, 3))))
            pieces += [Piece(name, "tag") for name in names]
        return pieces

    def _specials(self, words: Vocabulary) -> Iterator[Piece]:
        rng = self.rng
        if rng.random() < 0.15:
            yield Piece(self.people.one(rng), "mention")
        if rng.random() < 0.20:
            path = "/".join(self.vocabularies[0].drawn(rng, rng.randint(1, 4)))
            yield Piece(f"https://www.example.org/{path}", "link")
        if rng.random() < 0.15:
            yield Piece(rng.choice(EMOJI))
        if rng.random() < 0.20:
            yield Piece(rng.choice(AWKWARD))

    def _cut(self, pieces: list[Piece]) -> Iterator[tuple[Piece, ...]]:
        """Cut a post into paragraphs."""
        cuts = self.rng.choice((0, 0, 0, 1, 1, 2)) if len(pieces) > 12 else 0
        marks = sorted(self.rng.sample(range(2, len(pieces) - 1), cuts))
        for start, end in zip([0, *marks], [*marks, len(pieces)], strict=True):
            yield tuple(pieces[start:end])

    def _vocabulary(self) -> Vocabulary:
        return self.rng.choices(self.vocabularies, [script.weight for script in SCRIPTS])[0]

    def _word(self) -> str:
        return self.rng.choice(self._vocabulary().words)
