"""Select the tweets to import: the owner's, the last versions, and those that may be shown."""

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
from sitegen.sources.stated_visibility import most_restrictive
from sitegen.sources.x.files.record_types import Note, Tweet, id_of
from sitegen.sources.x.privacy import (
    INCLUDED_BY,
    state_of_flag,
    state_of_history,
    state_of_tweet,
)
from sitegen.sources.x.profile import Owner, add_details, author_of, may_be_by, users_of
from sitegen.sources.x.reader import ArchiveReader, Contents
from sitegen.sources.x.tweets import articles
from sitegen.sources.x.tweets.articles import ParsedArticle
from sitegen.sources.x.tweets.full_text import source_text_of
from sitegen.sources.x.tweets.media import MediaFiles
from sitegen.sources.x.tweets.note_tweets import match_notes
from sitegen.sources.x.tweets.posts import NETWORK, ArchiveContext, FullTweet, is_empty, post_of
from sitegen.sources.x.tweets.tweet_text import without_cut
from sitegen.sources.x.tweets.versions import versions_of
from sitegen.threads.kinds import RETWEET

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
_EXCLUDED_STATES: dict[articles.State, tuple[Reason, str]] = {
    "draft": ("draft", "article"),
    "deleted": ("deleted by its author", "article"),
}


class Selection(Struct, frozen=True):
    """An archive's contents, its owner, and the stated privacy of the account."""

    contents: Contents
    accounting: Accounting
    files: MediaFiles
    options: Options
    owner: Owner
    author: Author
    stated: Privacy | None

    @classmethod
    def of(
        cls, reader: ArchiveReader, files: MediaFiles, options: Options, path: Path
    ) -> Selection:
        """Determine the owner of the posts. Raises SourceError if several accounts are possible."""
        contents = reader.contents
        account, about = add_details(contents.account, contents.about, contents.details)
        owner = Owner(account, about, reader.manifest)
        author = author_of(owner, contents.tweets, options.account)
        users = users_of(contents.tweets)
        if len(users) > 1 and not any(may_be_by(user, author) for user in users.values()):
            names = sorted(user.screen_name or "?" for user in users.values())
            shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
            what = f"has posts of {len(users)} accounts: {shown}"
            raise SourceError(what, path=path, hint="say whose it is: --account NAME.")
        stated = _stated_privacy(contents, author)
        return cls(contents, reader.accounting, files, options, owner, author, stated)

    def privacy(self) -> Mapping[tuple[str, str], Privacy]:
        """Return the privacy that the archive states of its account, for later imports."""
        handle = (self.author.handle or "").casefold()
        return {(NETWORK, handle): self.stated} if handle and self.stated else {}

    def posts(self) -> Iterator[Post]:
        """Convert tweets to posts; exclude the others."""
        account = self._account_state()
        full_tweets = tuple(self._visible(self._full_tweets(), account))
        last = versions_of(self.contents.tweets).last
        context = ArchiveContext(
            self.author,
            self.files,
            known=frozenset(full_tweet.id for full_tweet in full_tweets),
            last=last,
            edited=frozenset(last.values()),
            deleted=self.contents.deleted(),
        )
        for full_tweet in full_tweets:
            conversion = post_of(full_tweet, context)
            self.accounting.oddities.update(conversion.oddities)
            self.contents.incomplete_retweets.update(filter(None, (conversion.lack,)))
            if is_empty(conversion.post):
                self.accounting.exclude(full_tweet.id, "no content")
            else:
                yield conversion.post

    def _account_state(self) -> Privacy:
        """Return who may see the account; note what is uncertain."""
        if self.stated is not None:
            if self.stated != "public":
                self.accounting.note(PROTECTED if self.stated == "private" else UNREADABLE)
            return self.stated
        known = self._privacy_by_other_sources()
        if known is not None and known != "public":
            self.accounting.note(KNOWN[known])
            return known
        if known is None and self.contents.tweets:
            self.accounting.note(UNSTATED)
        return "public"

    def _privacy_by_other_sources(self) -> Privacy | None:
        """Return the account's privacy by other sources; that of all accounts if it is unnamed."""
        if self.author.handle:
            return self.options.privacy.get((NETWORK, self.author.handle.casefold()))
        states = {s for (network, _), s in self.options.privacy.items() if network == NETWORK}
        is_closed = NETWORK in self.options.closed_beside or "public" not in states
        return most_restrictive(states - {"public"}) if is_closed else None

    def _visible(self, full_tweets: Iterator[FullTweet], account: Privacy) -> Iterator[FullTweet]:
        """Exclude what is not public, unless the options include it."""
        for full_tweet in full_tweets:
            versions = (full_tweet.tweet, *(tweet for _, tweet, _ in full_tweet.earlier))
            stated = (self.contents.stated.get(id_of(tweet) or "") for tweet in versions)
            states = (account, full_tweet.state, *map(state_of_tweet, versions), *stated)
            state = most_restrictive(states) or "public"
            if state != "public" and not INCLUDED_BY[state] & self.options.include:
                self.accounting.exclude(full_tweet.id, "not public", DETAILS[state])
            else:
                yield replace(full_tweet, visibility=VISIBLE[state])

    def _full_tweets(self) -> Iterator[FullTweet]:
        """Combine each tweet with its long text, earlier versions and article, oldest first."""
        tweets = self.contents.tweets
        versions = versions_of(tweets)
        long_texts = self._long_texts()
        originals = _Originals(tweets, self.author.handle)
        shared = self._shared_articles(versions.last)
        for tweet_id in sorted(tweets, key=int):
            tweet = tweets[tweet_id]
            if not may_be_by(tweet.user, self.author):
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
                yield FullTweet(
                    tweet_id,
                    tweet,
                    long_texts.get(tweet_id),
                    tuple((i, tweets[i], long_texts.get(i)) for i in earlier),
                    article.text if article else None,
                    state=_state_of(article),
                )
        yield from self._unshared_articles(shared)

    def _long_texts(self) -> dict[str, Note]:
        """Match long texts with tweets; one without its tweet may be that of a deleted tweet."""
        notes = tuple(self.contents.long_texts.values())
        matches = match_notes(self.contents.tweets, notes)
        tweet_ids = {index: tweet_id for tweet_id, index in matches.items()}
        for index, record in enumerate(self.contents.long_texts):
            if tweet_id := tweet_ids.get(index):
                self.accounting.exclude(record, "same post twice", f"the long text of {tweet_id}")
            else:
                self.accounting.exclude(record, "not a post", "a long text whose post is not there")
        return {tweet_id: notes[index] for tweet_id, index in matches.items()}

    # Articles

    def _shared_articles(self, last: Mapping[str, str]) -> dict[str, ParsedArticle]:
        """Return articles by the ids of the posts that share them, unshared ones by their own."""
        shared = articles.shared_by(self.contents.tweets)
        by_id: dict[str, ParsedArticle] = {}
        for article in self._publishable():
            tweet_id = shared.get(article.id or "")
            tweet_id = last.get(tweet_id, tweet_id) if tweet_id else None
            if tweet_id and tweet_id not in by_id and self._may_share(tweet_id):
                self.accounting.exclude(
                    article.record, "same post twice", f"the article of {tweet_id}"
                )
                by_id[tweet_id] = article
            elif article.id and article.id not in by_id and article.id not in self.contents.tweets:
                by_id[article.id] = article
            else:
                reason: Reason = "same post twice" if article.id else "damaged"
                self.accounting.exclude(article.record, reason, "article")
        return by_id

    def _publishable(self) -> Iterator[ParsedArticle]:
        """Yield the articles that may be shown, and exclude the others."""
        for article in articles.read_articles(self.contents.articles, self.contents.metadata):
            if article.has_media:
                self.accounting.oddities["articles whose pictures are left out"] += 1
            if article.state in _EXCLUDED_STATES:
                self.accounting.exclude(article.record, *_EXCLUDED_STATES[article.state])
            elif article.state == "unknown" and not INCLUDED_BY["unknown"] & self.options.include:
                self.accounting.exclude(
                    article.record, "not public", "an article in an unknown state"
                )
                self.accounting.note(UNKNOWN_ARTICLES)
            elif not article.text.text:
                self.accounting.exclude(article.record, "no content", "article")
            else:
                yield article

    def _may_share(self, tweet_id: str) -> bool:
        tweet = self.contents.tweets[tweet_id]
        return may_be_by(tweet.user, self.author) and not RETWEET.match(source_text_of(tweet).text)

    def _unshared_articles(self, by_id: Mapping[str, ParsedArticle]) -> Iterator[FullTweet]:
        """Convert the articles that no post shares."""
        for key, article in by_id.items():
            if key != article.id:
                continue  # it was excluded with the post that shares it
            tweet = Tweet(id_str=article.id, created_at=article.created_at)
            url = f"https://x.com/{self.author.handle or 'i'}/article/{article.id}"
            state = _state_of(article)
            yield FullTweet(article.id or "", tweet, article=article.text, state=state, url=url)


def _stated_privacy(contents: Contents, author: Author) -> Privacy | None:
    """Return the privacy that the archive states of its account; None if it does not."""
    owner = (contents.account, contents.about)
    flags = (flag for part in owner for flag in (part.protected, part.is_protected))
    own = most_restrictive(map(state_of_flag, flags))
    if contents.has_odd_protections:
        return most_restrictive((own, "unknown"))
    if contents.protections is not None:
        return most_restrictive((own, state_of_history(contents.protections)))
    users = [tweet.user for tweet in contents.tweets.values() if tweet.user]
    of_users = (state_of_flag(user.protected) for user in users if may_be_by(user, author))
    return most_restrictive((own, *of_users))


def _state_of(article: ParsedArticle | None) -> Privacy:
    return "unknown" if article and article.state == "unknown" else "public"


class _Originals:
    """An index of tweets by their text, to find the originals of retweets of oneself."""

    def __init__(self, tweets: dict[str, Tweet], handle: str | None) -> None:
        self._handle = (handle or "").casefold()
        self._ids = tweets.keys()
        texts = ((source_text_of(tweet).text, tweet_id) for tweet_id, tweet in tweets.items())
        self._texts = sorted(t for t in texts if not RETWEET.match(t[0]))

    def of(self, tweet: Tweet) -> str | None:
        """Return the id of the owner's only tweet that a retweet can repeat."""
        stated = id_of(tweet.retweeted_status)
        if stated in self._ids:
            return stated
        retweet = RETWEET.match(source_text_of(tweet).text)
        if retweet is None or retweet[1].casefold() != self._handle:
            return None
        begin = without_cut(retweet.string[retweet.end() :])
        at = bisect_left(self._texts, (begin, ""))
        ids = [tweet_id for text, tweet_id in self._texts[at : at + 2] if text.startswith(begin)]
        return ids[0] if len(ids) == 1 and begin else None
