"""Separate a post's own text from the description of its attachments.

A page shows the description of a picture, or the title and summary of a linked page, above
the post's own text. A post holds at most 300 graphemes (app.bsky.feed.post), so its text
cannot begin above the longest run of last lines that fits; below that, words must tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.model import Card, Media

MAX_GRAPHEMES = 300
_THING = (
    r"(?:bar |line |pie |area |flow ?|org )?(?:charts?|graphs?|diagrams?|plots?|tables?|maps?)"
    r"|(?:title |opening |closing )?(?:cards?|slides?|pages?)|screen ?shots?|screen ?captures?"
    r"|(?:aerial |group |close-?up |black and white |old |film )?(?:photos?|photographs?|pictures?"
    r"|images?)|illustrations?|drawings?|paintings?|posters?|cartoons?|comics?|memes?|logos?"
    r"|infographics?|figures?|histograms?|scatter ?plots?|heat ?maps?|flyers?|book covers?|covers?"
    r"|headlines?|selfies?|sketch(?:es)?|collages?|gifs?|animations?|videos?|renderings?"
)
_SHOWS = (
    r"of|showing|shows|show|with|from|depicting|depicts|comparing|compares|reading|titled|labell?ed"
)
_COUNTED = r"(?:an?|the|two|three|four|this)\s+(?:[\w-]+,?\s+){0,3}?"
_DESCRIBES = re.compile(
    rf"^(?:{_COUNTED}(?:{_THING})\s+(?:\w+\s+)?(?:{_SHOWS})\b"
    rf"|(?:{_THING})(?:\s+\w+)?\s+(?:{_SHOWS})\b"
    r"|(?:title|opening|closing) (?:card|slide|page)\s*:"
    r"|(?:alt|alt text|image description|image)\s*:"
    r"|(?:une? )?(?:photo|capture d['’]écran|image|illustration|affiche|graphique)"
    r" (?:de|du|des|montrant)\b"
    r"|(?:eine? )?(?:foto|bildschirmfoto|bild|grafik|diagramm|plakat|screenshot)"
    r" (?:von|einer|eines|mit|zeigt)\b"
    r"|(?:una? )?(?:foto|captura de pantalla|imagen|gráfico|cartel) (?:de|del|con|que)\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^[(\[]?[0-9]{1,2}\s?/(?:\s?(?:[0-9]{1,2}|n))?[)\]]?[\s.:]")
_SHORTENED = re.compile(r"\w(?:\.\.\.|…)$")
_SENTENCE = re.compile(r"[.!?…]['\"’”)]*$")


@dataclass(frozen=True, slots=True)
class Parts:
    """A post's own text and the text above it.

    `by_words` means that only words, not the length, separate the two.
    """

    text: str
    media: tuple[Media, ...] = ()
    card: Card | None = None
    by_words: bool = False


def graphemes(text: str) -> int:
    """Count what a reader sees as characters (Unicode Standard Annex 29)."""
    if text.isascii() and "\r" not in text:
        return len(text)
    import regex

    return len(regex.findall(r"\X", text))


def part(lines: Sequence[str], links: int) -> Parts:
    """Separate a post's text from its attachments; `links` counts the displays in the lines."""
    earliest = earliest_start(lines)
    start = max(earliest, _numbered_start(lines, earliest))
    sure = start
    if start == 0 or _DESCRIBES.match(lines[start - 1]):
        start = _described(lines, start) or _previewed(lines, links)
    above, own = lines[:start], lines[start:]
    while own and not own[0].strip():
        own = own[1:]
    media, card = _attached([line for line in above if line.strip()], links)
    return Parts("\n".join(own), media, card, start > sure)


def earliest_start(lines: Sequence[str]) -> int:
    """Return the first line from which on the rest is short enough to be a post."""
    left, start = MAX_GRAPHEMES + 1, len(lines)
    while start and left > 0:
        line = lines[start - 1]
        left -= 1 + (graphemes(line) if len(line) <= 20 * MAX_GRAPHEMES else len(line))
        if left < 0:
            break
        start -= 1
    return start


def describes(line: str) -> bool:
    """Return whether a line describes a picture."""
    return _DESCRIBES.match(line) is not None


def _numbered_start(lines: Sequence[str], earliest: int) -> int:
    """Return the line that begins with the post's number in its thread, or 0."""
    return next((i for i in range(max(1, earliest), len(lines)) if _NUMBERED.match(lines[i])), 0)


def _described(lines: Sequence[str], count: int) -> int:
    """Return the number of lines at the start that describe pictures; the last line is the text."""
    while count < len(lines) - 1 and _DESCRIBES.match(lines[count]):
        count += 1
    return count


def _previewed(lines: Sequence[str], links: int) -> int:
    """Return 2 if a title and a shortened summary begin the lines, else 0."""
    if len(lines) < 3 or not _is_title(lines[0]):
        return 0
    summary = lines[1]
    return 2 if _SHORTENED.search(summary) and graphemes(summary) >= 150 and " " in summary else 0


def _is_title(line: str) -> bool:
    return len(line) <= 160 and not _SENTENCE.search(line) and not line.endswith(":")


def _attached(above: Sequence[str], links: int) -> tuple[tuple[Media, ...], Card | None]:
    if not above:
        return (), None
    if not _DESCRIBES.match(above[0]) and _is_card(above, links):
        return (), Card(above[0], "\n".join(above[1:]))
    if all(_DESCRIBES.match(line) for line in above):
        return tuple(Media("image", None, line) for line in above), None
    return (Media("image", None, "\n".join(above)),), None


def _is_card(above: Sequence[str], links: int) -> bool:
    """Return whether lines are a title and a summary in one line, or a title beside a link."""
    if len(above) == 2:
        return bool(_SHORTENED.search(above[1])) or _is_title(above[0])
    return len(above) == 1 and links > 0 and _is_title(above[0])


def card_url(card: Card, urls: Sequence[str], cut: int) -> str | None:
    """Return the address that a post's text shows for its card, if it is evident.

    That is if the text shows one whole address and no other, or if a word of the
    address's path is a word of the title.
    """
    if len(urls) != 1:
        return None
    path = urls[0].partition("://")[2].partition("/")[2]
    words = set(re.findall(r"\w{3,}", f"{card.title} {card.description}".lower()))
    named = words.intersection(re.findall(r"\w{3,}", path.lower()))
    return urls[0] if not cut or named else None
