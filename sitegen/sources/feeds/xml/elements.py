"""Capture elements that only backups and networks write: WordPress, Blogger, OStatus.

They say who may see an item, and some contain private data: a visitor's comment with
an e-mail address, or a shared post. feedparser would mix them into the item, so each
is captured as a tree of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from sitegen.sources import stated_visibility

_NAMESPACES = (
    ("wordpress.org/export/", "wp"),
    ("purl.org/atom/app", "app"),
    ("purl.org/atom-blog/ns", "app"),
    ("www.w3.org/2007/app", "app"),
    ("activitystrea.ms/", "activity"),
    ("mastodon.social/schema", "mastodon"),
    ("schemas.google.com/blogger", "blogger"),
    ("georss.org/georss", "place"),
    ("opengis.net/gml", "place"),
)
# Elements of unknown or no namespace that may say who sees an item, by name.
STATED = "stated"
FAMILIES = frozenset(family for _, family in _NAMESPACES)
# Only the presence of these is recorded: they contain visitors' names, addresses, and settings.
# Names of settings that may restrict who sees the post.
_SEALED = frozenset((("wp", "comment"), ("wp", "postmeta"), ("wp", "termmeta")))
RESTRICTED = "restricted"


class Element(Struct, frozen=True):
    """An element with its text and children; names in lower case, without a prefix."""

    family: str
    name: str
    text: str = ""
    attributes: Mapping[str, str] = {}
    children: tuple[Element, ...] = ()

    def within(self) -> Iterator[Element]:
        """Yield the element and all its descendants."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(element.children)

    def child(self, name: str) -> Element | None:
        """Return the first child of a name."""
        return next((child for child in self.children if child.name == name), None)


def family_of(namespace: str, prefix: str = "") -> str:
    """Return the family of a namespace, else that of a known prefix; "" for others."""
    lower = namespace.lower()
    for address, family in _NAMESPACES:
        if address in lower and not lower.rstrip("/").endswith("/excerpt"):
            return family
    return prefix.lower() if prefix.lower() in FAMILIES else ""


def is_stated(name: str) -> bool:
    """Return whether an element's name may state who sees an item."""
    return stated_visibility.is_field(name)


def words(elements: Iterable[Element], family: str, name: str) -> tuple[str, ...]:
    """Return the texts of the elements with a name, normalised for comparison."""
    found = (e for e in elements if e.family == family and e.name == name)
    return tuple(element.text.strip().casefold() for element in found)


def value(elements: Iterable[Element], family: str, name: str) -> str:
    """Return the first text of the elements with a name; "" if there is none."""
    found = (e.text.strip() for e in elements if e.family == family and e.name == name)
    return next((text for text in found if text), "")


class Capture:
    """A tree that grows during parsing."""

    def __init__(self) -> None:
        self._open: list[_Open] = []

    def __bool__(self) -> bool:
        return bool(self._open)

    def start(self, family: str, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        self._open.append(_Open(family, name.lower(), attributes))

    def add(self, text: str) -> None:
        """Add to the text of the innermost element."""
        self._open[-1].text.append(text)

    def end(self) -> Element | None:
        """Close the innermost element; return the whole tree if it was the outermost."""
        element = self._open.pop().closed()
        if not self._open:
            return element
        self._open[-1].children.append(element)
        return None

    def end_named(self, name: str) -> Element | None:
        """Close elements up to one of this name; none if none is open."""
        if all(element.name != name for element in self._open):
            return None
        while self._open[-1].name != name:
            self.end()
        return self.end()


class _Open:
    def __init__(self, family: str, name: str, attributes: Mapping[str, str]) -> None:
        self.family, self.name, self.attributes = family, name, attributes
        self.text: list[str] = []
        self.children: list[Element] = []

    def closed(self) -> Element:
        if (self.family, self.name) in _SEALED:
            is_restricted = self.name == "postmeta" and self._restricts()
            return Element(self.family, RESTRICTED if is_restricted else self.name)
        text, children = "".join(self.text), tuple(self.children)
        return Element(self.family, self.name, text, self.attributes, children)

    def _restricts(self) -> bool:
        setting, of = (value(self.children, "wp", name) for name in ("meta_key", "meta_value"))
        return stated_visibility.may_restrict(setting, of)
