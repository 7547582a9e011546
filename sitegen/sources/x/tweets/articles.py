"""Read articles: long texts with a title, and whether they were published.

article.js has the texts, including drafts; article-metadata.js has their states. The archive
does not say which state belongs to which text: if both files have equally many records, they are
taken to be in the same order. An article that a post shares becomes a part of that post.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from sitegen.model import Facet
from sitegen.sources.post_parts import shift
from sitegen.sources.x.files.record_fields import entries
from sitegen.sources.x.files.record_types import (
    Article,
    ArticleBlock,
    ArticleMetadata,
    Id,
    Tweet,
    identity,
)
from sitegen.sources.x.files.times import iso
from sitegen.sources.x.tweets.tweet_text import Text
from sitegen.text import richtext

State = Literal["published", "draft", "deleted", "unknown"]
ADDRESS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/\w{1,20}/article/(?P<id>[0-9]{1,25})"
    r"(?:[/?#].*)?",
    re.IGNORECASE,
)
_STATES: dict[str, State] = {
    "published": "published",
    "draft": "draft",
    "drafted": "draft",
    "deleted": "deleted",
}


class ParsedArticle(Struct, frozen=True):
    """An article, its state, and its record."""

    record: str
    id: str | None
    text: Text
    state: State
    created_at: str | None = None
    has_media: bool = False


def read_articles(
    articles: Sequence[tuple[str, Article | None]], metadata: Sequence[ArticleMetadata | None]
) -> Iterator[ParsedArticle]:
    """Combine articles with their states; an article without a statement is unknown."""
    by_id = {i: m for m in metadata if m and (i := identity(m.article_id, m.id))}
    is_in_order = len(articles) == len(metadata) and not by_id
    everywhere = {_state_of_metadata(m) for m in metadata} if not by_id else set()
    for place, (record, article) in enumerate(articles):
        if article is None:
            continue
        own = by_id.get(identity(article.id) or "")
        known = metadata[place] if is_in_order else own
        state = _state_of_metadata(known) if known else None
        if state is None and len(everywhere) == 1 and len(metadata) >= len(articles):
            state = next(iter(everywhere))
        yield ParsedArticle(
            record,
            identity(article.id),
            _text(article),
            _most_restrictive(state, _state(article.lifecycle)),
            _time(known.created_at_ms) if known else None,
            bool(article.media),
        )


def shared_by(tweets: Mapping[str, Tweet]) -> dict[str, str]:
    """Return the ids of articles that tweets link to, with the id of the first such tweet."""
    shared: dict[str, str] = {}
    for tweet_id in sorted(tweets, key=int):
        entities = tweets[tweet_id].entities
        for url in (entities.urls if entities else None) or ():
            if match := ADDRESS.fullmatch(url.expanded_url or ""):
                shared.setdefault(match["id"], tweet_id)
    return shared


def with_article(text: Text, article: Text) -> Text:
    """Append a shared article to the text of a post."""
    before, facets = _without_address(text)
    before = f"{before}\n\n" if before else ""
    return replace(
        text,
        text=before + article.text,
        facets=(*facets, *shift(article.facets, len(before))),
        links=tuple(dict.fromkeys((*text.links, *article.links))),
    )


def _without_address(text: Text) -> tuple[str, tuple[Facet, ...]]:
    """Remove the article's address from the end of a text."""
    last = text.facets[-1] if text.facets else None
    is_end = last is not None and last.end == len(text.text.rstrip())
    if last is None or not is_end or not ADDRESS.fullmatch(last.value):
        return text.text.rstrip(), text.facets
    return text.text[: last.start].rstrip(), text.facets[:-1]


def _text(article: Article) -> Text:
    """Join an article's title and paragraphs with blank lines."""
    parts = [article.title.strip()] if article.title and article.title.strip() else []
    facets: list[Facet] = []
    links: list[str] = []
    targets = dict(_targets(article.content.entity_map)) if article.content else {}
    for block in (article.content.blocks if article.content else None) or ():
        if not block.text or not block.text.strip():
            continue
        start = sum(len(part) + 2 for part in parts)
        for offset, end, address in _links(block, targets):
            links.append(address)
            # Offsets may count UTF-16 units, so they are trusted only where these are characters.
            if offset < end <= len(block.text) and max(block.text) <= "\uffff":
                facets.append(Facet(start + offset, start + end, "link", address))
        parts.append(block.text)
    return Text("\n\n".join(parts), _without_overlaps(facets), links=tuple(dict.fromkeys(links)))


def _without_overlaps(facets: list[Facet]) -> tuple[Facet, ...]:
    """Return facets in order, without overlaps."""
    facets_apart: list[Facet] = []
    for facet in sorted(facets):
        if not facets_apart or facet.start >= facets_apart[-1].end:
            facets_apart.append(facet)
    return tuple(facets_apart)


def _links(block: ArticleBlock, targets: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    for place in block.entity_ranges or ():
        address = targets.get(str(place.key))
        if address and place.offset is not None and place.length is not None and place.offset >= 0:
            yield place.offset, place.offset + place.length, address


def _targets(entity_map: Any) -> Iterator[tuple[str, str]]:
    """Yield the keys and addresses of an article's links."""
    for key, value in entries(entity_map):
        data = value.get("data")
        url = data.get("url") if isinstance(data, dict) else None
        if isinstance(url, str) and richtext.is_safe_url(url):
            yield key, url


def _most_restrictive(first: State | None, second: State | None) -> State:
    """Return the more restrictive of two statements; "unknown" if both are missing."""
    stated = {first, second} - {None}
    order: tuple[State, ...] = ("deleted", "draft", "unknown", "published")
    return next((state for state in order if state in stated), "unknown")


def _state_of_metadata(metadata: ArticleMetadata | None) -> State | None:
    if metadata is None:
        return "unknown"
    state = metadata.lifecycle_state
    inner = state.get("lifecycle") if isinstance(state, dict) else None
    return _state(inner if inner is not None else state)


def _state(lifecycle: Any) -> State | None:
    """Return the state for a lifecycle's name; None if there is none."""
    if lifecycle is None:
        return None
    name = lifecycle.get("name") if isinstance(lifecycle, dict) else lifecycle
    return _STATES.get(name.strip().lower(), "unknown") if isinstance(name, str) else "unknown"


def _time(milliseconds: Id) -> str | None:
    """Convert milliseconds since 1970 to a time."""
    digits = identity(milliseconds)
    if digits is None or len(digits) > 14:
        return None
    moment = datetime.fromtimestamp(int(digits) // 1000, UTC)
    return iso(moment.strftime("%Y-%m-%dT%H:%M:%S") + f".{int(digits) % 1000:03}Z")
