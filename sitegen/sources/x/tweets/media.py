"""The files of a tweet's media: `tweets_media/<id>-<name>`, in the order of the tweet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from sitegen.formats.archives import Members
from sitegen.model import Media, MediaKind
from sitegen.sources import Attachment
from sitegen.sources.source_files import attachment
from sitegen.sources.x.files.record_types import Medium
from sitegen.sources.x.tweets.full_text import unescape_if_escaped

# Never those of deleted tweets, of circles or of messages.
_OF_TWEETS = re.compile(r"(?:.*/)?(?:community_)?tweets?_media/([0-9]+)-([^/]+)")
_OF_PROFILE = re.compile(r"(?:.*/)?profile_media/(?:[0-9]+-)?([^/]+)")


class MediaFiles:
    """The media files of an archive; those that posts show become attachments."""

    def __init__(self, members: Members, names: Sequence[str]) -> None:
        self.attachments: dict[str, Attachment] = {}
        self._members = members
        self._of: dict[str, dict[str, str]] = defaultdict(dict)
        self._called: dict[str, list[str]] = defaultdict(list)
        self._of_profile: dict[str, str] = {}
        for name in names:
            if match := _OF_TWEETS.fullmatch(name):
                self._of[match[1]][match[2]] = name
                self._called[match[2]].append(name)
            elif match := _OF_PROFILE.fullmatch(name):
                self._of_profile[match[1].rpartition(".")[0] or match[1]] = name

    def of(self, media: Sequence[Medium], ids: Sequence[str]) -> tuple[Media, ...]:
        """Return a tweet's media; `ids` are its own and those of its earlier versions.

        If the tweet does not list its media, its files do.
        """
        if media:
            return tuple(self._shown(medium, ids) for medium in media)
        names = [name for i in ids for _, name in sorted(self._of.get(i, {}).items())]
        return tuple(Media(_kind(n), self._taken(n), origin=n.rpartition("/")[2]) for n in names)

    def profile(self, address: str | None) -> str | None:
        """Return the attachment for the picture at an address of a profile."""
        stem = _base(address or "")
        name = self._of_profile.get(stem.rpartition(".")[0] or stem) if stem else None
        return self._taken(name) if name else None

    def unused(self) -> int:
        """Return how many files of tweets no post shows."""
        return sum(n not in self.attachments for names in self._called.values() for n in names)

    def _shown(self, medium: Medium, ids: Sequence[str]) -> Media:
        addresses = _addresses(medium)
        alt = unescape_if_escaped(medium.ext_alt_text) if medium.ext_alt_text else None
        kind: MediaKind = "image"
        if medium.video_info or medium.type in ("video", "animated_gif"):
            kind = "video"
        for address in addresses:
            if name := self._name(_base(address), ids):
                return Media(kind, self._taken(name), alt, name.rpartition("/")[2])
        return Media(kind, alt=alt, origin=addresses[0] if addresses else None)

    def _name(self, base: str, ids: Sequence[str]) -> str | None:
        """Find a file by a tweet's id and its own name, or by a name that is unique."""
        for tweet_id in ids:
            if name := self._of.get(tweet_id, {}).get(base):
                return name
        called = self._called.get(base, [])
        return called[0] if len(called) == 1 else None

    def _taken(self, name: str) -> str:
        self.attachments[name] = attachment(self._members, name)
        return name


def _addresses(medium: Medium) -> tuple[str, ...]:
    """Return the addresses of a medium, the best first: the film file with the highest bitrate."""
    picture = medium.media_url_https or medium.media_url
    variants = medium.video_info.variants if medium.video_info else None
    films = [v for v in variants or () if v.url and v.content_type != "application/x-mpegURL"]
    films.sort(key=lambda variant: -(variant.bitrate or 0))
    if medium.video_info:
        return tuple(v.url for v in films if v.url)
    return (picture,) if picture else ()


def _base(address: str) -> str:
    """Return the last part of an address, which is the name of the archive's file."""
    return re.split(r"[?#]", address)[0].rstrip("/").rpartition("/")[2]


def _kind(name: str) -> MediaKind:
    return "video" if name.lower().endswith((".mp4", ".mov")) else "image"
