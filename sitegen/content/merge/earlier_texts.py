"""Links, tags and mentions of earlier texts, in case such a text comes back.

A complete source states them; an excerpt with the old words does not. So they are recorded for
each earlier text, as long as the post's line lists it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from sitegen.content.format.draft import TEXT, Parts, as_object
from sitegen.content.format.recorded import version_digest
from sitegen.content.imported.stamps import Bound, Seen, Stamp
from sitegen.model import Facet, Json
from sitegen.text import richtext

DENIED = ("facets", "links")  # a complete source that leaves them out says that there are none
NAMES = (*DENIED, "mentions", "tags", "cut_links")
BODY = "body"


def bind(parts: Parts, at: Stamp) -> Bound | None:
    """Return a complete source's data on a text; None for an excerpt or a person's Markdown."""
    parsed = richtext.from_markdown(str(parts[TEXT]))
    if not at.is_whole or parsed is None:
        return None
    found: Parts = {name: parts[name] for name in NAMES if name in parts}
    if parsed.facets:
        found[BODY] = [{"start": f.start, "end": f.end, "url": f.value} for f in parsed.facets]
    return Bound(at, found)


def remember(
    seen: Seen, new: Mapping[str, Bound | None], listed: Iterable[Mapping[str, Json]]
) -> Seen:
    """Return the sources of a post, with the data on the earlier texts that it lists."""
    names = {version_digest(dict(version)) for version in listed}
    texts = dict(seen.texts)
    for name, found in new.items():
        if found and (name not in texts or texts[name].at.as_of <= found.at.as_of):
            texts[name] = found
    return replace(seen, texts={name: texts[name] for name in sorted(texts.keys() & names)})


def restore(
    theirs: Parts, listed: Iterable[Parts], words: str, texts: Mapping[str, Bound]
) -> tuple[Parts, Bound] | None:
    """Complete an excerpt's parts if its words are those of an earlier text; else None."""
    for version in listed:
        found = texts.get(version_digest(version))
        if found and " ".join(str(version["text"]).split()) == words:
            rest = {name: value for name, value in theirs.items() if name not in DENIED}
            known = {name: value for name, value in found.parts.items() if name != BODY}
            body = richtext.to_markdown(str(version["text"]), _facets(found.parts.get(BODY)))
            return {**rest, **known, TEXT: body}, found
    return None


def _facets(listed: Json) -> tuple[Facet, ...]:
    found = map(as_object, listed if isinstance(listed, list) else ())
    places = [(f.get("start"), f.get("end"), f.get("url")) for f in found]
    return tuple(
        [
            Facet(start, end, "link", url)
            for start, end, url in places
            if isinstance(start, int) and isinstance(end, int) and isinstance(url, str)
        ]
    )
