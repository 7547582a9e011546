"""The text of a tweet: short links told in full, escapes undone, and where it leads.

Places in X's entities count code points of the text as it stands in the archive, where `&`,
`<` and `>` are escaped: the text is cut at them first, and its escapes are undone after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sitegen import richtext
from sitegen.importers.x.records import (
    Entities,
    Medium,
    Mention,
    Note,
    NoteCore,
    Place,
    Tag,
    Tweet,
    Url,
)
from sitegen.model import Facet, FacetKind

STATUS = re.compile(
    r"https?://(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/(?:#!/)?"
    r"(?P<who>i/web|i|\w{1,20})/status(?:es)?/(?P<id>[0-9]{1,25})(?:[/?#].*)?",
    re.IGNORECASE,
)
RETWEET = re.compile(r"RT @(\w{1,20}): ?")
_ESCAPE = re.compile(r"&(amp|lt|gt);")
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
_ESCAPED = {"amp": "&", "lt": "<", "gt": ">"}
_LEADING = re.compile(r"(?:[@＠]\w{1,20}\s+)*")

NOT_FOUND = "entities of what the text does not show"
MOVED = "entities that stand elsewhere than they say"
OVERLAPPING = "entities over another left out"


class Span(Struct, frozen=True, order=True):
    """A stretch of the escaped text that an entity covers, and what it leads to."""

    start: int
    end: int
    kind: FacetKind
    value: str
    medium: bool = False


class Text(Struct, frozen=True):
    """A text as a person reads it, where it leads, and the status that it quotes."""

    text: str
    facets: tuple[Facet, ...] = ()
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    quoted: re.Match[str] | None = None
    oddities: tuple[str, ...] = ()


def read(tweet: Tweet, tweet_id: str, note: Note | None) -> Text:
    """Return the text of a tweet: its long form where it has one."""
    text = tweet.full_text if tweet.full_text is not None else tweet.text or ""
    entities = tweet.entities or Entities()
    media = (*media_of(tweet), *(entities.media or ()))
    if note is not None and note.core is not None and note.core.text is not None:
        text = _lead(text, note.core.text) + escaped(note.core.text)
        entities = _of_note(text, entities, note.core)
    spans, oddities = _spans(text, entities, media)
    kept, end, quoted = _without_end(text, spans, tweet_id, is_retweet=bool(RETWEET.match(text)))
    shown, facets = _composed(text[:end], kept)
    return Text(
        shown,
        facets,
        links=_each_once(
            *(f.value for f in facets if f.kind == "link"), *_addresses(entities, quoted)
        ),
        mentions=_each_once(*(m.screen_name for m in entities.user_mentions or ())),
        tags=_each_once(*(t.text for t in entities.hashtags or ())),
        quoted=quoted,
        oddities=oddities,
    )


def _each_once(*values: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def media_of(tweet: Tweet) -> tuple[Medium, ...]:
    """Return a tweet's media in their order: the extended entities have all of them."""
    extended = tweet.extended_entities.media if tweet.extended_entities else None
    plain = tweet.entities.media if tweet.entities else None
    return extended or plain or ()


def unescaped(text: str) -> str:
    """Undo the three escapes that X writes, each once."""
    return _ESCAPE.sub(lambda m: _ESCAPED[m[1]], text) if "&" in text else text


def plain(text: str) -> str:
    """Undo the escapes of a text that may have none: where anything is bare, nothing is escaped."""
    return text if _BARE.search(text) else unescaped(text)


def escaped(text: str) -> str:
    """Escape a text that may have been escaped already."""
    text = plain(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def lead_of(text: str) -> str:
    """Return the mentions that a reply begins with; long texts go without them."""
    found = _LEADING.match(text)
    return found[0] if found else ""


def _lead(text: str, long: str) -> str:
    lead = lead_of(text)
    return "" if long.startswith(lead) else lead


def _of_note(text: str, entities: Entities, core: NoteCore) -> Entities:
    """Return what a long text holds, each as often as its characters show it."""
    named = [m.screen_name for m in entities.user_mentions or ()]
    named += [m.screen_name for m in core.mentions or ()]
    tagged = [t.text for t in (*(entities.hashtags or ()), *(core.hashtags or ()))]
    return Entities(
        urls=tuple(
            Url(u.short_url, u.expanded_url)
            for u in dict.fromkeys(core.urls or ())
            for _ in _times(text, u.short_url or "")
        ),
        user_mentions=tuple(
            Mention(n) for n in dict.fromkeys(named) for _ in _times(text, f"@{n}")
        ),
        hashtags=tuple(Tag(t) for t in dict.fromkeys(tagged) for _ in _times(text, f"#{t}")),
        media=entities.media,
    )


def _times(text: str, shown: str) -> range:
    """Return a range as long as an entity is shown often, but at least once."""
    return range(max(1, len(_alone(shown).findall(text))))


def _addresses(entities: Entities, quoted: re.Match[str] | None) -> Iterator[str]:
    for url in entities.urls or ():
        address = _address(url.url, url.expanded_url)
        if address and not (quoted and address == quoted[0]):
            yield address


def _address(short: str | None, expanded: str | None) -> str | None:
    """Return where a short link leads; itself where that is not told or not safe."""
    for address in (expanded, short):
        if address and richtext.safe_url(address):
            return address
    return None


def _spans(
    text: str, entities: Entities, media: Sequence[Medium]
) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """Find what each entity covers, in order, none over another; and what was odd."""
    taken: list[Span] = []
    oddities: list[str] = []
    cursor: dict[str, int] = {}
    for place, shown, kind, value, medium in _wanted(entities, media):
        start, odd = _found(text, place, shown, cursor.get(shown.casefold(), 0))
        if odd:
            oddities.append(odd)
        if start is not None:
            cursor[shown.casefold()] = start + len(shown)
            taken.append(Span(start, start + len(shown), kind, value, medium))
    kept: list[Span] = []
    for span in sorted(set(taken)):
        if kept and span.start < kept[-1].end:
            oddities.append(OVERLAPPING)
        else:
            kept.append(span)
    return tuple(kept), tuple(oddities)


def _wanted(
    entities: Entities, media: Sequence[Medium]
) -> Iterator[tuple[Place, str, FacetKind, str, bool]]:
    """Go through the entities: where they say they stand, how they show, where they lead."""
    for url in entities.urls or ():
        if url.url and (address := _address(url.url, url.expanded_url)):
            yield url.indices, url.url, "link", address, False
    for short in {m.url: m for m in media if m.url}.values():
        address = _address(short.url, short.expanded_url)
        yield short.indices, short.url or "", "link", address or "", True
    for mention in entities.user_mentions or ():
        if name := mention.screen_name:
            yield mention.indices, f"@{name}", "mention", name, False
    for tag in entities.hashtags or ():
        if tag.text:
            yield tag.indices, f"#{tag.text}", "tag", tag.text, False


def _found(text: str, place: Place, shown: str, after: int) -> tuple[int | None, str | None]:
    """Return where an entity stands: where it says, if it does, else where it is met next."""
    if place and place[0] >= 0 and _alike(text[place[0] : place[0] + len(shown)], shown):
        return place[0], None
    start = _next(text, shown, after)
    if start is None:
        return None, NOT_FOUND
    return start, MOVED if place else None


def _next(text: str, shown: str, after: int) -> int | None:
    """Find an entity that is not a part of a longer word; ASCII letters in any case."""
    match = _alone(shown).search(text, after)
    return match.start() if match else None


def _alone(shown: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(shown)}(?!\w)", re.IGNORECASE)


def _alike(found: str, shown: str) -> bool:
    signs = {"＠": "@", "＃": "#"}
    found = signs.get(found[:1], found[:1]) + found[1:]
    return found == shown or (len(found) == len(shown) and found.casefold() == shown.casefold())


def _without_end(
    text: str, spans: tuple[Span, ...], tweet_id: str, *, is_retweet: bool
) -> tuple[tuple[Span, ...], int, re.Match[str] | None]:
    """Take off the short links at the end that X shows as media, as a quote, or as "more"."""
    kept = list(spans)
    end, quoted = len(text), None
    while kept and kept[-1].kind == "link" and not text[kept[-1].end : end].strip():
        last = kept[-1]
        status = None if is_retweet else STATUS.fullmatch(last.value)
        is_own = bool(status and status["id"].lstrip("0") == tweet_id.lstrip("0"))
        is_quote = bool(status) and not is_own and not last.medium and quoted is None
        if not (last.medium or is_own or is_quote):
            break
        quoted = status if is_quote else quoted
        kept.pop()
        end = len(text[: last.start].rstrip())
    return tuple(kept), end, quoted


def _composed(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Facet, ...]]:
    """Put the text together: links in full, all else without escapes."""
    parts: list[str] = []
    facets: list[Facet] = []
    cursor = length = 0
    for span in spans:
        between = unescaped(text[cursor : span.start])
        written = text[span.start : span.end]
        shown = span.value if span.kind == "link" and span.value else unescaped(written)
        parts += (between, shown)
        length += len(between)
        if span.value:
            facets.append(Facet(length, length + len(shown), span.kind, span.value))
        length += len(shown)
        cursor = span.end
    parts.append(unescaped(text[cursor:]))
    return "".join(parts), tuple(facets)


def is_cut(text: str) -> bool:
    """Tell whether a text ends where X cut it."""
    return text.rstrip().endswith(("…", "..."))


def without_cut(text: str) -> str:
    """Return a text without the sign that it was cut."""
    return text.rstrip().removesuffix("…")
