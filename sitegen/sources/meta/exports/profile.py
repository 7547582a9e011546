"""The owner of an export: name, biography and picture; never e-mail, telephone or birthday.

Labels are in the language of the account. A profile states its privacy only if both the label
and the value are known words; otherwise it is "unknown", which excludes posts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from sitegen.model import Json, Privacy
from sitegen.sources.meta import translations
from sitegen.sources.meta.exports.record_fields import ExportFields
from sitegen.sources.meta.exports.sections import INSTAGRAM, THREADS
from sitegen.sources.stated_visibility import most_restrictive

_KEYS = {"profile_user": INSTAGRAM, "text_post_app_text_post_app_profile": THREADS}
_KNOWN = (
    translations.USERNAME
    | translations.NAME
    | translations.BIO
    | translations.WEBSITE
    | translations.PRONOUNS
    | translations.OTHER
)
_FLAGS = frozenset(("privateaccount", "isprivate", "isprivateaccount", "privateprofile"))
Labels = list[tuple[str, Json]]


class Owner(Struct, frozen=True):
    """The owner of an export, as it states.

    `privacy` is None if every label of the profile is known and none is about privacy.
    """

    username: str | None = None
    name: str | None = None
    bio: str = ""
    website: str | None = None
    pronouns: str | None = None
    picture: str | None = None
    privacy: Privacy | None = None


UNREADABLE = Owner(privacy="unknown")


def owner_of(value: Json) -> tuple[str, Owner] | None:
    """Read a profile in any of its shapes: its network and owner; None for no profile."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return None
    top = ExportFields(value, Counter())
    for key, network in _KEYS.items():
        if key in value:
            owners = [_labelled(record) for record in top.records(key)]
            return network, merge(owners or [UNREADABLE])
    is_first_shape = "username" in value and ("private_account" in value or "biography" in value)
    return (INSTAGRAM, _of_2018(top)) if is_first_shape else None


def stated_elsewhere(value: Json) -> tuple[str, Owner] | None:
    """Read the privacy that a file of unknown shape states; None if it states nothing.

    A known label closes wherever it is. It opens nothing: the rest of the file is not understood.
    """
    states: list[Privacy] = []
    names: list[Json] = []
    is_of_threads = False
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            labels = [*_labels(ExportFields(here, Counter()))]
            states += [_stated(text) for label, text in labels if label in translations.PRIVATE]
            states += [_stated(flag) for key, flag in here.items() if _is_flag(key)]
            states += [_last(events) for key, events in here.items() if "privacy_history" in key]
            names += [_first(labels, translations.USERNAME), here.get("username")]
            is_of_threads |= any(key.startswith("text_post_app_") for key in here)
        if isinstance(here, dict | list):
            waiting += here.values() if isinstance(here, dict) else here
    state = most_restrictive(states)
    if state in (None, "public"):
        return None
    known = (_username(name) for name in names if isinstance(name, str))
    username = next(filter(None, known), None)
    return THREADS if is_of_threads else INSTAGRAM, Owner(username, privacy=state)


def _last(history: Json) -> Privacy:
    """Return the privacy after the last change, by its title."""
    events = history if isinstance(history, list) else [history]
    changes: list[tuple[int, str]] = []
    for event in events:
        fields = ExportFields(event if isinstance(event, dict) else {}, Counter())
        times = fields.record("string_map_data")
        seconds = [times.record(label).count("timestamp") or 0 for label in times.values]
        changes.append((max(seconds, default=0), translations.fold(fields.text("title"))))
    newest = max((second for second, _ in changes), default=0)
    states = {_of_title(title) for second, title in changes if second == newest}
    return most_restrictive(states) or "public"


def _of_title(title: str) -> Privacy:
    named = title.split()
    if "private" in named:
        return "private"
    return "public" if "public" in named else "unknown"


def _is_flag(key: str) -> bool:
    return re.sub("[^a-z]", "", key.casefold()) in _FLAGS


def merge(owners: Iterable[Owner]) -> Owner:
    """Merge the profiles of one export; the most closed privacy counts."""
    fields: dict[str, str] = {}
    states: list[Privacy | None] = []
    for owner in owners:
        stated = {name: getattr(owner, name) for name in Owner.__struct_fields__[:-1]}
        fields = {name: value for name, value in stated.items() if value} | fields
        states.append(owner.privacy)
    return Owner(**fields, privacy=most_restrictive(states))


def _labelled(record: ExportFields) -> Owner:
    """Read `{string_map_data: {Username: {value}}, media_map_data: {...}}`."""
    labels = [*_labels(record)]
    return Owner(
        username=_username(_first(labels, translations.USERNAME)),
        name=_first(labels, translations.NAME) or None,
        bio=_first(labels, translations.BIO),
        website=_first(labels, translations.WEBSITE) or None,
        pronouns=_first(labels, translations.PRONOUNS) or None,
        picture=next(_pictures(record.record("media_map_data")), None),
        privacy=_privacy(labels),
    )


def _of_2018(profile: ExportFields) -> Owner:
    """Read `{username, name, biography, private_account}`."""
    private = profile.values.get("private_account")
    return Owner(
        username=_username(profile.text("username")),
        name=profile.text("name") or None,
        bio=profile.text("biography"),
        website=profile.text("website") or None,
        privacy="unknown" if private is None else _stated(private),
    )


def _username(text: str) -> str | None:
    return text.strip().lstrip("@") or None


def _labels(record: ExportFields) -> Iterator[tuple[str, Json]]:
    """Yield labels and values, in the older and in the newest shape."""
    labels = record.record("string_map_data")
    for label in labels.values:
        yield translations.fold(label), labels.record(label).values.get("value")
    for each in record.records("label_values"):
        if label := each.text("label"):
            yield translations.fold(label), each.values.get("value")


def _first(labels: Labels, known: frozenset[str]) -> str:
    values = (value for label, value in labels if label in known)
    return next((value for value in values if isinstance(value, str)), "")


def _privacy(labels: Labels) -> Privacy | None:
    """Return the privacy that labels state; None if all are known and none is about privacy.

    The caller takes that for "unknown", unless the same account's other profile states more
    (`ExportReader._stated`): profiles of this format say whether an account is private, so one that
    does not is a profile whose flag cannot be read, not an export without a profile.
    """
    stated = [_stated(value) for label, value in labels if label in translations.PRIVATE]
    if stated:
        return most_restrictive(stated)
    return None if labels and all(label in _KNOWN for label, _ in labels) else "unknown"


def _stated(value: Json) -> Privacy:
    """Parse the value of the label "private account"."""
    if isinstance(value, bool):
        return "private" if value else "public"
    word = translations.fold(value) if isinstance(value, str) else ""
    if word in translations.FALSE:
        return "public"
    return "private" if word in translations.TRUE else "unknown"


def _pictures(media: ExportFields) -> Iterator[str]:
    for label in media.values:
        if uri := media.record(label).text("uri"):
            yield uri
