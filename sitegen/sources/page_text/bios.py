"""Split account descriptions in a page's text.

After its posts a page shows the descriptions of accounts, line after line, without names. A
description has at most 256 graphemes (app.bsky.actor.profile); the rest is likelihood: the
lines are split so that the sum of the evidence for the splits is greatest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
_ROLE = re.compile(
    r"\b(?:prof(?:essor)?|researcher|scientist|economist|engineer|writer|author|editor|journalist"
    r"|reporter|columnist|correspondent|student|lecturer|fellow|director|founder|co-?founder|ceo|cto"
    r"|designer|developer|programmer|artist|musician|poet|teacher|historian|philosopher|sociologist"
    r"|physicist|chemist|biologist|hydrologist|geologist|mathematician|statistician|lawyer|attorney"
    r"|doctor|nurse|physician|analyst|consultant|photographer|filmmaker|producer|host|podcaster"
    r"|novelist|activist|advocate|organizer|politician|senator|mayor|minister|mp|mep|dad|mom|mum"
    r"|mother|father|husband|wife|parent|nerd|geek|librarian|archivist|phd|postdoc|candidate|manager"
    r"|officer|head|chair|dean|staff|secretary|representative|account|official|news|newspaper"
    r"|magazine|institute|university|foundation|department|center|centre|society|company|museum"
    r"|library|union|association|agency|team|project|bot|gardener|cook|chef|baker|veteran"
    r"|professorin|forscher(?:in)?|autor(?:in)?|journalistin|redakteur\w*|chercheu\w+|écrivain\w*"
    r"|auteur\w*|periodista|escritor\w*|investigador\w*|profesor\w*|estudiante)\b",
    re.IGNORECASE,
)
_NOMINAL = re.compile(
    rf"^(?:an?other |former(?:ly)? |ex-|retired |the |an? )?(?:[\w’'-]+ ){{0,2}}?"
    rf"(?:(?:{_ROLE.pattern})|[a-z]{{2,}}(?:er|ist|eur|ian|ler|rin)\b(?= (?:of|at|from)\b|\.\s|,))"
    r"(?: (?:of|at|for|in|from|and)\b|\s?[,.|/•·;@&(]|\W*$)",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"^[^.,!?]{1,24}(?:, [^.,!?]{1,24}){2,}\.?$|\. \w+(?: \w+)?(?:, \w+(?: \w+)?)+\.?$"
)
_SIGNED = re.compile(r"^[^\w\s\"'“‘(#@.]")


@dataclass(frozen=True, slots=True)
class Bio:
    """A description: the number of its first line, its text, and whether its start is certain."""

    first: int
    text: str
    sure: bool


def split_bios(lines: Sequence[str], first: int) -> tuple[Bio, ...]:
    """Split lines into descriptions; `first` is the number of the first line.

    Blank lines at a split belong to neither.
    """
    filled = [i for i, line in enumerate(lines) if line.strip()]
    if not filled:
        return ()
    shown = [lines[i].strip() for i in filled]
    cuts = [
        _cut(shown, i) + (filled[i] - filled[i - 1] > 1) if i else 0.0 for i in range(len(shown))
    ]
    starts = _best([graphemes(line) for line in shown], cuts)
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
    """Return whether a line alone looks like (a line of) someone's description of themselves."""
    if len(line) > MAX_GRAPHEMES or line.rstrip().endswith("?"):
        return False
    match = _NOMINAL.match(line) or _LISTING.search(line) or _PRONOUNS.match(line)
    return match is not None or _LABEL.match(line) is not None


def _best(sizes: Sequence[int], cuts: Sequence[float]) -> list[int]:
    """Return the starts of the parts, none above the limit, with the greatest sum of evidence."""
    best = [0.0] * (len(sizes) + 1)
    came = [0] * (len(sizes) + 1)
    for end in range(1, len(sizes) + 1):
        size, options = -1, []
        for start in range(end - 1, max(-1, end - 1 - _MAX_LINES), -1):
            size += sizes[start] + 1
            if size > MAX_GRAPHEMES and start < end - 1:
                break
            options.append((best[start] + cuts[start], start))
        best[end], came[end] = max(options)
    starts, at = [], len(sizes)
    while at:
        at = came[at]
        starts.append(at)
    return starts[::-1]


def _cut(lines: Sequence[str], at: int) -> float:
    """Return the evidence for a new description before a line, negative if more is against it."""
    before, line = lines[at - 1], lines[at]
    weight = 0.5
    weight += 1.5 * _opens(line) - 3.5 * _belongs(line)
    weight += 2.5 * _is_contact(before) * (not _is_contact(line))
    weight -= 1.5 * (_ASIDE.match(line) is not None) * (not _ROLE.search(line[:24]))
    weight -= 2.0 * (_PROMOTED.search(line) is not None)
    weight -= 2.0 * before.endswith((",", ":", ";", "&", "-", "|"))
    weight -= 1.0 * (line[:1].islower() and before[:1].isupper() and not _opens(line))
    return weight


def _opens(line: str) -> bool:
    """Return whether a line begins as descriptions do: with what someone is."""
    return _ROLE.search(line[:60]) is not None and not _belongs(line)


def _belongs(line: str) -> bool:
    """Return whether a line is an address, a sign with a word or two, or pronouns."""
    return _is_contact(line) or _SIGNED.match(line) is not None or bool(_PRONOUNS.match(line))


def _is_contact(line: str) -> bool:
    if len(line) > MAX_GRAPHEMES:
        return False
    return _ADDRESS.match(line) is not None or _LABEL.match(line) is not None
