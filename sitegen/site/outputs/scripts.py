"""Put the words of the site into the script that the pages with posts share."""

from __future__ import annotations

from msgspec import json

from sitegen.languages.language import Language

MESSAGES = b"SITE_MESSAGES"  # a name in the script, for which its messages stand once published
_TABLE = "script."


def with_messages(script: bytes, language: Language) -> bytes:
    """Return a script with the messages `script.` of the site, as an object without that prefix.

    Every page would have to hand them over otherwise.
    """
    messages = {
        key.removeprefix(_TABLE): message
        for key, message in language.messages.items()
        if key.startswith(_TABLE)
    }
    return script.replace(MESSAGES, json.encode(messages))
