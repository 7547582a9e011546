"""Make posts anonymous, field by field, as `decisions.py` says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sitegen.model import Author, Card, Elsewhere, Media, Poll, PollOption, Post, Version
from sitegen.opendata.anonymity.pseudonyms import Pseudonyms
from sitegen.opendata.anonymity.texts import Texts
from sitegen.selection.queried_posts import Selected

# What sitegen's importers call networks; the exchange format may have any other word.
KNOWN_NETWORKS = frozenset(("bluesky", "instagram", "mastodon", "threads", "web", "x"))
Clock = Callable[[str | None], datetime | None]


class Anonymiser:
    """Makes posts anonymous; times are cut to the day on a clock."""

    def __init__(self, pseudonyms: Pseudonyms, texts: Texts, clock: Clock) -> None:
        self._pseudonyms = pseudonyms
        self._texts = texts
        self._clock = clock

    def anonymise(self, selected: Selected) -> Selected:
        """Return a post without what names somebody."""
        post = selected.post
        return selected._replace(
            post=self._post(post, selected.day),
            thread=self._pseudonyms.of_post(post.network, selected.thread),
            topics=self._texts.topics(selected.topics),
        )

    def _post(self, post: Post, day: str) -> Post:
        """Return a post; what is not named here is dropped."""
        network, texts = post.network, self._texts
        text, facets = texts.scrub_post(post)
        return Post(
            id=self._pseudonyms.of_post(network, post.id),
            network=self._network(network),
            text=text,
            created_at=day or None,
            author=self._author(network, post.author),
            reply_to=self._post_id(network, post.reply_to),
            repost_of=self._post_id(network, post.repost_of),
            quote_of=self._post_id(network, post.quote_of),
            links=tuple(map(texts.link, post.links)),
            mentions=tuple([texts.mention(handle, network) for handle in post.mentions]),
            tags=texts.tags(post.tags),
            media=tuple([Media(each.kind, alt=self._text(each.alt, post)) for each in post.media]),
            card=self._card(post),
            warning=self._text(post.warning, post),
            sensitive=post.sensitive,
            langs=texts.langs(post.langs),
            counts=post.counts,
            poll=self._poll(post),
            edited_at=self._day(post.edited_at),
            history=tuple([self._version(each, post) for each in post.history]),
            elsewhere=tuple([self._elsewhere(each, network) for each in post.elsewhere]),
            also=tuple([self._elsewhere(each, network) for each in post.also]),
            visibility=post.visibility,
            facets=facets,
        )

    def _network(self, network: str) -> str:
        """Return a network's name, unless that is an address or names somebody."""
        is_known = network in KNOWN_NETWORKS
        is_plain = is_known or self._texts.scrub(network, network) == network
        return network if is_plain else self._pseudonyms.of("network", network)

    def _author(self, network: str, author: Author) -> Author:
        pseudonym = self._pseudonyms.of_author(network, author)
        return Author(handle=pseudonym, id=pseudonym)

    def _post_id(self, network: str, identity: str | None) -> str | None:
        return None if identity is None else self._pseudonyms.of_post(network, identity)

    def _text(self, text: str | None, post: Post) -> str | None:
        return None if text is None else self._texts.scrub(text, post.network)

    def _card(self, post: Post) -> Card | None:
        card = post.card
        if card is None:
            return None
        title, description = (
            self._texts.scrub(each, post.network) for each in (card.title, card.description)
        )
        return Card(title, description, None if card.url is None else self._texts.link(card.url))

    def _poll(self, post: Post) -> Poll | None:
        poll = post.poll
        if poll is None:
            return None
        options = [
            PollOption(self._texts.scrub(option.text, post.network), option.votes)
            for option in poll.options
        ]
        return Poll(tuple(options), self._day(poll.ends_at), poll.voters)

    def _version(self, version: Version, post: Post) -> Version:
        return Version(self._texts.scrub(version.text, post.network), self._day(version.created_at))

    def _elsewhere(self, other: Elsewhere, network: str) -> Elsewhere:
        own = other.network or network
        return Elsewhere(
            id=self._pseudonyms.of_post(own, other.id),
            author=self._author(own, other.author),
            state=other.state,
            network=other.network and self._network(other.network),
        )

    def _day(self, time: str | None) -> str | None:
        moment = self._clock(time)
        return moment.date().isoformat() if moment else None
