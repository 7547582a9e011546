"""An archive of everything that other generators might read as their own: one post a danger."""

from __future__ import annotations

from pathlib import Path

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Media, Post, Profile, Thread

MARA = Author("mara.example.net", "did:plc:mara", 'Mara: of the "wells"')
TAGS = ("C++", "no", "7", "東京", "a b")
TEXTS = (
    "Plain words about a well.",
    "{{ site.title }} and {% raw %} and {{< figure src=x >}} and {{% note %}} and <% x %>",
    "# Not a heading\n- not a list\n1. nor this\n> nor that",
    "السلام عليكم — بئر قديمة",
    "<b>not bold</b> & <script>alert(1)</script> &amp; <!-- more -->",
    "a_b_c *d* `e` ~~f~~ [g](h) ![i](j) $k$ :smile: @x ^2^ ==m== {#id .cls}",
    "    four spaces, then a paragraph\n\nand another",
    "+++\ntitle = 'x'\n+++\nof the well",
    "Summary: metadata\nStatus: draft",
    "[TOC]\n\n***\n---\n===",
    "|a|b|\n|-|-|\n|1|2|",
    "{filename}/x.md |static| [x]({static}/y)",
    "https://well.example.org/a_b_c?x=1&y=2#z",
    "😀 家族 👨‍👩‍👧 é",
    "Term\n: definition",
    "[^1]\n\n[^1]: footnote",
    "*[HTML]: abbr\nHTML",
    "\\LaTeX \\* \\# \\",
    "!!! note\n    admonition",
    "A straight \"quote\" and 'another' -- with dashes... and (c)",
)
MEDIA = (
    Media("image", "media/well.png", "A well"),
    Media("image", "media/old well (1).png", "An old well, as it was"),
)
TIMES = (
    "2024-04-01T08:00", "2024-04-02T08:00:41.120Z", "2024-04-03T23:30:00-05:00", "20240404T080000Z",
    "0001-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "never", None, "2024-04-05",
)  # fmt: skip


def posts() -> list[Post]:
    """Return a post of each text; times and tags go round."""
    return [
        Post(
            f"3kpost{chr(97 + number)}",
            "bluesky",
            text,
            created_at=TIMES[number % len(TIMES)],
            author=MARA,
            tags=TAGS if number % 2 else (),
            url="https://bsky.app/profile/mara.example.net/post/x",
            media=MEDIA if number % 5 == 0 else (),
        )
        for number, text in enumerate(TEXTS)
    ]


def write(folder: Path) -> list[Thread]:
    """Write the archive as an import does; the first thread has a reply."""
    first, *rest = posts()
    reply = Post("3kreply", "bluesky", "A reply below.", reply_to=first.id, author=MARA)
    threads = [Thread(p.id, p.network, (p,)) for p in rest]
    threads.insert(0, Thread(first.id, first.network, (first, reply)))
    profile = Profile(
        "did:plc:mara", "bluesky", MARA.handle, MARA.name, bio="Keeper of {{ wells }}.",
        url="https://bsky.app/profile/mara.example.net", website="https://well.example.org/",
        details=(("Draft", "yes: \"no\""),),
    )  # fmt: skip
    store.write(store.merge(ArchiveIndex(folder), threads, [profile]))
    (folder / "media").mkdir()
    for name in ("well.png", "old well (1).png"):
        (folder / "media" / name).write_bytes(b"\x89PNG\r\n\x1a\n")
    return threads
