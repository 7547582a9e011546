"""The archive that X gives to an account's owner: a ZIP, or the folder it was unpacked to.

Deleted tweets, those for a circle and messages never become posts; files of messages are not
even opened. Every record of every file is accounted for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field

from sitegen import threads
from sitegen.errors import SourceError
from sitegen.importers import Imported, Oddity, Options, Source
from sitegen.importers.x.files import folders_of
from sitegen.importers.x.media import MediaFiles
from sitegen.importers.x.notes import joined
from sitegen.importers.x.posts import NETWORK, Around, Whole, is_empty, post_of
from sitegen.importers.x.profile import Owner, author_of, is_protected, profile_of
from sitegen.importers.x.reading import Found, Ledger, Reading
from sitegen.importers.x.records import Note, Tweet
from sitegen.importers.x.text import RETWEET, without_cut
from sitegen.importers.x.versions import versions_of
from sitegen.model import Author, Post

FOUND = "an X archive"


class XArchive:
    """Reads the archives of X, formerly Twitter."""

    name = "X archive"
    looks_for = "a ZIP or folder with tweets.js or tweet.js, window.YTD.tweets.part0 = […]"

    def detect(self, source: Source) -> str | None:
        """Claim what has a file of tweets, or the manifest of an archive."""
        return FOUND if source.members and folders_of(source.members) else None

    def read(self, source: Source, options: Options) -> Imported:
        """Read the whole archive. Raises SourceError."""
        folders = folders_of(source.members) if source.members else ()
        if source.members is None or len(folders) != 1:
            raise SourceError(
                f"has {len(folders) or 'no'} X archives in it",
                path=source.path,
                hint="name one at a time: the ZIP, or the folder with its data folder.",
            )
        reading = Reading(source.members, folders[0])
        found = reading.read()
        files = MediaFiles(source.members, source.members.names())
        return _Sorting(found, reading.ledger, files, options).imported()


class _Sorting(Struct):
    """An archive's tweets on their way to posts."""

    found: Found
    ledger: Ledger
    files: MediaFiles
    options: Options
    lacks: Counter[str] = field(default_factory=Counter)

    def imported(self) -> Imported:
        """Make posts of the tweets, and name those that become none."""
        owner = Owner(self.found.account, self.found.about, self.found.manifest)
        author = author_of(owner, self.found.tweets, self.options.account)
        posts = tuple(self._posts(author))
        profile = profile_of(owner, author, self.files)
        if unused := self.files.unused():
            self.ledger.oddities["media files that no post shows"] += unused
        return Imported(
            FOUND,
            self.ledger.records,
            threads.group(posts),
            profiles=(profile,) if profile else (),
            exclusions=tuple(self.ledger.exclusions),
            notes=(*self.ledger.notes, *_lack_notes(self.lacks)),
            oddities=tuple(Oddity(what, n) for what, n in sorted(self.ledger.oddities.items())),
            attachments=self.files.attachments,
            complete=((NETWORK, author.id),) if self.found.is_whole and author.id else (),
        )

    def _posts(self, author: Author) -> Iterator[Post]:
        wholes = tuple(self._public(self._wholes(author)))
        last = versions_of(self.found.tweets).last
        around = Around(
            author,
            self.files,
            known=frozenset(whole.id for whole in wholes),
            last=last,
            edited=frozenset(last.values()),
            deleted=frozenset(self.found.deleted),
        )
        for whole in wholes:
            made = post_of(whole, around)
            self.ledger.oddities.update(made.oddities)
            self.lacks.update(filter(None, (made.lack,)))
            if is_empty(made.post):
                self.ledger.exclude(whole.id, "no content")
            else:
                yield made.post

    def _wholes(self, author: Author) -> Iterator[Whole]:
        """Put tweets together with their long texts and earlier versions, oldest first."""
        versions = versions_of(self.found.tweets)
        long_texts = self._long_texts()
        originals = _Originals(self.found.tweets, author.handle)
        for tweet_id in sorted(self.found.tweets, key=int):
            tweet = self.found.tweets[tweet_id]
            if tweet_id in versions.superseded:
                self.ledger.exclude(tweet_id, "earlier version", f"of {versions.last[tweet_id]}")
            elif original := originals.of(tweet):
                self.ledger.exclude(tweet_id, "repost of oneself", f"of {original}")
            else:
                earlier = versions.earlier.get(tweet_id, ())
                yield Whole(
                    tweet_id,
                    tweet,
                    long_texts.get(tweet_id),
                    tuple((i, self.found.tweets[i], long_texts.get(i)) for i in earlier),
                    bool(tweet.scopes and tweet.scopes.followers),
                )

    def _public(self, wholes: Iterator[Whole]) -> Iterator[Whole]:
        """Leave out what only followers may see, unless the person asked for it."""
        is_closed = is_protected(self.found.protections)
        if is_closed:
            self.ledger.notes.append("the account is protected: only its followers see its posts")
        for whole in wholes:
            for_followers = is_closed or whole.is_followers_only
            if for_followers and "followers" not in self.options.include:
                self.ledger.exclude(whole.id, "not public", "for followers")
            else:
                yield Whole(whole.id, whole.tweet, whole.note, whole.earlier, for_followers)

    def _long_texts(self) -> dict[str, Note]:
        """Find the tweets of the long texts; a text without its tweet may be a deleted one's."""
        records = tuple(self.found.long_texts)
        notes = tuple(self.found.long_texts.values())
        places = joined(self.found.tweets, notes)
        of = {place: tweet_id for tweet_id, place in places.items()}
        for place, record in enumerate(records):
            if place in of:
                self.ledger.exclude(record, "same post twice", f"the long text of {of[place]}")
            else:
                self.ledger.exclude(record, "not a post", "a long text whose post is not there")
        return {tweet_id: notes[place] for tweet_id, place in places.items()}


def _lack_notes(lacks: Counter[str]) -> Iterator[str]:
    """Count the retweets of which the archive lacks something that nobody can add."""
    for lack, count in sorted(lacks.items()):
        yield f"{lack}: {count:,}"


class _Originals:
    """The tweets by how they begin, to know those that their own author repeats."""

    def __init__(self, tweets: dict[str, Tweet], handle: str | None) -> None:
        self._handle = (handle or "").casefold()
        texts = ((tweet.full_text or "", tweet_id) for tweet_id, tweet in tweets.items())
        self._texts = sorted(t for t in texts if not RETWEET.match(t[0]))

    def of(self, tweet: Tweet) -> str | None:
        """Return the id of the one tweet that a retweet of oneself repeats."""
        retweet = RETWEET.match(tweet.full_text or "")
        if retweet is None or retweet[1].casefold() != self._handle:
            return None
        begin = without_cut(retweet.string[retweet.end() :])
        at = bisect_left(self._texts, (begin, ""))
        found = [tweet_id for text, tweet_id in self._texts[at : at + 2] if text.startswith(begin)]
        return found[0] if len(found) == 1 and begin else None
