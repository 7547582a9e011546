"""Select an archive's tweets: complete ones, the owner's, and those that may be shown."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sitegen.errors import SourceError
from sitegen.model import Author, Post, Privacy, Visibility
from sitegen.sources import Options, Reason
from sitegen.sources.accounting import Accounting
from sitegen.sources.stated_visibility import most_closed
from sitegen.sources.x.files.record_types import Note, Tweet, identity
from sitegen.sources.x.privacy import (
    ASKED_FOR,
    state_of_flag,
    state_of_history,
    state_of_tweet,
)
from sitegen.sources.x.profile import Owner, author_of, is_of, users_of, with_details
from sitegen.sources.x.reader import Found, Reading
from sitegen.sources.x.tweets import articles
from sitegen.sources.x.tweets.articles import Written as Article
from sitegen.sources.x.tweets.full_text import RETWEET, written_of
from sitegen.sources.x.tweets.media import MediaFiles
from sitegen.sources.x.tweets.note_tweets import match_notes
from sitegen.sources.x.tweets.posts import NETWORK, Around, Whole, is_empty, post_of
from sitegen.sources.x.tweets.tweet_text import without_cut
from sitegen.sources.x.tweets.versions import versions_of

UNSTATED = (
    "nothing here says whether the account was protected; an archive says it in "
    "data/protected-history.js"
)
PROTECTED = (
    "the account is private (protected): only its followers see its posts (--include followers)"
)
UNREADABLE = (
    "whether the account is private (protected) is stated in words that sitegen does not know "
    "(--include unknown)"
)
KNOWN = {
    "private": (
        "the account is private (protected), as another source of it states (--include followers)"
    ),
    "unknown": (
        "the account may be private (protected), as another source of it states (--include unknown)"
    ),
}
UNKNOWN_ARTICLES = (
    "whether articles were published is not known; an archive says it in "
    "data/article-metadata.js (--include unknown)"
)
VISIBLE: dict[Privacy, Visibility | None] = {
    "public": None,
    "private": "followers",
    "unknown": "unknown",
}
DETAILS: dict[Privacy, str] = {"private": "for followers", "unknown": "unknown"}
_OF_STATE: dict[articles.State, tuple[Reason, str]] = {
    "draft": ("draft", "article"),
    "deleted": ("deleted by its author", "article"),
}


class Sorting(Struct, frozen=True):
    """The contents of an archive, its owner, and what is known of its privacy."""

    found: Found
    accounting: Accounting
    files: MediaFiles
    options: Options
    owner: Owner
    author: Author
    stated: Privacy | None

    @classmethod
    def of(cls, reading: Reading, files: MediaFiles, options: Options, path: Path) -> Sorting:
        """Determine the owner of the posts. Raises SourceError if several accounts are possible."""
        found = reading.found
        account, about = with_details(found.account, found.about, found.details)
        owner = Owner(account, about, found.manifest)
        author = author_of(owner, found.tweets, options.account)
        users = users_of(found.tweets)
        if len(users) > 1 and not any(is_of(user, author) for user in users.values()):
            names = sorted(user.screen_name or "?" for user in users.values())
            shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
            what = f"has posts of {len(users)} accounts: {shown}"
            raise SourceError(what, path=path, hint="say whose it is: --account NAME.")
        stated = _stated(found, author)
        return cls(found, reading.accounting, files, options, owner, author, stated)

    def privacy(self) -> Mapping[tuple[str, str], Privacy]:
        """Return the privacy that the archive states of its account, for later imports."""
        handle = (self.author.handle or "").casefold()
        return {(NETWORK, handle): self.stated} if handle and self.stated else {}

    def posts(self) -> Iterator[Post]:
        """Convert tweets to posts; exclude the others."""
        account = self._account_state()
        wholes = tuple(self._visible(self._wholes(), account))
        last = versions_of(self.found.tweets).last
        around = Around(
            self.author,
            self.files,
            known=frozenset(whole.id for whole in wholes),
            last=last,
            edited=frozenset(last.values()),
            deleted=frozenset(self.found.deleted),
        )
        for whole in wholes:
            made = post_of(whole, around)
            self.accounting.oddities.update(made.oddities)
            self.found.incomplete_retweets.update(filter(None, (made.lack,)))
            if is_empty(made.post):
                self.accounting.exclude(whole.id, "no content")
            else:
                yield made.post

    def _account_state(self) -> Privacy:
        """Return who may see the account, and note what is uncertain."""
        if self.stated is not None:
            if self.stated != "public":
                self.accounting.note(PROTECTED if self.stated == "private" else UNREADABLE)
            return self.stated
        known = self._known()
        if known is not None and known != "public":
            self.accounting.note(KNOWN[known])
            return known
        if known is None and self.found.tweets:
            self.accounting.note(UNSTATED)
        return "public"

    def _known(self) -> Privacy | None:
        """Return the privacy that other sources stated of the account; of all, if it is unnamed."""
        if self.author.handle:
            return self.options.privacy.get((NETWORK, self.author.handle.casefold()))
        states = {s for (network, _), s in self.options.privacy.items() if network == NETWORK}
        is_closed = NETWORK in self.options.closed_beside or "public" not in states
        return most_closed(states - {"public"}) if is_closed else None

    def _visible(self, wholes: Iterator[Whole], account: Privacy) -> Iterator[Whole]:
        """Exclude what is not for everybody, unless the options include it."""
        for whole in wholes:
            versions = (whole.tweet, *(tweet for _, tweet, _ in whole.earlier))
            names = (identity(tweet.id_str, tweet.id) for tweet in versions)
            stated = (self.found.stated.get(name or "") for name in names)
            states = (account, whole.state, *map(state_of_tweet, versions), *stated)
            state = most_closed(states) or "public"
            if state != "public" and not ASKED_FOR[state] & self.options.include:
                self.accounting.exclude(whole.id, "not public", DETAILS[state])
            else:
                seen_by = VISIBLE[state]
                yield replace(whole, visibility=seen_by) if seen_by else whole

    def _wholes(self) -> Iterator[Whole]:
        """Combine tweets with all that belongs to them, oldest first."""
        tweets = self.found.tweets
        versions = versions_of(tweets)
        long_texts = self._long_texts()
        originals = _Originals(tweets, self.author.handle)
        shared = self._shared_articles(versions.last)
        for tweet_id in sorted(tweets, key=int):
            tweet = tweets[tweet_id]
            if not is_of(tweet.user, self.author):
                self.accounting.exclude(tweet_id, "not of this account")
            elif tweet_id in versions.superseded:
                self.accounting.exclude(
                    tweet_id, "earlier version", f"of {versions.last[tweet_id]}"
                )
            elif original := originals.of(tweet):
                self.accounting.exclude(tweet_id, "repost of oneself", f"of {original}")
            else:
                earlier = versions.earlier.get(tweet_id, ())
                article = shared.pop(tweet_id, None)
                yield Whole(
                    tweet_id,
                    tweet,
                    long_texts.get(tweet_id),
                    tuple((i, tweets[i], long_texts.get(i)) for i in earlier),
                    article.text if article else None,
                    state=_state_of(article),
                )
        yield from self._alone(shared)

    def _long_texts(self) -> dict[str, Note]:
        """Match long texts with tweets; a text without its tweet may be a deleted one's."""
        records = tuple(self.found.long_texts)
        notes = tuple(self.found.long_texts.values())
        places = match_notes(self.found.tweets, notes)
        of = {place: tweet_id for tweet_id, place in places.items()}
        for place, record in enumerate(records):
            if place in of:
                self.accounting.exclude(record, "same post twice", f"the long text of {of[place]}")
            else:
                self.accounting.exclude(record, "not a post", "a long text whose post is not there")
        return {tweet_id: notes[place] for tweet_id, place in places.items()}

    # Articles

    def _shared_articles(self, last: Mapping[str, str]) -> dict[str, Article]:
        """Return the articles by the posts that share them; unshared ones by their ids."""
        shared = articles.shared_by(self.found.tweets)
        found: dict[str, Article] = {}
        for article in self._published():
            tweet_id = shared.get(article.id or "")
            tweet_id = last.get(tweet_id, tweet_id) if tweet_id else None
            if tweet_id and tweet_id not in found and self._may_share(tweet_id):
                self.accounting.exclude(
                    article.record, "same post twice", f"the article of {tweet_id}"
                )
                found[tweet_id] = article
            elif article.id and article.id not in found and article.id not in self.found.tweets:
                found[article.id] = article
            else:
                reason: Reason = "same post twice" if article.id else "damaged"
                self.accounting.exclude(article.record, reason, "article")
        return found

    def _published(self) -> Iterator[Article]:
        """Yield the articles that may be shown, and exclude the others."""
        for article in articles.read_articles(self.found.articles, self.found.metadata):
            if article.has_media:
                self.accounting.oddities["articles whose pictures are left out"] += 1
            if article.state in _OF_STATE:
                self.accounting.exclude(article.record, *_OF_STATE[article.state])
            elif article.state == "unknown" and not ASKED_FOR["unknown"] & self.options.include:
                self.accounting.exclude(
                    article.record, "not public", "an article in an unknown state"
                )
                self.accounting.note(UNKNOWN_ARTICLES)
            elif not article.text.text:
                self.accounting.exclude(article.record, "no content", "article")
            else:
                yield article

    def _may_share(self, tweet_id: str) -> bool:
        tweet = self.found.tweets[tweet_id]
        return is_of(tweet.user, self.author) and not RETWEET.match(written_of(tweet).text)

    def _alone(self, found: Mapping[str, Article]) -> Iterator[Whole]:
        """Convert the articles that no post shares to posts."""
        for key, article in found.items():
            if key != article.id:
                continue  # it was excluded with the post that shares it
            tweet = Tweet(id_str=article.id, created_at=article.created_at)
            url = f"https://x.com/{self.author.handle or 'i'}/article/{article.id}"
            state = _state_of(article)
            yield Whole(article.id or "", tweet, article=article.text, state=state, url=url)


def _stated(found: Found, author: Author) -> Privacy | None:
    """Return the stated protection of the archive's account; None if there is none."""
    flags = [
        f for part in (found.account, found.about) for f in (part.protected, part.is_protected)
    ]
    own = most_closed(map(state_of_flag, flags))
    if found.has_odd_protections:
        return most_closed((own, "unknown"))
    if found.protections is not None:
        return most_closed((own, state_of_history(found.protections)))
    users = [tweet.user for tweet in found.tweets.values() if tweet.user]
    of_users = (state_of_flag(user.protected) for user in users if is_of(user, author))
    return most_closed((own, *of_users))


def _state_of(article: Article | None) -> Privacy:
    return "unknown" if article and article.state == "unknown" else "public"


class _Originals:
    """An index of tweets by their beginning, to find the originals of one's own retweets."""

    def __init__(self, tweets: dict[str, Tweet], handle: str | None) -> None:
        self._handle = (handle or "").casefold()
        self._ids = tweets.keys()
        texts = ((written_of(tweet).text, tweet_id) for tweet_id, tweet in tweets.items())
        self._texts = sorted(t for t in texts if not RETWEET.match(t[0]))

    def of(self, tweet: Tweet) -> str | None:
        """Return the id of the only tweet that a retweet of oneself repeats."""
        original = tweet.retweeted_status
        stated = identity(original.id_str, original.id) if original else None
        if stated in self._ids:
            return stated
        retweet = RETWEET.match(written_of(tweet).text)
        if retweet is None or retweet[1].casefold() != self._handle:
            return None
        begin = without_cut(retweet.string[retweet.end() :])
        at = bisect_left(self._texts, (begin, ""))
        found = [tweet_id for text, tweet_id in self._texts[at : at + 2] if text.startswith(begin)]
        return found[0] if len(found) == 1 and begin else None
