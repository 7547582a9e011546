"""Turn images, video and sound of other hosts into links.

They would send a request to a third party with every visit.
"""

from __future__ import annotations

import re

_QUOTED = r'(?:[^>"]|"[^"]*")*'
_TAG = re.compile(
    rf"</?a(?: {_QUOTED})?>|<img{_QUOTED}>|</?(?:video|audio)(?: {_QUOTED})?>|<source{_QUOTED}>"
)
_NAME = re.compile(r"</?([a-z]+)")
_ATTRIBUTE = re.compile(r' (\w+)="([^"]*)"')
_REMOTE = re.compile(r"[\x00-\x20]*[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def replace_remote_media(html: str) -> str:
    """Replace remote media in sanitised HTML by links, or by text inside a link."""
    return _Replacer().replaced(html)


class _Player:
    """A `<video>` or `<audio>` that has begun: where in the output, and what it would load."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.remote: list[str] = []
        self.is_local = False


class _Replacer:
    """Goes through the tags of one text."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.links = 0  # that are open
        self.players: list[_Player] = []

    def replaced(self, html: str) -> str:
        end = 0
        for tag in _TAG.finditer(html):
            self.out.append(html[end : tag.start()])
            end = tag.end()
            self._tag(tag[0])
        return "".join([*self.out, html[end:]])

    def _tag(self, tag: str) -> None:
        found = _NAME.match(tag)
        name = found[1] if found else ""
        if name == "a":
            self.links += -1 if tag.startswith("</") else 1
            self.out.append(tag)
        elif name == "img":
            self.out.append(self._image(tag))
        elif name == "source":
            self._source(tag)
        elif tag.startswith("</"):
            self._end(tag)
        else:
            self.players.append(_Player(len(self.out)))
            self._source(tag)

    def _image(self, tag: str) -> str:
        attributes = dict(_ATTRIBUTE.findall(tag))
        source, alt = attributes.get("src", ""), attributes.get("alt", "")
        if source and not _REMOTE.match(source):
            return tag
        return self._link(source, alt) if source else alt

    def _source(self, tag: str) -> None:
        """Keep what a player loads from the site, and remember the rest."""
        if not self.players:
            return  # a source of nothing
        player = self.players[-1]

        def local(attribute: re.Match[str]) -> str:
            if attribute[1] not in ("src", "poster"):
                return attribute[0]
            is_remote = _REMOTE.match(attribute[2]) is not None
            if attribute[1] == "src":
                player.is_local |= not is_remote
                player.remote += [attribute[2]] if is_remote else []
            return "" if is_remote else attribute[0]

        kept = _ATTRIBUTE.sub(local, tag)
        if not tag.startswith("<source") or " src=" in kept:
            self.out.append(kept)

    def _end(self, tag: str) -> None:
        if not self.players:
            return
        player = self.players.pop()
        if player.is_local or not player.remote:
            self.out.append(tag)
        else:
            links = [self._link(address, "") for address in player.remote]
            self.out[player.at] = " ".join(links)

    def _link(self, address: str, label: str) -> str:
        if self.links:
            return label or address
        return f'<a href="{address}">{label or address}</a>'
