"""Separate a post's own text from the descriptions of its attachments.

A page shows the description of a picture, or the title and summary of a linked page, above
the post's own text. A post has at most 300 graphemes (app.bsky.feed.post), so its text is among
the last lines that fit into this limit; among these, words decide where it begins.
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
_DETERMINER = r"(?:an?|the|two|three|four|this)\s+(?:[\w-]+,?\s+){0,3}?"
_DESCRIBES = re.compile(
    rf"^(?:{_DETERMINER}(?:{_THING})\s+(?:\w+\s+)?(?:{_SHOWS})\b"
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
class PostParts:
    """A post's own text, and the attachments that the lines above it describe.

    `is_by_words` means that only words, not the limit, separate the two.
    """

    text: str
    media: tuple[Media, ...] = ()
    card: Card | None = None
    is_by_words: bool = False


def graphemes(text: str) -> int:
    """Count the characters that a reader sees (Unicode Standard Annex 29)."""
    if text.isascii() and "\r" not in text:
        return len(text)
    import regex

    return len(regex.findall(r"\X", text))


def split_attachments(lines: Sequence[str], links: int) -> PostParts:
    """Separate a post's text from its attachments; `links` is the number of links in the lines."""
    earliest = earliest_start(lines)
    start = max(earliest, _numbered_start(lines, earliest))
    certain = start
    if start == 0 or _DESCRIBES.match(lines[start - 1]):
        start = _description_lines(lines, start) or _preview_lines(lines, links)
    above, own = lines[:start], lines[start:]
    while own and not own[0].strip():
        own = own[1:]
    media, card = _attachments([line for line in above if line.strip()], links)
    return PostParts("\n".join(own), media, card, start > certain)


def earliest_start(lines: Sequence[str]) -> int:
    """Return the first line from which on the rest is short enough for a post."""
    left, start = MAX_GRAPHEMES + 1, len(lines)
    while start and left > 0:
        line = lines[start - 1]
        left -= 1 + (graphemes(line) if len(line) <= 20 * MAX_GRAPHEMES else len(line))
        if left < 0:
            break
        start -= 1
    return start


def describes_picture(line: str) -> bool:
    """Return whether a line describes a picture."""
    return _DESCRIBES.match(line) is not None


def _numbered_start(lines: Sequence[str], earliest: int) -> int:
    """Return the index of the line that begins with the post's number in its thread, or 0."""
    return next((i for i in range(max(1, earliest), len(lines)) if _NUMBERED.match(lines[i])), 0)


def _description_lines(lines: Sequence[str], count: int) -> int:
    """Return how many lines at the start describe pictures; the last line never does."""
    while count < len(lines) - 1 and _DESCRIBES.match(lines[count]):
        count += 1
    return count


def _preview_lines(lines: Sequence[str], links: int) -> int:
    """Return 2 if the first lines are a title and a shortened summary, else 0."""
    if len(lines) < 3 or not _is_title(lines[0]):
        return 0
    summary = lines[1]
    return 2 if _SHORTENED.search(summary) and graphemes(summary) >= 150 and " " in summary else 0


def _is_title(line: str) -> bool:
    return len(line) <= 160 and not _SENTENCE.search(line) and not line.endswith(":")


def _attachments(above: Sequence[str], links: int) -> tuple[tuple[Media, ...], Card | None]:
    if not above:
        return (), None
    if not _DESCRIBES.match(above[0]) and _is_card(above, links):
        return (), Card(above[0], "\n".join(above[1:]))
    if all(_DESCRIBES.match(line) for line in above):
        return tuple(Media("image", None, line) for line in above), None
    return (Media("image", None, "\n".join(above)),), None


def _is_card(above: Sequence[str], links: int) -> bool:
    """Return whether lines are a title and a summary, or a title in a post with a link."""
    if len(above) == 2:
        return bool(_SHORTENED.search(above[1])) or _is_title(above[0])
    return len(above) == 1 and links > 0 and _is_title(above[0])


def card_url(card: Card, urls: Sequence[str], cut: int) -> str | None:
    """Return the address of a card, if the post's text makes it evident.

    It does if it has a single address, and no shortened one unless a word of the address's path is
    also a word of the card.
    """
    if len(urls) != 1:
        return None
    path = urls[0].partition("://")[2].partition("/")[2]
    words = set(re.findall(r"\w{3,}", f"{card.title} {card.description}".lower()))
    is_named = words.intersection(re.findall(r"\w{3,}", path.lower()))
    return urls[0] if not cut or is_named else None
