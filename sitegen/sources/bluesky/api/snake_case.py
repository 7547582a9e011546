"""Convert field names of the Python SDK back to those of the lexicons.

The Python SDK dumps its models in snake_case, with `py_type` for `$type`, `link` for `$link` and
null for what is absent (https://atproto.blue).
"""

from __future__ import annotations

import re
from typing import Any

_LEXICON_NAMES = (
    "$type", "aspectRatio", "avatarUrl", "bookmarkCount", "byteEnd", "byteStart", "createdAt",
    "detachedEmbeddingUris", "displayName", "embeddingDisabled", "embeddingRules", "feedContext",
    "followersCount", "followsCount", "hasOtherReplies", "hiddenReplies", "indexedAt",
    "joinedViaStarterPack", "likeCount", "listItemCount", "mimeType", "notFound", "pinnedPost",
    "postsCount", "quoteCount", "replyCount", "replyDisabled", "repostCount", "rootAuthorLike",
    "starterPacks", "threadContext", "viaRepost",
)  # fmt: skip
_SNAKE = re.compile(r"(?<=[a-z])([A-Z])")
_NAMES = {_SNAKE.sub(lambda m: "_" + m[1].lower(), name): name for name in _LEXICON_NAMES}
_NAMES = {"py_type": "$type"} | {snake: name for snake, name in _NAMES.items() if "_" in snake}
_WRITTEN = re.compile('"(?:{})"\\s*:'.format("|".join(_NAMES)).encode())


def is_snake_case(data: bytes) -> bool:
    """Return whether JSON has field names in snake_case."""
    return _WRITTEN.search(data) is not None


def to_lexicon_case(value: Any) -> Any:
    """Rename the fields of a decoded value to those of the lexicons, in place."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if type(here) is dict:
            renamed = {_name(k, here): v for k, v in here.items() if v is not None}
            here.clear()
            here.update(renamed)
            waiting += here.values()
        elif type(here) is list:
            waiting += here
    return value


def _name(key: str, fields: dict[str, Any]) -> str:
    if key == "link" and str(fields[key]).startswith("baf"):
        return "$link"
    name = _NAMES.get(key, key)
    return key if name in fields else name
