"""Read labels and gates of posts and accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from sitegen.model import Json
from sitegen.sources.at_uris import address
from sitegen.sources.bluesky.records.record_fields import RecordFields

LOGGED_OUT = "!no-unauthenticated"
# https://docs.bsky.app/docs/advanced-guides/moderation#global-label-values
_WORDS = {
    "porn": "Sexual content",
    "sexual": "Sexually suggestive",
    "nudity": "Nudity",
    "nsfl": "Disturbing content",
    "gore": "Violence or injury",
    "graphic-media": "Graphic media",
    "!warn": "Sensitive content",
    "!hide": "Hidden by moderators",
}
_RULES = {
    "mentionRule": "mentioned",
    "followingRule": "followed",
    "followerRule": "followers",
    "listRule": "list",
}


class Labels(Struct, frozen=True):
    """Labels as a warning for readers, and whether logged-out visitors must not see the post."""

    warning: str | None = None
    is_hidden: bool = False


NO_LABELS = Labels()


def labels(record: RecordFields, view: RecordFields | None = None) -> Labels:
    """Return the labels of a record and those that labelers gave it in its view.

    Of the latter, only known content warnings count: the rest is opinion.
    """
    warnings = []
    if "labels" in record:
        warnings += [v.text("val") for v in record.record("labels").records("values")]
    if view is not None and "labels" in view:
        active = [v for v in view.records("labels") if v.values.get("neg") is not True]
        known = (v.text("val") for v in active)
        warnings += [val for val in known if val in _WORDS or val == LOGGED_OUT]
    own = record.values.get("labels")
    given_to = view.values.get("labels") if view is not None else None
    is_hidden = LOGGED_OUT in warnings or _asks_to_hide(own) or _asks_to_hide(given_to)
    return Labels(_warning(warnings), is_hidden) if warnings or is_hidden else NO_LABELS


def _asks_to_hide(value: Any) -> bool:
    """Return whether labels of any shape ask to hide the subject from logged-out visitors."""
    queue = [value] if value else []
    while queue:
        value = queue.pop()
        if isinstance(value, str) and value.strip().casefold() == LOGGED_OUT:
            return True
        if isinstance(value, list):
            queue += value
        elif isinstance(value, dict) and value.get("neg") is not True:
            queue += value.values()
    return False


def _warning(values: Iterable[str]) -> str | None:
    words = [_WORDS.get(v) or v.lstrip("!").replace("-", " ") for v in values if v != LOGGED_OUT]
    return ", ".join(dict.fromkeys(w for w in words if w.strip())) or None


def thread_gate(gate: RecordFields) -> dict[str, Json]:
    """Return who may reply (nobody, if the list is empty), and which replies are hidden."""
    settings: dict[str, Json] = {}
    if "allow" in gate:
        rules = [rule.kind.rpartition("#")[2] for rule in gate.records("allow")]
        settings["replies_by"] = [_RULES.get(rule, rule) for rule in rules]
    if hidden := _posts(gate.texts("hiddenReplies")):
        settings["hidden_replies"] = hidden
    return settings


def post_gate(gate: RecordFields) -> dict[str, Json]:
    """Return whether quotes are allowed, and from which the post was detached."""
    settings: dict[str, Json] = {}
    if gate.records("embeddingRules"):
        settings["quotes_by"] = []
    if detached := _posts(gate.texts("detachedEmbeddingUris")):
        settings["detached_from"] = detached
    return settings


def _posts(uris: Iterable[str]) -> list[Json]:
    targets = map(address, uris)
    return [at.post_id for at in targets if at]
