"""Capture elements that only backups and networks write: WordPress, Blogger, OStatus.

They say who may see an item, and some contain private data, such as a visitor's comment with an
e-mail address. feedparser would mix them into the item, so each is captured as a tree of its own.
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
# Only the presence of these is recorded, as they contain visitors' names, addresses and settings.
_SEALED = frozenset((("wp", "comment"), ("wp", "postmeta"), ("wp", "termmeta")))
RESTRICTED = "restricted"  # the name of a setting that may restrict who sees the post


class Element(Struct, frozen=True):
    """An element with its text and children; names in lower case, without a prefix."""

    family: str
    name: str
    text: str = ""
    attributes: Mapping[str, str] = {}
    children: tuple[Element, ...] = ()

    def within(self) -> Iterator[Element]:
        """Yield the element and all its descendants."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(element.children)

    def child(self, name: str) -> Element | None:
        """Return the first child of a name."""
        return next((child for child in self.children if child.name == name), None)


def family_of(namespace: str, prefix: str = "") -> str:
    """Return the family of a namespace, or of a known prefix; "" for others."""
    lower = namespace.lower()
    for address, family in _NAMESPACES:
        if address in lower and not lower.rstrip("/").endswith("/excerpt"):
            return family
    return prefix.lower() if prefix.lower() in FAMILIES else ""


def words(elements: Iterable[Element], family: str, name: str) -> tuple[str, ...]:
    """Return the texts of the elements with a name, normalised for comparison."""
    return tuple(text.casefold() for text in _texts(elements, family, name))


def value(elements: Iterable[Element], family: str, name: str) -> str:
    """Return the first text of the elements with a name; "" if there is none."""
    return next(filter(None, _texts(elements, family, name)), "")


def _texts(elements: Iterable[Element], family: str, name: str) -> Iterator[str]:
    return (e.text.strip() for e in elements if e.family == family and e.name == name)


class Capture:
    """A tree of elements that is built during parsing."""

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
        element = self._open.pop().close()
        if not self._open:
            return element
        self._open[-1].children.append(element)
        return None

    def end_element(self, name: str) -> Element | None:
        """Close elements up to the innermost one with this name, if one is open."""
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

    def close(self) -> Element:
        if (self.family, self.name) in _SEALED:
            is_restricted = self.name == "postmeta" and self._restricts()
            return Element(self.family, RESTRICTED if is_restricted else self.name)
        text, children = "".join(self.text), tuple(self.children)
        return Element(self.family, self.name, text, self.attributes, children)

    def _restricts(self) -> bool:
        key, content = (value(self.children, "wp", name) for name in ("meta_key", "meta_value"))
        return stated_visibility.may_restrict(key, content)
