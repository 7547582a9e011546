"""Choose among candidates by context.

Typography decides: a sign between two letters, before a word, after one or between spaces can
be one of only a few. If the context does not decide, the hole remains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitegen.text.charset_repair.candidates import HOLE, Hole, is_emoji
from sitegen.text.charset_repair.place_names import is_place

# What follows an apostrophe: isn't, it's, we're, I've, rep'd, nat'l, y'all, o'clock.
_AFTER = re.compile(r"(?:s|t|re|ve|ll|d|m|l|em|n|all|am|er|clock|know|cause)(?!\w)", re.IGNORECASE)
# Words that end in an apostrophe before a vowel or h: l'eau, qu'il, dell'arte, un'altra.
_ELIDED = re.compile(
    r"(?<!\w)(?:[cdjlmnstv]|qu|lorsqu|puisqu|jusqu|quelqu|aujourd|presqu|entr|un|gl|anch|com|dov"
    r"|quest|quell|(?:d|n|s|c|da|de|ne|su|a)?ell|a(?:l|ll)|da?ll|sull|dall|bell|sant)$",
    re.IGNORECASE,
)
_ENDORSES = re.compile(r"\s*(?:an? )?(?:endorse|agree|approv)", re.IGNORECASE)
_DECADE = re.compile(r"[0-9]0s(?!\w)")
_CLIPPED = re.compile(r"(?:em|tis|twas|cause|til|bout|round|n)(?!\w)", re.IGNORECASE)
_GERMAN = re.compile(r"(?<!\w)(?:und|der|die|das|nicht|ist|ein|eine|mit|für|von)(?!\w)")
_OPENERS = ("“", "‘")
_CLOSERS = ("”", "’")
_QUOTES = "‘’“”„"
_CONTEXT_LENGTH = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """A character for a hole, and which kind of repair that is."""

    character: str
    kind: str


def choose(text: str, holes: tuple[Hole, ...], in_list: bool) -> dict[int, Choice]:
    """Choose characters for the holes that their context decides, by position.

    `text` shows HOLE at each. `in_list` means that the lines are independent, as
    descriptions of people are, so that a pin before a place can be recognised.
    """
    chosen: dict[int, Choice] = {}
    for hole in holes:
        choice = _choose_one(text, hole, in_list)
        if choice:
            chosen[hole.position] = choice
    chosen.update(_pair_quotes(text, [h for h in holes if h.position not in chosen]))
    return chosen


def _choose_one(text: str, hole: Hole, in_list: bool) -> Choice | None:
    """Choose for one hole by its neighbours alone."""
    before, after = _neighbours(text, hole.position)
    if hole.candidates.pictures:
        return _emoji(text, hole, in_list)
    for rule in (_joiner, _letter, _sign, _sign_in_word, _spaced_sign):
        choice = rule(text, hole, before, after)
        if choice and hole.can_be(choice.character):
            return choice
    return None


def _neighbours(text: str, position: int) -> tuple[str, str]:
    return text[position - 1 : position] or "\n", text[position + 1 : position + 2] or "\n"


def _preceding(text: str, hole: Hole) -> str:
    return text[max(0, hole.position - _CONTEXT_LENGTH) : hole.position]


def _following(text: str, hole: Hole) -> str:
    return text[hole.position + 1 : hole.position + 1 + _CONTEXT_LENGTH]


def _emoji(text: str, hole: Hole, in_list: bool) -> Choice | None:
    emoji = hole.candidates.emoji
    if len(emoji) == 1:
        return Choice(emoji, "emoji")
    starts = _preceding(text, hole)[-1:] in ("", "\n")
    line = text[hole.position + 1 : hole.position + 64].partition("\n")[0]
    if in_list and starts and "📍" in emoji and line[:1] == " " and is_place(line.strip()):
        return Choice("📍", "pin before a place")
    return None


def _joiner(text: str, hole: Hole, before: str, after: str) -> Choice | None:
    """Return an invisible part of an emoji: its selector, its joiner, the keycap."""
    if hole.can_be("\ufe0f"):
        return Choice("\ufe0f", "emoji")
    if hole.can_be("\u20e3") and _preceding(text, hole)[-2:-1].isdigit():
        return Choice("\u20e3", "emoji")
    if hole.can_be("\u200d") and _may_be_emoji(before) and _may_be_emoji(after):
        return Choice("\u200d", "emoji")
    return None


def _may_be_emoji(character: str) -> bool:
    return character in (HOLE, "\ufe0f") or (ord(character) > 0x2300 and is_emoji(character))


def _letter(text: str, hole: Hole, before: str, after: str) -> Choice | None:
    """Return the small letter that fits among letters, if there is only one."""
    small = hole.candidates.small
    if not small:
        return None
    if before.isalpha() and before.islower() and not after.isupper():
        if "ß" in small and (after.isalpha() or before in "aouiöüe" or "à" not in small):
            return Choice("ß", "letter")
        if len(small) == 1 or ("à" in small and not after.isalpha()):
            return Choice("à" if "à" in small else small, "letter")
    if "à" in small and before == " " and after == " ":
        return Choice("à", "letter")
    return None


def _sign(text: str, hole: Hole, before: str, after: str) -> Choice | None:
    """Return the everyday sign that fits here, if there is only one."""
    signs = hole.candidates.signs
    if hole.candidates.punctuation:
        return None
    if "€" in signs:
        near = _following(text, hole)[:2] + _preceding(text, hole)[-2:]
        return Choice("€", "sign") if any(c.isdigit() for c in near) else None
    if "™" in signs and "•" in signs:
        return Choice("•" if before.isspace() else "™", "sign")
    if len(signs) == 1:
        return Choice(signs, "ellipsis" if signs == "…" else "sign")
    emoji = hole.candidates.emoji
    return Choice(emoji, "emoji") if len(emoji) == 1 and after in ("\ufe0f", HOLE) else None


def _sign_in_word(text: str, hole: Hole, before: str, after: str) -> Choice | None:
    """Return the sign inside a word or between two: an apostrophe, or a dash without spaces."""
    following, preceding = _following(text, hole), _preceding(text, hole)
    if not before.isspace() and _AFTER.match(following) and before not in "([{":
        return _apostrophe(hole)
    if before.isdigit() and after.isdigit():
        return Choice("–", "dash")
    if not (before.isalnum() and (after.isalnum() or after == HOLE)):
        return None
    if _ELIDED.search(preceding) and after.lower() in "aeiouyhàâéèêëîïôûù" + HOLE:
        return _apostrophe(hole)
    if preceding[-1:] in "OoDd" and not preceding[-2:-1].isalpha() and after.isupper():
        return _apostrophe(hole)
    return Choice("—", "dash") if hole.can_be("—") else _apostrophe(hole)


def _apostrophe(hole: Hole) -> Choice:
    return Choice("’", "apostrophe")


def _spaced_sign(text: str, hole: Hole, before: str, after: str) -> Choice | None:
    """Return the sign with a space on either side: a dash, or "not equal"."""
    if not (before in " \u00a0" and after in " \u00a0"):
        return None
    if hole.can_be("≠") and _ENDORSES.match(text, hole.position + 1):
        return Choice("≠", "sign")
    before_on_line = _preceding(text, hole).rpartition("\n")[2].strip()
    after_on_line = _following(text, hole).partition("\n")[0].strip()
    if not (before_on_line and after_on_line):
        return None
    return Choice("—" if hole.can_be("—") else "–", "dash")


def _pair_quotes(text: str, holes: list[Hole]) -> dict[int, Choice]:
    """Pair possible opening quotation marks with possible closing ones."""
    chosen: dict[int, Choice] = {}
    open_holes: list[Hole] = []
    is_german = len(_GERMAN.findall(text)) > 2
    sides = [(h, _side(text, h)) for h in holes if h.candidates.punctuation]
    last = max(
        (index for index, (_, side_of_hole) in enumerate(sides) if side_of_hole == "closing"),
        default=-1,
    )
    for index, (hole, side) in enumerate(sides):
        has_later_closing = index < last
        if side == "opening":
            open_holes.append(hole)
        elif (
            side == "closing"
            and open_holes
            and not (has_later_closing and _is_plural_possessive(text, hole))
        ):
            opener = open_holes.pop()
            chosen.update(_pair(opener, hole, len(open_holes), is_german))
        elif side == "closing":
            chosen.update(_lone_closing(text, hole))
    for hole in open_holes:
        chosen.update(_lone_opening(text, hole))
    return chosen


def _side(text: str, hole: Hole) -> str:
    before, after = _neighbours(text, hole.position)
    opens = before.isspace() or before in "([{/—–-\"'" or before in "“‘„"
    closes = after.isspace() or after in ")]}.,;:!?…/—–-\"'"
    if opens and not after.isspace():
        return "opening"
    return "closing" if closes and not before.isspace() else "neither"


def _is_plural_possessive(text: str, hole: Hole) -> bool:
    """Return whether a mark may be the apostrophe of a possessive plural: authors' rights."""
    position = hole.position
    next_two = text[position + 1 : position + 3]
    return (
        text[position - 1 : position] in "sxz" and next_two[:1] == " " and next_two[1:2].isalpha()
    )


def _pair(opener: Hole, closer: Hole, depth: int, is_german: bool) -> dict[int, Choice]:
    """Return a pair of quotation marks: double outside, single inside."""
    first, last = ("„‚", "“‘") if is_german and opener.can_be("„") else ("“‘", "”’")
    level = depth % 2
    opening = _first_candidate(opener, (first[level], *_OPENERS, "„"))
    closing = _first_candidate(closer, (last[level], *_CLOSERS, "“"))
    if opening is None or closing is None:
        return {}
    return {
        opener.position: Choice(opening, "quotation mark"),
        closer.position: Choice(closing, "quotation mark"),
    }


def _first_candidate(hole: Hole, preferred: tuple[str, ...]) -> str | None:
    return next((c for c in preferred if hole.can_be(c)), None)


def _lone_closing(text: str, hole: Hole) -> dict[int, Choice]:
    before = text[hole.position - 1 : hole.position]
    dropped_g = re.search(r"\win$", _preceding(text, hole)) is not None
    if hole.can_be("’") and (_is_plural_possessive(text, hole) or dropped_g):
        return {hole.position: _apostrophe(hole)}
    candidates = [c for c in _QUOTES if hole.can_be(c)]
    if "”" in candidates and (before in ".,!?…" or len(candidates) == 1):
        return {hole.position: Choice("”", "quotation mark")}
    return {}


def _lone_opening(text: str, hole: Hole) -> dict[int, Choice]:
    rest = _following(text, hole)
    if hole.can_be("’") and (_DECADE.match(rest) or _CLIPPED.match(rest)):
        return {hole.position: _apostrophe(hole)}
    candidates = [c for c in _QUOTES if hole.can_be(c)]
    if len(candidates) == 1 and candidates[0] in "“‘„":
        return {hole.position: Choice(candidates[0], "quotation mark")}
    return {}
