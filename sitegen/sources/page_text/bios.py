"""Split the lines of account descriptions in a page's text.

After its posts a page shows the descriptions of accounts, line after line, without names. A
description has at most 256 graphemes (app.bsky.actor.profile). Within this limit the lines are
split where the sum of the evidence is greatest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sitegen.sources.page_text.posts.embeds import graphemes

MAX_GRAPHEMES = 256
_MAX_LINES = 16
_SURE = 1.0
_ADDRESS = re.compile(
    r"^\W*(?:[\w .&/-]{1,24}[:|→-]\s*)?"
    r"(?:https?://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?|\S+@\S+\.\w+)\W*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:signal|e-?mail|mail|web|web ?site|site|blog|newsletter|podcast|books?|twitter|x|ig|insta"
    r"|instagram|linkedin|mastodon|github|threads|youtube|contact|tips|substack|pronouns|based in"
    r"|orcid|location|personal|work|kontakt|contacto|home ?page|scholar|links?|more|dms?|telegram"
    r"|ko-fi|patreon)\s*[:|@]",
    re.IGNORECASE,
)
_PRONOUNS = re.compile(
    r"^\(?(?:she|he|they|it|sie|er|elle|il|any)\s?/\s?\w+(?:/\w+)?\)?\W*$", re.IGNORECASE
)
_ASIDE = re.compile(
    r"^(?:(?:all )?(?:views|opinions|posts|tweets|thoughts|takes|ideas|skeets)\b|rts?\b|reposts?\b"
    r"|likes\b|own views|personal (?:account|views)|here (?:for|to)|formerly|previously|ex[- ]"
    r"|prev\b|past:|also\b|and\b|author of|co-?author|now\b|currently|born in|based in|living in"
    r"|lives in|from\b|member of|my (?:book|work|views|posts|blog|site)|new book|i\b|i['’]m\b"
    r"|loves?\b|adores?\b|enjoys?\b|makes\b|writes\b|studies|thinks\b|interested in|interests"
    r"|passionate|fan of|runs\b|mostly|sometimes|occasional|she\b|he\b|they\b|we\b|our\b"
    r"|pronouns|order\b|read\b|subscribe|sign up|support\b|donate"
    r"|for (?:press|inquiries|bookings)|dm\b|tips\b|\W*$)",
    re.IGNORECASE,
)
_PROMOTED = re.compile(
    r"\b(?:out now|available now|pre-?order|new book|order here|bestsell\w+)\b", re.IGNORECASE
)
_ROLES = (
    # English
    "prof professor researcher scientist economist engineer writer author editor journalist"
    " reporter columnist correspondent student lecturer fellow director founder cofounder"
    " co-founder ceo cto designer developer programmer artist musician poet teacher historian"
    " philosopher sociologist physicist chemist biologist hydrologist geologist mathematician"
    " statistician lawyer attorney doctor nurse physician analyst consultant photographer"
    " filmmaker producer host podcaster novelist activist advocate organizer politician senator"
    " mayor minister mp mep dad mom mum mother father husband wife parent nerd geek librarian"
    " archivist phd postdoc candidate manager officer head chair dean staff secretary"
    " representative account official news newspaper magazine institute university foundation"
    " department center centre society company museum library union association agency team"
    " project bot gardener cook chef baker veteran"
    # German, French, Spanish
    r" professorin forscher forscherin autor autorin journalistin redakteur\w*"
    r" chercheu\w+ écrivain\w* auteur\w*"
    r" periodista escritor\w* investigador\w* profesor\w* estudiante"
)
_ROLE = re.compile(rf"\b(?:{_ROLES.replace(' ', '|')})\b", re.IGNORECASE)
_NOMINAL = re.compile(
    rf"^(?:an?other |former(?:ly)? |ex-|retired |the |an? )?(?:[\w’'-]+ ){{0,2}}?"
    rf"(?:(?:{_ROLE.pattern})|[a-z]{{2,}}(?:er|ist|eur|ian|ler|rin)\b(?= (?:of|at|from)\b|\.\s|,))"
    r"(?: (?:of|at|for|in|from|and)\b|\s?[,.|/•·;@&(]|\W*$)",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"^[^.,!?]{1,24}(?:, [^.,!?]{1,24}){2,}\.?$|\. \w+(?: \w+)?(?:, \w+(?: \w+)?)+\.?$"
)
_SYMBOL = re.compile(r"^[^\w\s\"'“‘(#@.]")


@dataclass(frozen=True, slots=True)
class Bio:
    """A description: the number of its first line, its text, and whether its start is certain."""

    first: int
    text: str
    is_certain: bool


def split_bios(lines: Sequence[str], first: int) -> tuple[Bio, ...]:
    """Split lines into descriptions; `first` is the number of the first line.

    Blank lines at a split belong to neither.
    """
    filled = [i for i, line in enumerate(lines) if line.strip()]
    if not filled:
        return ()
    shown = [lines[i].strip() for i in filled]
    gaps = [0, *(at - before > 1 for before, at in pairwise(filled))]
    cuts = [_evidence(shown, i) + gap if i else 0.0 for i, gap in enumerate(gaps)]
    starts = _best_starts([graphemes(line) for line in shown], cuts)
    ends = [*starts[1:], len(shown)]
    return tuple(
        Bio(
            first + filled[start],
            "\n".join(line.rstrip() for line in lines[filled[start] : filled[end - 1] + 1]),
            start == 0 or cuts[start] >= _SURE or cuts[start] == 0.0,
        )
        for start, end in zip(starts, ends, strict=True)
    )


def is_description(line: str) -> bool:
    """Return whether a line by itself looks like a person's description of themselves."""
    if len(line) > MAX_GRAPHEMES or line.rstrip().endswith("?"):
        return False
    return bool(
        _NOMINAL.match(line) or _LISTING.search(line) or _PRONOUNS.match(line) or _LABEL.match(line)
    )


def _best_starts(sizes: Sequence[int], cuts: Sequence[float]) -> list[int]:
    """Return the starts of parts within the limit whose sum of evidence is greatest."""
    best = [0.0] * (len(sizes) + 1)
    previous = [0] * (len(sizes) + 1)
    for end in range(1, len(sizes) + 1):
        size, options = -1, []
        for start in range(end - 1, max(-1, end - 1 - _MAX_LINES), -1):
            size += sizes[start] + 1
            if size > MAX_GRAPHEMES and start < end - 1:
                break
            options.append((best[start] + cuts[start], start))
        best[end], previous[end] = max(options)
    starts, at = [], len(sizes)
    while at:
        at = previous[at]
        starts.append(at)
    return starts[::-1]


def _evidence(lines: Sequence[str], at: int) -> float:
    """Return the evidence that a description begins at a line; negative if it speaks against it."""
    before, line = lines[at - 1], lines[at]
    evidence = (
        (1.5, _opens(line)),
        (-3.5, _continues(line)),
        (2.5, _is_contact(before) and not _is_contact(line)),
        (-1.5, _ASIDE.match(line) and not _ROLE.search(line[:24])),
        (-2.0, _PROMOTED.search(line)),
        (-2.0, before.endswith((",", ":", ";", "&", "-", "|"))),
        (-1.0, line[:1].islower() and before[:1].isupper() and not _opens(line)),
    )
    return 0.5 + sum(weight for weight, is_given in evidence if is_given)


def _opens(line: str) -> bool:
    """Return whether a line begins like a description, with what someone is."""
    return _ROLE.search(line[:60]) is not None and not _continues(line)


def _continues(line: str) -> bool:
    """Return whether a line is an address, pronouns, or begins with a symbol."""
    return _is_contact(line) or bool(_SYMBOL.match(line) or _PRONOUNS.match(line))


def _is_contact(line: str) -> bool:
    return len(line) <= MAX_GRAPHEMES and bool(_ADDRESS.match(line) or _LABEL.match(line))
