"""An invented archive with everything that a query can ask for, the same one for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from bench.words import SCRIPTS, Script, Vocabulary, vocabulary

from sitegen.model import (
    Author,
    Card,
    Counts,
    Elsewhere,
    Media,
    Poll,
    PollOption,
    Post,
    Thread,
)
from sitegen.topics.topic import Topic

SEED = 17
START = datetime(2009, 3, 1, tzinfo=UTC)
SPAN = timedelta(days=16 * 365)
LENGTHS = (55, 20, 10, 6, 4, 3, 1, 1)  # of a hundred threads, how many have 1, 2, ... posts
MORE_SCRIPTS = (
    Script("he", 6, "ב ג ד ה ח ל מ נ ר ש ת", "ִ ָ ֶ - -", "- - ם ן ר", (2, 2, 3)),
    Script("ko", 6, "가 나 다 마 바 사 하 강 산 별 비 숲", "- - 이 우", "- 는 에서 -", (1, 2, 2)),
    Script("th", 5, "ก ข ค ง จ ช ด ต น ม ร ล ว ส ห", "ะ า ิ ี ุ เ แ ้ ่", "- น ง", (1, 2, 3)),
    Script("hi", 4, "क ग च ज त द न प ब म र ल स ह", "ा ि ी ु े ो ् -", "- ं न", (2, 2, 3)),
    Script(
        "zh",
        8,
        "天 地 山 水 火 风 雨 雪 星 月 日 云 海 河 林 鸟",
        "-",
        "- - 上 下 中",
        (1, 2, 2, 3),
    ),
    Script(
        "de-AT", 7, "b d f g h k l m n schl str zw", "ä ö ü a e i o u", "- n r ß st", (1, 2, 2, 3)
    ),
)
LANGUAGES = {"la": "en", "ja": "ja", "zh": "zh_Hant"}
AUTHORS = (
    ("bluesky", Author("ada.example", "did:plc:ada", "Ada Brook"), 45),
    ("bluesky", Author("ada.old.example", "did:plc:ada", "Ada B."), 10),
    ("mastodon", Author("ada@social.example", "109", "Ada Brook"), 15),
    ("x", Author("ada_x", None, "Ada"), 12),
    ("bluesky", Author("ben.example", "did:plc:ben", "Ben Löwe"), 10),
    ("odd network", Author(None, None, "Cem Öz"), 5),
    ("x", Author("dot", "77", "山田"), 3),
)
OTHERS = (
    "ben.example",
    "ada.example",
    "fen@social.example",
    "dot",
    "nobody.example",
    "ＷＩＤＥ.example",
)
SITES = (
    "https://www.weir.example/a",
    "https://news.weir.example/b?x=1",
    "http://straße.example/c",
    "https://t.co/abc",
    "https://EXAMPLE.org/ü",
    "https://bücher.example",
)
EMOJI = ("🔭", "👍🏽", "👩‍🔬", "❤️", "🇩🇪🇫🇷", "🇮🇸", "1️⃣", "🦇")
AWKWARD = (
    "don't", "R&D", "C++", "12:30", "foo_bar", "½", "ﬁsh", "İstanbul", "Ⅷ", "¿qué?", "e\u0301te\u0301", "x²",
    "ｶﾞｷﾞ", "co\xadoperate", "<b>&amp;</b>", "]]>", "\u2028", "</script>", "naïve", "ΣΊΣΥΦΟΣ", "ӹ", "می‌خواهم",
    "東京・大阪", "2020年1月", "e=mc²", "\\n", '"so"', "${x}", "`tick`",
)  # fmt: skip
VISIBILITIES = (None, None, None, None, None, "unlisted", "followers", "unknown")
PEOPLE = """
[[people]]
name = "The Brooks"
accounts = ["bluesky:did:plc:ada", "mastodon:ada@social.example", "x:ada_x"]
"""


class Archive:
    """Threads of so many posts; `vocabularies` are the words they are made of."""

    def __init__(self, posts: int, seed: int = SEED) -> None:
        self._rng = random.Random(seed)
        scripts = (*SCRIPTS, *MORE_SCRIPTS)
        self.vocabularies = [vocabulary(script, self._rng, 400) for script in scripts]
        self._weights = [script.weight for script in scripts]
        names = [self._vocabulary().one(self._rng) for _ in range(120)]
        self.tags = Vocabulary.made(
            tuple(dict.fromkeys([*names, "C++", "Sea Fog", "ÜBER", "東京"]))
        )
        self.topics = tuple(self._topics())
        self._gap = SPAN / posts
        self._now = START
        self.threads = tuple(self._threads(posts))
        self.posts = tuple([post for thread in self.threads for post in thread.posts])

    def _topics(self) -> Iterator[Topic]:
        """Yield topics: a word of each language, a tag, one that had other names, one of no post."""
        for at, words in enumerate(self.vocabularies):
            yield Topic(f"{words.words[3]} & {at}", (words.words[3],))
        yield Topic("Sea Fog", tags=("sea fog",), former=("Brume légère",))
        yield Topic("東京タワー", ("東京",))
        yield Topic("Quagga", ("no such words",))

    def _threads(self, left: int) -> Iterator[Thread]:
        serial = 0
        while left:
            length = min(left, self._rng.choices(range(1, len(LENGTHS) + 1), LENGTHS)[0])
            network, author, _ = self._rng.choices(AUTHORS, [share for *_, share in AUTHORS])[0]
            ids = [f"{serial + at:x}k{self._rng.randrange(10**6)}" for at in range(length)]
            posts = [self._post(network, author, ids, at) for at in range(length)]
            serial += length
            left -= length
            yield Thread(ids[0], network, tuple(posts))

    def _post(self, network: str, author: Author, ids: list[str], at: int) -> Post:
        rng = self._rng
        self._now += self._gap * rng.uniform(0, 2)
        words = self._vocabulary()
        chance = partial(_chance, rng)
        if at and chance(0.3):
            author = rng.choice([each for of, each, _ in AUTHORS if of == network])
        tags = tuple(dict.fromkeys(self.tags.drawn(rng, rng.choice((0, 0, 0, 0, 1, 1, 2)))))
        mentions = tuple(rng.sample(OTHERS, 1)) if chance(0.15) else ()
        answers = self._answers(network) if not at and chance(0.2) else None
        reposts = self._answers(network) if not at and not answers and chance(0.08) else None
        quotes = self._answers(network) if chance(0.05) and not reposts else None
        return Post(
            ids[at], network, self._text(words), self._time(), author,
            reply_to=ids[at - 1] if at else answers.id if answers else None,
            repost_of=reposts.id if reposts else None,
            quote_of=quotes.id if quotes else None,
            elsewhere=tuple([each for each in (answers, reposts, quotes) if each]),
            links=(rng.choice(SITES),) if chance(0.15) else (),
            cut_links=("short.example/ab…",) if chance(0.02) else (),
            mentions=mentions, tags=tags, media=tuple(self._media(words)),
            card=self._card(words) if chance(0.05) else None,
            poll=Poll((PollOption(self._words(words, 2), 3), PollOption(self._words(words, 1)))) if chance(0.03) else None,
            warning=self._words(words, rng.choice((1, 3))) if chance(0.05) else None,
            sensitive=chance(0.03),
            langs=self._langs(words),
            counts=Counts(likes=int(rng.paretovariate(0.8)) - 1 if chance(0.7) else None),
            also=(Elsewhere(f"former-{ids[at]}"),) if chance(0.02) else (),
            visibility=rng.choice(VISIBILITIES),  # type: ignore[arg-type]
        )  # fmt: skip

    def _answers(self, network: str) -> Elsewhere:
        rng = self._rng
        handle = rng.choice((*OTHERS, None))
        author = Author(handle) if handle else Author()
        return Elsewhere(f"gone-{rng.randrange(10**6)}", network=network, author=author)

    def _time(self) -> str | None:
        if self._rng.random() < 0.02:
            return None
        if self._rng.random() < 0.03:
            return self._now.date().isoformat()
        return self._now.isoformat(timespec="seconds")

    def _langs(self, words: Vocabulary) -> tuple[str, ...]:
        if self._rng.random() < 0.1:
            return ()
        first = LANGUAGES.get(words.language, words.language)
        return (first, "en-GB") if self._rng.random() < 0.05 else (first,)

    def _media(self, words: Vocabulary) -> Iterator[Media]:
        kinds = ("image", "image", "image", "video", "audio")
        for _ in range(self._rng.choice((0, 0, 0, 0, 0, 0, 0, 1, 1, 2))):
            alt = self._words(words, 4) if self._rng.random() < 0.5 else None
            yield Media(self._rng.choice(kinds), None, alt)  # type: ignore[arg-type]

    def _card(self, words: Vocabulary) -> Card:
        url = self._rng.choice((*SITES, None))
        return Card(self._words(words, 3), self._words(words, 6), url)

    def _text(self, words: Vocabulary) -> str:
        rng = self._rng
        pieces = words.drawn(rng, max(0, min(60, int(rng.lognormvariate(2.2, 0.7))) - 1))
        if rng.random() < 0.2:
            pieces += self._vocabulary().drawn(rng, 3)
        for some, share in ((EMOJI, 0.12), (AWKWARD, 0.15)):
            if rng.random() < share:
                pieces.insert(rng.randint(0, len(pieces)), rng.choice(some))
        return rng.choice((" ", " ", ", ", "\n")).join(pieces)

    def _words(self, words: Vocabulary, count: int) -> str:
        return " ".join(words.drawn(self._rng, count))

    def _vocabulary(self) -> Vocabulary:
        return self._rng.choices(self.vocabularies, self._weights)[0]


def _chance(rng: random.Random, share: float) -> bool:
    return rng.random() < share
