"""Queries for the invented archive: by hand for each rule, and drawn from its words and facts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from search_page.archive import AWKWARD, EMOJI, Archive

from sitegen.model import Post
from sitegen.query import folding

BY_HAND = """
-is:repost
-on:2019
on:2019
on:2012-02-29
on:2020-03
year:2009,2025
before:2012
after:2019-12
since:2024-11-15
since:2014 before:2015-06
-since:2010
min_likes:0
min_likes:1
min_likes:25,100
-min_likes:3 is:thread
is:post
is:thread,reply
is:repost
is:reply -is:quote
is:quote
has:image
has:video,audio
has:link -has:image
has:poll
has:warning
has:alt
-has:alt has:image
network:bluesky
network:X,mastodon
network:"Odd Network"
-network:bluesky
lang:en
lang:de
lang:zh-hant,ja
lang:e
-lang:en
visibility:public
visibility:unlisted,unknown
visibility:followers
visibility:direct
from:ada.example
from:ada.old.example
from:@ADA.EXAMPLE
from:"ada brook"
from:"The Brooks"
from:did:plc:ada
from:bluesky:ada.example
from:mastodon:ada@social.example
from:ada_x
from:"cem öz"
from:"Ben Lowe"
from:山田
from:dot
from:77
from:nobody
-from:"the brooks"
to:ada.example
to:ben.example
to:"The Brooks"
to:wide.example
to:fen@social.example
to:dot
@ada.example
@dot
@"cem öz"
@nobody.example
-@ada.example
site:weir.example
site:news.weir.example
site:https://www.weir.example/zzz
site:example
site:EXAMPLE.org
site:straße.example
site:STRASSE.example
site:short.example
site:t.co
site:eir.example
tag:C++
tag:"sea fog"
tag:uber
#東京
tag:"sea fog",C++ -is:repost
-#uber has:link
"don t"
don't
dont
r&d
12:30
foo_bar
fish
istanbul
qué
ete
x2
がぎ
ｶﾞ*
cooperate
co-operate
script
amp
σισυφοσ
ΣΊΣΥΦΟς
"12 30"
"don t"-fish
「東京」-大阪 is:post
from:"ada brook"-has:image
大阪
"東京 大阪"
"京 大"
東京大阪
2020年
年1月
1月*
天
山*
天地
"天地 山水"
星月 -風
🔭
👍
👍🏽
🏽
"👩 🔬"
👩‍🔬
❤
🇩🇪
🇫🇷 -🇩🇪
🇩*
1️⃣
은
ไ
ก*
ม
می‌خواهم
topic:weather
topic:quagga
-topic:quagga is:poll
topic:"sea  FOG"
topic:sea-fog -#uber
topic:"brume legere",東京タワー
-topic:東京タワー has:image
topic:東京 sort:likes
nothinglikethis
nothing*
"a b c d e f"
-nothinglikethis
fron:ada.example
https://example.org/
#
-
sort:likes is:post
sort:old has:poll
sort:best has:image
sort:new #uber
from:ada.example has:image -is:repost since:2015-06
"""


def all_queries(archive: Archive) -> tuple[str, ...]:
    """Return the queries, each once."""
    drawn = _drawn(archive, random.Random(5))
    return tuple(dict.fromkeys(["", *BY_HAND.strip().split("\n"), *AWKWARD, *EMOJI, *drawn]))


def _drawn(archive: Archive, rng: random.Random) -> Iterator[str]:
    for vocabulary in archive.vocabularies:
        frequent, rare = vocabulary.words[0], vocabulary.words[-1]
        yield from (frequent, rare, f"{rare[:2]}*", f'-{frequent} "{vocabulary.words[1]}"')
        yield f"{vocabulary.words[2]} {vocabulary.words[3]}"
        yield f"{vocabulary.words[0]} {vocabulary.words[1]} sort:best"
        yield f"{vocabulary.words[1][0]}* sort:likes"
    texts = [post for post in archive.posts if len(post.text) > 12]
    for post in rng.sample(texts, 90):
        yield rng.choice(_WAYS)(post, rng)
    for topic in archive.topics:
        yield f'topic:"{topic.name}"'
        yield f"-topic:{topic.slug} {rng.choice(_PARTS)}"
    for post in rng.sample(archive.posts, 20):
        yield f"id:{post.id}"
        yield f"id:{post.network}:{post.id},former-{post.id}"
    for _ in range(40):
        yield " ".join(rng.sample(_PARTS, 2))


def _phrase(post: Post, rng: random.Random) -> str:
    words = post.text.replace('"', " ").split()
    start = rng.randrange(len(words))
    return f'"{" ".join(words[start : start + rng.randint(2, 4)])}"'


def _run(post: Post, rng: random.Random) -> str:
    """Return a few characters that follow each other, also from within words."""
    text = " ".join(post.text.replace('"', " ").split())
    start = rng.randrange(len(text))
    return f'"{text[start : start + rng.randint(2, 9)]}"'


def _words(post: Post, rng: random.Random) -> str:
    words = [word for word in post.text.split() if folding.has_words(word)] or ["fog"]
    return " ".join(rng.sample(words, min(2, len(words))))


def _beginning(post: Post, rng: random.Random) -> str:
    word = rng.choice(post.text.split())
    return f"{word[: rng.randint(1, 4)]}*"


def _with_fields(post: Post, rng: random.Random) -> str:
    return f"{_words(post, rng)} {rng.choice(_PARTS)}"


_WAYS: tuple[Callable[[Post, random.Random], str], ...] = (
    _phrase,
    _run,
    _words,
    _beginning,
    _with_fields,
)
_PARTS = (
    "is:reply", "-is:reply", "has:image", "-has:link", "year:2015,2016", "since:2018", "before:2013-05-05",
    "lang:en", "-lang:ja", "network:bluesky", "min_likes:5", "from:ada.example", "-from:ben.example", "@ada.example",
    "site:example", "-visibility:public", "山", "ad*", "#uber",
)  # fmt: skip
