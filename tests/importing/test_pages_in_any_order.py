"""Pages, feeds and exports of one account give one archive, in any order and any commands."""

from __future__ import annotations

import itertools
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from laws import long_law
from trees import differences, tree

from sitegen import exchange
from sitegen.config import settings as configs
from sitegen.content import content_folder
from sitegen.ingest import pipeline
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Card, Counts, Media, Post, Profile
from sitegen.site import build as builds
from sitegen.sources import Imported, Options
from sitegen.sources.page_text.importer import PageText
from sitegen.threads import group

NAMES = "abcde"
PARENTS = {"a": None, "b": "a", "c": None, "d": "c", "e": "b"}
DID = "did:plc:adaofthepier"
HANDLES = ("ada.example", "moor.example")
WORDS = {
    "a": "The ferry is late again this morning",
    "b": "It came at last, with one lamp lit",
    "c": "Who painted the harbour wall green?",
    "d": "Nobody admits it, but two have green hands",
    "e": "And the lamp went out on the way back",
}
COUNTS = st.builds(
    Counts, likes=st.integers(0, 2), reposts=st.integers(0, 1), replies=st.integers(0, 2),
    quotes=st.just(0),
)  # fmt: skip
ATTACHED = {
    "tags": st.sampled_from([(), ("sea",)]),
    "card": st.sampled_from([None, Card("One"), Card("One", "and more")]),
    "media": st.sampled_from([(), (Media("image", None, "A pier", "a.jpg"),)]),
    "counts": st.sampled_from([Counts(), Counts(likes=2)]),
}
SOURCES = ("export", "export", "page", "page", "feed")
NAMED = "AB"
Commands = list[list[ReadSource]]


@st.composite
def sources(draw: st.DrawFn) -> list[ReadSource]:
    """Return two or three sources of one account, of several days."""
    kinds = draw(
        st.lists(st.sampled_from(range(5)), min_size=2, max_size=3, unique=True).map(sorted)
    )
    days = draw(st.permutations(range(1, 6)))
    account = draw(st.sampled_from((*HANDLES, None)))  # a person knows whose pages they saved
    make: dict[str, Any] = {"export": export, "page": partial(page, account), "feed": feed}
    return [draw(make[SOURCES[kind]](days[kind])) for kind in kinds]


def said(name: str, is_edited: bool) -> str:
    """Return what a post says, or what it says once it is edited."""
    return WORDS[name] + (", they say" if is_edited else "")


def minute(name: str, hours: int = 0) -> str:
    """Return when a post was made, on the clock of a zone."""
    return f"2025-05-0{NAMES.index(name) + 1}T{10 + hours}:07"


@st.composite
def shown(draw: st.DrawFn) -> list[tuple[str, bool]]:
    """Return which posts a source has, and which of them are edited by then."""
    names = draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=4))
    return [(name, draw(st.booleans())) for name in sorted(names)]


@st.composite
def export(draw: st.DrawFn, day: int) -> ReadSource:
    """Return an export of a day in June."""
    author = Author(draw(st.sampled_from(HANDLES)), DID, draw(st.sampled_from(NAMED)))
    posts = [
        Post(
            name, "bluesky", said(name, edited), f"{minute(name)}:31Z", author, PARENTS[name],
            **{name: draw(values) for name, values in ATTACHED.items()},  # type: ignore[arg-type]
        )
        for name, edited in draw(shown())
    ]  # fmt: skip
    profile = Profile(DID, "bluesky", author.handle, author.name)
    until = f"2025-06-0{day}T12:00:00Z"
    found = "a Bluesky export"
    return ReadSource(
        f"{day}.car", None, Imported(found, len(posts), group(posts), (profile,), until=until)
    )


@st.composite
def feed(draw: st.DrawFn, day: int) -> ReadSource:
    """Return a feed: no replies, no counts, and of its author the handle."""
    author = Author(draw(st.sampled_from(HANDLES)))
    posts = [
        Post(name, "bluesky", said(name, edited), f"{minute(name)}:00Z", author)
        for name, edited in draw(shown())
    ]
    until = f"2025-06-0{day}T12:00:00Z"
    return ReadSource(
        "feed.xml",
        None,
        Imported("RSS", len(posts), group(posts), until=until, is_excerpt=True),
    )


@st.composite
def page(draw: st.DrawFn, account: str | None, day: int) -> ReadSource:
    """Return the text of a page, by the clock of some zone."""
    hours = draw(st.integers(0, 2))
    lines = [
        f"{said(name, edited)}\n"
        f"{minute(name, hours)[8:10]}.05.2025 {minute(name, hours)[11:]} — "
        f"👍 {counts.likes} 🔁 {counts.reposts} 💬 {counts.replies} 📌 {counts.quotes}\n"
        for name, edited in reversed(draw(shown()))
        for counts in [draw(COUNTS)]
    ]
    text = "".join(lines).encode()
    read = PageText().read_bytes(text, Path("page.txt"), Options(account))
    return ReadSource(f"page-{day}.txt", None, read)


def orders(found: list[ReadSource]) -> list[Commands]:
    """Return all orders of sources, and all ways to divide them into commands."""
    ways = []
    for order in itertools.permutations(found):
        for cuts in itertools.product((True, False), repeat=len(found) - 1):
            commands: Commands = [[order[0]]]
            for read, is_cut in zip(order[1:], cuts, strict=True):
                if is_cut:
                    commands.append([read])
                else:
                    commands[-1].append(read)
            ways.append(commands)
    return ways


def exported(commands: Commands) -> tuple[list[str], list[Profile]]:
    """Import sources; return the export and the profiles."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "content"
        for reads in commands:
            pipeline.import_into(folder, Path(name) / "cache", tuple(reads))
        lines = sorted(exchange.lines(content_folder.read_archive(folder)).splitlines())
        profiles = [stored.profile for _, stored in content_folder.read_profiles(folder)]
        return lines, sorted(profiles, key=lambda profile: profile.id)


def published(commands: Commands) -> dict[str, bytes]:
    """Import sources; return the site."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "sitegen.toml").write_text("[build]\njobs = 1\n", "utf-8")
        config = configs.load(Path(name) / "sitegen.toml")
        for reads in commands:
            pipeline.import_into(config.content, config.cache, tuple(reads))
        builds.build(config)
        return tree(config.output)


@long_law
@given(sources(), st.data())
def test_sources_give_one_archive_in_any_order(
    found: list[ReadSource], data: st.DataObject
) -> None:
    first, *others = orders(found)
    expected = exported(first)
    for commands in data.draw(st.permutations(others))[:3]:
        assert exported(commands) == expected


@settings(max_examples=max(4, settings().max_examples // 6))
@given(sources(), st.data())
def test_the_site_is_the_same_byte_for_byte(found: list[ReadSource], data: st.DataObject) -> None:
    first, *others = orders(found)
    other = data.draw(st.sampled_from(others))
    assert not differences(published(first), published(other))
