"""`label_values`, Instagram's newest shape: captions and addresses with labels in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from sitegen.sources.meta import translations
from sitegen.sources.meta.exports.record_fields import ExportFields

_ADDRESS = re.compile(
    r"https://(?:www\.)?(?:instagram\.com/(?:[\w.]+/)?(?:p|reels?|tv)/[\w-]+"
    r"|threads\.(?:net|com)/(?:@[\w.]+/post|t)/[\w-]+)/?(?:\?\S*)?"
)


class Labelled(Struct, frozen=True):
    """The labelled values of a post; `unread` are unknown labels."""

    caption: str = ""
    url: str | None = None
    owner: str | None = None
    audience: str | None = None
    is_for_few: bool = False
    unread: tuple[str, ...] = ()

    @property
    def is_restricted(self) -> bool:
        """Return whether an audience other than everybody is named."""
        if self.audience is None:
            return self.is_for_few
        return self.is_for_few or translations.fold(self.audience) not in translations.EVERYBODY


def read_labels(record: ExportFields) -> Labelled:
    """Read the labels of a post; an address is recognised as such, whatever its label."""
    labelled = list(record.records("label_values"))
    texts = [(translations.fold(label), text) for label, text in _texts(labelled)]
    caption = next((text for label, text in texts if label in translations.CAPTION), "")
    unread = (
        [] if caption else [label for label, text in _texts(labelled) if _is_unread(label, text)]
    )
    return Labelled(
        caption,
        next((text for _, text in texts if _ADDRESS.fullmatch(text)), None),
        next(_owners(labelled), None),
        next(_audiences(labelled), None),
        any(_is_for_few(*pair) for pair in (*_texts(labelled), *_inner(labelled))),
        tuple(unread),
    )


def _texts(labelled: Sequence[ExportFields]) -> Iterator[tuple[str, str]]:
    for each in labelled:
        label = each.text("label")
        for key in ("value", "href"):
            if label and (text := each.text(key)).strip():
                yield label, text


def _inner(labelled: Sequence[ExportFields]) -> Iterator[tuple[str, str]]:
    """Yield the labels and texts of the groups in a list of labels."""
    for each in labelled:
        yield from _texts(tuple(each.records("dict")))


def _audiences(labelled: Sequence[ExportFields]) -> Iterator[str]:
    """Yield the texts under audience labels, also of groups with such a title."""
    for each in labelled:
        if translations.fold(each.text("title")) in translations.AUDIENCE:
            yield from (text for _, text in _texts(tuple(each.records("dict"))))
    yield from (
        text
        for label, text in _texts(labelled)
        if translations.fold(label) in translations.AUDIENCE
    )


def _is_for_few(label: str, text: str) -> bool:
    """Return whether a label and its text name a circle, or answer "yes" to a restriction."""
    name, words = translations.fold(label), translations.fold(text)
    is_circle = words in translations.CLOSE_FRIENDS and name not in translations.CAPTION
    return is_circle or (name in translations.RESTRICTING and words in translations.TRUE)


def _is_unread(label: str, text: str) -> bool:
    is_address = text.startswith(("https://", "http://"))
    return not is_address and translations.fold(label) not in translations.AUDIENCE


def _owners(labelled: Sequence[ExportFields]) -> Iterator[str]:
    """Yield the usernames in the group that names the post's owner."""
    waiting = [
        each for each in labelled if translations.fold(each.text("title")) in translations.OWNER
    ]
    while waiting:
        each = waiting.pop()
        name = each.text("value").strip().lstrip("@")
        if name and translations.fold(each.text("label")) in translations.USERNAME:
            yield name
        waiting += each.records("dict")
