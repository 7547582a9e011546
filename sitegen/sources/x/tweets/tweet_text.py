"""Convert the text of a tweet: full links, no escapes, and its facets.

A text is split at its entities before its escapes are undone, as positions count the escapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Facet
from sitegen.sources.x.files.record_types import (
    Entities,
    Mention,
    Note,
    NoteCore,
    Tag,
    Tweet,
    Url,
    identity,
)
from sitegen.sources.x.tweets.entities import NOT_FOUND, Span, address_of, find_spans, whole_word
from sitegen.sources.x.tweets.full_text import SourceText, escape, source_text_of, unescape
from sitegen.threads.kinds import RETWEET

STATUS = re.compile(
    r"https?://(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/(?:#!/)?"
    r"(?P<who>i/web|i|\w{1,20})/status(?:es)?/(?P<id>[0-9]{1,25})(?:[/?#].*)?",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(?:[@＠]\w{1,20}\s+)*")


class Text(Struct, frozen=True):
    """A text as X shows it, its facets, and the status that it quotes."""

    text: str
    facets: tuple[Facet, ...] = ()
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    quoted: re.Match[str] | None = None
    oddities: tuple[str, ...] = ()


def read(tweet: Tweet, tweet_id: str, note: Note | None) -> Text:
    """Return the text of a tweet, or its long text if it has one."""
    written = source_text_of(tweet)
    short = _read(written, tweet_id, None)
    if short.quoted is None and (stated := _stated_quote(tweet, written)):
        short = _read(written, tweet_id, stated)
    if note is None or note.core is None or note.core.text is None:
        return short
    return _merge_long_text(short, written, tweet_id, note.core)


def _read(written: SourceText, tweet_id: str, quoted: re.Match[str] | None) -> Text:
    """Convert a text; `quoted` is the status that it is known to quote."""
    text, entities = written.text, written.entities
    media = (*written.media, *(entities.media or ()))
    spans, oddities = find_spans(text, entities, media)
    visible, end, at_end = _without_end(text, spans, tweet_id, quoted)
    shown, facets = _compose(text[:end], visible, written.undo)
    quoted = quoted or at_end
    return Text(
        shown,
        facets,
        links=_unique(
            *(f.value for f in facets if f.kind == "link"),
            *_addresses(entities, quoted, tweet_id),
        ),
        mentions=_unique(*(m.screen_name for m in entities.user_mentions or ())),
        tags=_unique(*(t.text for t in entities.hashtags or ())),
        quoted=quoted,
        oddities=oddities,
    )


def _merge_long_text(short: Text, written: SourceText, tweet_id: str, core: NoteCore) -> Text:
    """Convert the long text of a tweet, and add what only the short one has.

    The long text has its own links, but never the quote, which only the tweet has.
    """
    own = core.text or ""
    lead = lead_of(written.text)
    text = ("" if own.startswith(lead) else lead) + escape(own)
    media = tuple(m for m in written.media if m.url and m.url in text)
    entities = _of_note(text, written.entities, core)
    quoted = short.quoted or _unshown_quote(written, tweet_id, core)
    long = _read(SourceText(text, entities, media, unescape), tweet_id, quoted)
    quote_url = quoted[0] if quoted else None
    return replace(
        long,
        links=_unique(*long.links, *(link for link in short.links if link != quote_url)),
        mentions=_unique(*long.mentions, *short.mentions),
        tags=_unique(*long.tags, *short.tags),
        oddities=(*(o for o in short.oddities if o != NOT_FOUND), *long.oddities),
    )


def _unique(*values: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def lead_of(text: str) -> str:
    """Return the mentions at the start of a reply, which long texts lack."""
    match = _LEADING.match(text)
    return match[0] if match else ""


def _of_note(text: str, entities: Entities, core: NoteCore) -> Entities:
    """Return the entities of a long text, each as often as it occurs in the text."""
    named = [m.screen_name for m in entities.user_mentions or ()]
    named += [m.screen_name for m in core.mentions or ()]
    tagged = [t.text for t in (*(entities.hashtags or ()), *(core.hashtags or ()))]
    links = [(u.short_url, u.expanded_url) for u in core.urls or ()]
    links += [(u.url, u.expanded_url) for u in entities.urls or () if u.url and u.url in text]
    return Entities(
        urls=tuple(
            Url(short, address)
            for short, address in dict.fromkeys(links)
            for _ in _times(text, short or "")
        ),
        user_mentions=tuple(
            Mention(n) for n in dict.fromkeys(named) if n for _ in _times(text, f"@{n}")
        ),
        hashtags=tuple(Tag(t) for t in dict.fromkeys(tagged) if t for _ in _times(text, f"#{t}")),
    )


def _times(text: str, shown: str) -> range:
    """Return a range over the occurrences of an entity, at least one."""
    return range(max(1, len(whole_word(shown).findall(text))))


def _addresses(entities: Entities, quoted: re.Match[str] | None, tweet_id: str) -> Iterator[str]:
    """Yield the targets of links, except the quote and the tweet itself."""
    for url in entities.urls or ():
        address = address_of(url.url, url.expanded_url)
        status = STATUS.fullmatch(address or "")
        is_quote = quoted is not None and address == quoted[0]
        if address and not is_quote and not (status and _is_same(status["id"], tweet_id)):
            yield address


def _is_same(status_id: str, tweet_id: str) -> bool:
    return status_id.lstrip("0") == tweet_id.lstrip("0")


def _stated_quote(tweet: Tweet, written: SourceText) -> re.Match[str] | None:
    """Return the quoted status that a record names by its id, as API responses do."""
    quoted = identity(tweet.quoted_status_id_str, tweet.quoted_status_id)
    if quoted is None or RETWEET.match(written.text):
        return None
    for url in written.entities.urls or ():
        status = STATUS.fullmatch(url.expanded_url or "")
        if status and status["id"] == quoted:
            return status
    return STATUS.fullmatch(f"https://twitter.com/i/status/{quoted}")


def _unshown_quote(written: SourceText, tweet_id: str, core: NoteCore) -> re.Match[str] | None:
    """Return the status to which only the tweet's entities link, and neither of its texts."""
    shown = {u.expanded_url for u in core.urls or ()}
    for url in reversed(written.entities.urls or ()):
        status = STATUS.fullmatch(url.expanded_url or "")
        is_shown = url.expanded_url in shown or (url.url or "\0") in written.text
        if status and not is_shown and not _is_same(status["id"], tweet_id):
            return status
    return None


def _without_end(
    text: str, spans: Sequence[Span], tweet_id: str, known: re.Match[str] | None
) -> tuple[tuple[Span, ...], int, re.Match[str] | None]:
    """Remove short links from the end, as X does: of media, of a quote, and to the tweet itself.

    Returns the other spans, the end of the text, and the quoted status. If the quote is known, a
    link to another status is an ordinary link.
    """
    visible = list(spans)
    end, quoted = len(text), None
    is_retweet = RETWEET.match(text) is not None
    while visible and visible[-1].kind == "link" and not text[visible[-1].end : end].strip():
        last = visible[-1]
        status = None if is_retweet else STATUS.fullmatch(last.value)
        is_own = bool(status and _is_same(status["id"], tweet_id))
        is_quote = bool(status) and not is_own and not last.medium and quoted is None
        if known is not None and status is not None:
            is_quote = is_quote and status["id"] == known["id"]
        if not (last.medium or is_own or is_quote):
            break
        quoted = status if is_quote else quoted
        visible.pop()
        end = len(text[: last.start].rstrip())
    return tuple(visible), end, quoted


def _compose(
    text: str, spans: Sequence[Span], undo: Callable[[str], str]
) -> tuple[str, tuple[Facet, ...]]:
    """Assemble the text with full links and without escapes."""
    parts: list[str] = []
    facets: list[Facet] = []
    cursor = length = 0
    for span in spans:
        between = undo(text[cursor : span.start])
        written = text[span.start : span.end]
        shown = span.value if span.kind == "link" and span.value else undo(written)
        parts += (between, shown)
        length += len(between)
        if span.value:
            facets.append(Facet(length, length + len(shown), span.kind, span.value))
        length += len(shown)
        cursor = span.end
    parts.append(undo(text[cursor:]))
    return "".join(parts), tuple(facets)


def is_cut(text: str) -> bool:
    """Return whether X cut off the end of a text."""
    return text.rstrip().endswith(("…", "..."))


def without_cut(text: str) -> str:
    """Remove the ellipsis with which X ends a cut text."""
    return text.rstrip().removesuffix("…")
