"""A site in which everything occurs that is hard to show: scripts, media, warnings, long words."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from media.pictures import picture, saved

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import (
    Author,
    Card,
    Counts,
    Elsewhere,
    Facet,
    Media,
    Poll,
    PollOption,
    Post,
    Profile,
    Thread,
    Version,
)

NETWORK = "bluesky"
HOSTILE = """'"><script>alert(1)</script><b onclick=x>&amp;{{ 7 * 7 }}</title></textarea>-->"""
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 4
ARABIC = "بئر قديمة في الوادي، والريح تحكي عنها (نص English في الوسط)."
JAPANESE = "古い井戸の話です。霧の朝、鳥の声だけが聞こえました。"
SETTINGS = """[site]
title = "The well & the <tower>"
description = "Invented posts of every kind: بئر, 井戸, puits."
base_url = "https://wells.example/repo/"
account = "mara.example"

[build]
page_size = 8
thread_size = 12
json_feeds = "all"
tag_feed_threads = 1
"""
MARA = Author("mara.example", "did:plc:mara", "Mara <of the> wells 🪣")
AMAL = Author("amal.example", "did:plc:amal", "أمل البئر")
AKI = Author(None, None, "井戸番")
ADDRESS = "https://far.example/a_b?x=1&y=2#z"
MEDIA = (
    Media("image", "media/well.png", "A well, seen from above"),
    Media("image", "media/wide.png"),
    Media("image", "media/drawing.svg", HOSTILE),
    Media("video", "media/film.mp4", "A bucket comes up"),
    Media("audio", "media/drop.wav", "A drop falls"),
    Media("file", "media/notes.bin", "Notes"),
    Media("image", None, "A picture that is missing"),
    Media("video", None, "", "https://far.example/film.mp4"),
)
POLL = Poll(
    (PollOption("Yes", 3), PollOption(ARABIC, 4), PollOption(LONG), PollOption("", 1)),
    "2024-06-01T00:00:00Z",
    7,
)


def write(folder: Path) -> None:
    """Write the sources of the site."""
    threads = [Thread(post.id, post.network, (post,)) for post in _single_posts()]
    threads.append(Thread("long", NETWORK, tuple(_long_thread())))
    content = folder / "content"
    store.write(store.merge(ArchiveIndex(content), threads, tuple(_profiles())))
    (content / "about.md").write_text(DOCUMENT, "utf-8")
    (content / "media").mkdir()
    for name, data in _media().items():
        (content / "media" / name).write_bytes(data)
    (folder / "sitegen.toml").write_text(SETTINGS, "utf-8")


def _post(identity: str, text: str, day: int, **more: Any) -> Post:
    fields = {"author": MARA, "created_at": f"2024-05-{day:02}T10:00:00Z", **more}
    return Post(identity, NETWORK, text, url=f"https://social.example/post/{identity}", **fields)


def _single_posts() -> Iterator[Post]:
    """Go through posts, each with something odd."""
    yield _post("hostile", HOSTILE, 1, tags=("c++", HOSTILE), mentions=("amal.example",))
    yield _post("arabic", ARABIC, 2, author=AMAL, langs=("ar",), tags=("بئر",))
    yield _post("japanese", JAPANESE, 3, author=AKI, langs=("ja",), tags=("井戸",))
    yield _post("words", f"{LONG} {LONG}\n\n{ADDRESS}", 4, links=(ADDRESS,))
    yield _post("pictures", "Pictures and films", 5, media=MEDIA, tags=("well",))
    yield _post("warned", "Behind a warning", 6, media=MEDIA[:2], warning=f"Deep water {HOSTILE}")
    yield _post("poll", "Is it deep?", 7, poll=POLL, counts=Counts(1, 2, 3, 4))
    card = Card(f"A card {LONG}", f"{ARABIC} {HOSTILE}", "https://far.example/card")
    yield _post("card", "A card", 8, card=card)
    yield _post("quote", "Quoted here", 9, quote_of="poll", tags=("well",))
    yield from _related_posts()
    versions = (Version("An earlier text", "2024-05-13T08:00:00Z"), Version(HOSTILE))
    yield _post("edited", "Edited", 13, edited_at="2024-05-13T12:00:00Z", history=versions)
    yield _post("doubtful", "Doubtful", 14, uncertain=("the date was read from a page",))
    yield _post("gone", "No longer there", 15, vanished=True, visibility="unlisted")
    yield Post("undated", NETWORK, "Some day", author=Author("by-handle.example"))
    yield _post(
        "link", "the old map", 16, facets=(Facet(4, 11, "link", ADDRESS),), links=(ADDRESS,)
    )


def _related_posts() -> Iterator[Post]:
    """Go through posts that quote, answer and repeat what the archive does not have."""
    away = Elsewhere("away", "https://social.example/away", AMAL)
    yield _post("quote-away", "Quoted elsewhere", 10, quote_of="away", elsewhere=(away,))
    blocked = Elsewhere("blocked", None, AKI, "blocked")
    yield _post("answer", "Answering", 11, reply_to="blocked", elsewhere=(blocked,))
    deleted = Elsewhere("deleted", "https://social.example/deleted", AMAL, "deleted")
    yield _post("repost", "", 12, repost_of="deleted", elsewhere=(deleted,))
    yield _post("repost-here", "", 12, repost_of="poll")


def _long_thread() -> Iterator[Post]:
    yield _post("long", "A long story of the well", 20, langs=("en",), tags=("well", "story"))
    others = (MARA, AMAL, AKI)
    for number in range(1, 30):
        author, text = others[number % 3], (f"Part {number}", ARABIC, JAPANESE)[number % 3]
        reply_to = "long" if number < 20 else f"long-{number - 1}"
        yield _post(f"long-{number}", text, 20, author=author, reply_to=reply_to)


def _profiles() -> Iterator[Profile]:
    details = (("Depth", "40 m"), (f"Label {HOSTILE}", ARABIC), ("Site", ADDRESS))
    yield Profile(
        "did:plc:mara", NETWORK, MARA.handle, MARA.name, f"Keeper.\n\n{HOSTILE} {LONG}",
        "https://social.example/mara", "media/well.png", None, "media/wide.png",
        "https://wells.example/", "she/her", "poll", details,
    )  # fmt: skip
    yield Profile("did:plc:amal", NETWORK, AMAL.handle, AMAL.name, ARABIC, warning="Wells")
    yield Profile("follower", NETWORK, "bo.example", None, JAPANESE, followed_by="mara.example")


def _media() -> dict[str, bytes]:
    sound = BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes([128] * 800))
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
    )
    return {
        "well.png": saved(picture((1400, 900)), "PNG"),
        "wide.png": saved(picture((1500, 300)), "PNG"),
        "drawing.svg": drawing.encode(),
        "film.mp4": b"no film",
        "drop.wav": sound.getvalue(),
        "notes.bin": b"notes",
    }


DOCUMENT = f"""---
title: "About {JAPANESE}"
---

Words of a page, with [a link](https://far.example/) and `code`.

## A heading

1. First
2. Second
   - inner

> {ARABIC}
>
> — a keeper

### A table

| Well | Depth |
|---|---:|
| North | 40 m |
| {LONG} | 7 m |

```
{LONG}{LONG}
```

Text with a footnote.[^1]

[^1]: The footnote.
"""
