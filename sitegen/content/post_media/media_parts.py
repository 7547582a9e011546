"""The media of a post as parts: the list of its files, and each alt text apart.

So a picture that a source adds later replaces neither the alt text that a person wrote, nor the
text. In a file, alt texts and the order are in the media block; the post's line has only what the
block cannot say: media without a file, and the source's names of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sitegen.content.post_media import media_block
from sitegen.content.post_media.media_block import BlockLine
from sitegen.model import Json

MEDIA, ALT = "media", "alt/"
KIND, PATH, FILE, AFTER = "kind", "path", "file", "after"
_BEFORE = frozenset(
    ("created_at", "reply_to", "repost_of", "quote_of", "links", "mentions", "tags")
)
Item = dict[str, Json]


def from_list(media: Json) -> dict[str, Json]:
    """Return the parts of a list of media; alt texts of files get parts of their own."""
    if not isinstance(media, list):
        return {MEDIA: media}
    found: dict[str, Json] = {}
    files: list[Json] = []
    alts: dict[str, Json] = {}
    for medium in media:
        name = _block_name(medium)
        if name and isinstance(medium, dict) and ALT + name not in alts:
            files.append({k: v for k, v in medium.items() if k != "alt"})
            alts[ALT + name] = medium.get("alt")
        else:
            files.append(medium)
    found[MEDIA] = files
    return found | {k: v for k, v in alts.items() if v is not None}


def to_list(parts: Mapping[str, Json]) -> Json:
    """Return the list of media that parts describe, each with its alt text."""
    files = parts.get(MEDIA)
    if not isinstance(files, list):
        return files
    media: list[Json] = []
    seen: set[str] = set()
    for medium in files:
        name = _block_name(medium)
        if name and isinstance(medium, dict) and name not in seen:
            seen.add(name)
            alt = parts.get(ALT + name)
            media.append(_medium(medium, alt) if alt is not None else medium)
        else:
            media.append(medium)
    return media


def insert(line: Mapping[str, Json], media: Json) -> dict[str, Json]:
    """Return a line's fields with the parts of its media in the schema's place."""
    new = from_list(media)
    if MEDIA in line:
        found: dict[str, Json] = {}
        for key, value in line.items():
            found |= new if key == MEDIA else {key: value}
        return found
    first = {k: v for k, v in line.items() if k in _BEFORE}
    return first | new | {k: v for k, v in line.items() if k not in _BEFORE}


def without_lost_alts(parts: Mapping[str, Json], names: Mapping[str, Json]) -> dict[str, Json]:
    """Return parts, or their digests, without the alt texts of files that are not in the list."""
    if not any(name.startswith(ALT) for name in names):
        return dict(names)
    files = parts.get(MEDIA)
    known = {_block_name(m) for m in files} if isinstance(files, list) else set()
    return {
        name: value
        for name, value in names.items()
        if not name.startswith(ALT) or name.removeprefix(ALT) in known
    }


def format_media(
    parts: Mapping[str, Json], levels: int = media_block.LEVELS
) -> tuple[list[Json], list[str]]:
    """Format media: the items for the post's line, and the lines of its block."""
    items: list[Json] = []
    lines: list[str] = []
    files = parts.get(MEDIA)
    seen: set[str] = set()
    after: str | None = None
    for medium in files if isinstance(files, list) else ():
        name = _block_name(medium)
        if name is None or name in seen or not isinstance(medium, dict):
            is_placed = isinstance(medium, dict) and after is not None
            items.append({**medium, AFTER: after} if is_placed else medium)  # type: ignore[dict-item]
            continue
        seen.add(name)
        after = name
        alt, is_image = parts.get(ALT + name), medium.get(KIND) == "image"
        shown = media_block.flatten(alt) if isinstance(alt, str) else ""
        lines.append(media_block.format_line(name, shown, is_image, levels))
        rest: Item = {k: v for k, v in medium.items() if k not in (KIND, PATH)}
        kind = medium.get(KIND)
        if kind != media_block.kind_of(name, is_image):
            rest = {KIND: kind, **rest}
        if alt is not None and (alt != shown or not alt):
            rest["alt"] = alt
        if rest:
            items.append({FILE: name, **rest})
    return items, lines


def read_media(listed: Json, block: Sequence[BlockLine]) -> Json:
    """Return the media of a post: those of its block, and those of its line at their places.

    An item of the line with `file` says more of a line of the block; without such a line it says
    nothing. An item without `after` comes before the block.
    """
    if not block and not _has_placed(listed):
        return listed
    items = listed if isinstance(listed, list) else []
    names = {line.name for line in block}
    details: dict[str, Item] = {}
    following: dict[str | None, list[Json]] = {None: []}
    for item in items:
        name = _detailed(item, names)
        if name is not None and isinstance(item, dict):
            details.setdefault(name, item)
        elif isinstance(item, dict) and FILE not in item:
            after = item.get(AFTER)
            own: Item = {k: v for k, v in item.items() if k != AFTER}
            following.setdefault(after if isinstance(after, str) else None, []).append(own)
        elif not isinstance(item, dict):
            following[None].append(item)
    media = following.pop(None)
    for line in block:
        media.append(_of_line(line, details.pop(line.name, {})))
        media += following.pop(line.name, [])
    return media + [item for left in following.values() for item in left]


def alt_name(medium: Json) -> str | None:
    """Return the name of the part that has the alt text of a file; None without a file."""
    name = _block_name(medium)
    return ALT + name if name else None


def is_first_version(listed: Json) -> bool:
    """Return whether a line lists files, as lines did before there were blocks."""
    items = listed if isinstance(listed, list) else ()
    return any(
        _block_name(i) is not None and not (isinstance(i, dict) and AFTER in i) for i in items
    )


def _of_line(line: BlockLine, detail: Item) -> Item:
    kind, exact = detail.get(KIND) or line.kind, detail.get("alt")
    is_exact = isinstance(exact, str) and media_block.flatten(exact) == line.alt
    alt = exact if is_exact else line.alt or None
    medium: Item = {KIND: kind, PATH: media_block.FOLDER + line.name}
    medium |= {k: v for k, v in detail.items() if k not in (FILE, KIND, PATH, "alt")}
    return medium if alt is None else _medium(medium, alt)


def _medium(medium: Mapping[str, Json], alt: Json) -> Item:
    """Return a medium with an alt text, in the schema's order."""
    first = {k: v for k, v in medium.items() if k in (KIND, PATH)}
    return {**first, "alt": alt, **{k: v for k, v in medium.items() if k not in first}}


def _detailed(item: Json, names: set[str]) -> str | None:
    """Return the file of the block of which an item says more; None if it is another medium."""
    if not isinstance(item, dict) or AFTER in item:
        return None
    name = item.get(FILE) if FILE in item else _block_name(item)
    return name if isinstance(name, str) and name in names else None


def _has_placed(listed: Json) -> bool:
    items = listed if isinstance(listed, list) else ()
    return any(isinstance(item, dict) and (FILE in item or AFTER in item) for item in items)


def _block_name(medium: Json) -> str | None:
    return media_block.name_of(medium.get(PATH)) if isinstance(medium, dict) else None
