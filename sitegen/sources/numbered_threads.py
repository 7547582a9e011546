"""Find the cues for threads in a post's words: `1/`, `2/6`, `(3/n)`, "First", "Finally", 🧵."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"(?P<at>[0-9]{1,3})\s?/\s?(?P<of>[0-9]{1,3}|[nNxX?])?"
_TRAILING = r"[\s.:\ufffd\ufe0f\u200d\U0001f000-\U0001faff☀-➿⬇👇]*"
_NUMBERS = (
    re.compile(
        rf"^(?:[🧵\s]*)(?:thread\s*:?\s*)?[(\[]?{_NUMBER}[)\]]?(?=[\s.:)–—-]|$)", re.IGNORECASE
    ),
    re.compile(rf"(?:^|[\s.!?:;…🧵])[(\[]?{_NUMBER}[)\]]?{_TRAILING}$"),
)
_LIST_NUMBER = re.compile(r"^(?P<at>[0-9]{1,2})[.)]\s")
_THREAD_SIGN = re.compile(
    r"🧵|👇|⬇|(?:^|\W)(?:an? )?(?:short |quick |long |new )?thread\s*(?:$|[:.!👇🧵(⬇-])",
    re.IGNORECASE,
)
_ANNOUNCEMENT = re.compile(
    r"\b(?:read on|more below|here['’]s (?:why|how|what)|(?:a few|some) thoughts|let me explain)\b"
    r"|:\s*$",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^(?:(?:second|third|fourth|fifth|sixth|finally|lastly|last|next|then|also|and|but|so|because"
    r"|however|moreover|furthermore|meanwhile|for example|for instance|in addition|additionally"
    r"|another|yet|still|instead|that said|this means|we also|as a result|first|firstly|secondly"
    r"|to start|in short|one more|see the|read the|full (?:paper|post|report)|paper|link|ps|p\.s\."
    r"|edit|update|zweitens|drittens|außerdem|und|aber|ensuite|enfin|mais|et|donc|deuxième"
    r"|troisième|segundo|tercero|además|por último|y|pero)\b"
    r"|thanks (?:to|for)\b|[…&]|\.{2,}|->|→|↳)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\b(?:fin|the end|/end|end/|end of (?:the )?thread|thanks for reading|stay tuned)\W*$|/fin\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues for threads in the words of a post.

    `number` is the post's own number, `total` the announced number of posts, `listed` its number
    as in a list, `2.`. The post `announces` that more follows, `opens` with the sign of a thread,
    `goes_on` like a continuation, or `closes` like the last post.
    """

    number: int | None = None
    total: int | None = None
    listed: int | None = None
    announces: bool = False
    opens: bool = False
    goes_on: bool = False
    closes: bool = False


def cues(text: str) -> Cues:
    """Find the cues in a post's own text."""
    number, total = _number(text)
    listed = _LIST_NUMBER.match(text)
    opens = _THREAD_SIGN.search(text) is not None
    words = re.sub(r"^\W*[0-9]{1,3}\s?/\s?[0-9nNxX]*[)\].:]*\s*", "", text) if number else text
    return Cues(
        number,
        total,
        int(listed["at"]) if listed else None,
        opens or _ANNOUNCEMENT.search(text) is not None,
        opens,
        _CONTINUES.match(words) is not None,
        _CLOSING.search(text) is not None or (number is not None and number == total),
    )


def _number(text: str) -> tuple[int | None, int | None]:
    for pattern in _NUMBERS:
        match = pattern.search(text)
        if not match:
            continue
        at, of = int(match["at"]), match["of"] or ""
        total = int(of) if of.isdigit() else None
        if at >= 1 and (total is None or (at <= total and total > 1)):
            return at, total
    return None, None
