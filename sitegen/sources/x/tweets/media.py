"""Find the files of a tweet's media: `tweets_media/<id>-<name>`, in the order of the tweet."""

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

# This excludes the media of deleted tweets, circles and messages.
_TWEET_FILE = re.compile(r"(?:.*/)?(?:community_)?tweets?_media/([0-9]+)-([^/]+)")
_PROFILE_FILE = re.compile(r"(?:.*/)?profile_media/(?:[0-9]+-)?([^/]+)")


class MediaFiles:
    """The media files of an archive; those that posts show become attachments."""

    def __init__(self, members: Members, names: Sequence[str]) -> None:
        self.attachments: dict[str, Attachment] = {}
        self._members = members
        self._by_tweet: dict[str, dict[str, str]] = defaultdict(dict)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._profile_files: dict[str, str] = {}
        for name in names:
            if match := _TWEET_FILE.fullmatch(name):
                self._by_tweet[match[1]][match[2]] = name
                self._by_name[match[2]].append(name)
            elif match := _PROFILE_FILE.fullmatch(name):
                self._profile_files[match[1].rpartition(".")[0] or match[1]] = name

    def of(self, media: Sequence[Medium], ids: Sequence[str]) -> tuple[Media, ...]:
        """Return a tweet's media, or its files if it does not list any.

        `ids` are its own id and those of its earlier versions.
        """
        if media:
            return tuple(self._convert(medium, ids) for medium in media)
        names = [name for i in ids for _, name in sorted(self._by_tweet.get(i, {}).items())]
        return tuple(Media(_kind(n), self._attach(n), origin=n.rpartition("/")[2]) for n in names)

    def profile(self, address: str | None) -> str | None:
        """Attach the profile picture at an address, and return its name."""
        stem = _file_name(address or "")
        name = self._profile_files.get(stem.rpartition(".")[0] or stem) if stem else None
        return self._attach(name) if name else None

    def count_unused(self) -> int:
        """Return how many files of tweets no post shows."""
        return sum(n not in self.attachments for names in self._by_name.values() for n in names)

    def _convert(self, medium: Medium, ids: Sequence[str]) -> Media:
        addresses = _addresses(medium)
        alt = unescape_if_escaped(medium.ext_alt_text) if medium.ext_alt_text else None
        kind: MediaKind = "image"
        if medium.video_info or medium.type in ("video", "animated_gif"):
            kind = "video"
        for address in addresses:
            if name := self._name(_file_name(address), ids):
                return Media(kind, self._attach(name), alt, name.rpartition("/")[2])
        return Media(kind, alt=alt, origin=addresses[0] if addresses else None)

    def _name(self, base: str, ids: Sequence[str]) -> str | None:
        """Find a file by a tweet's id and its own name, or by its name if that is unique."""
        for tweet_id in ids:
            if name := self._by_tweet.get(tweet_id, {}).get(base):
                return name
        names = self._by_name.get(base, [])
        return names[0] if len(names) == 1 else None

    def _attach(self, name: str) -> str:
        self.attachments[name] = attachment(self._members, name)
        return name


def _addresses(medium: Medium) -> tuple[str, ...]:
    """Return the addresses of a medium; those of a video by descending bitrate."""
    if medium.video_info is None:
        picture = medium.media_url_https or medium.media_url
        return (picture,) if picture else ()
    variants = medium.video_info.variants or ()
    files = [v for v in variants if v.content_type != "application/x-mpegURL"]
    return tuple(v.url for v in sorted(files, key=lambda v: -(v.bitrate or 0)) if v.url)


def _file_name(address: str) -> str:
    """Return the last part of an address, which is the file's name in the archive."""
    return re.split(r"[?#]", address)[0].rstrip("/").rpartition("/")[2]


def _kind(name: str) -> MediaKind:
    return "video" if name.lower().endswith((".mp4", ".mov")) else "image"
