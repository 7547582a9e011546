"""The newest state of an account stands, whatever the order in which its exports are imported."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from laws import long_law
from trees import differences, tree

from sitegen import exchange
from sitegen.config import settings as configs
from sitegen.content import content_folder
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Rules
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Card, Counts, Media, Post, Profile
from sitegen.site import build as builds
from sitegen.sources import Imported
from sitegen.threads import group

NAMES = "abcdef"
AUTHORS = st.builds(
    Author, st.sampled_from(["ada", "ada_moor"]), st.just("77"), st.sampled_from("AB")
)
MAY_BE_NONE = {
    "card": st.sampled_from([None, Card("One"), Card("Two", "of it"), Card("One", "and more")]),
    "warning": st.sampled_from([None, "Gulls", "Fog"]),
    "sensitive": st.booleans(),
    "langs": st.sampled_from([(), ("en",), ("de",)]),
    "tags": st.sampled_from([(), ("sky",), ("sea", "sky")]),
    "url": st.sampled_from([None, "https://x.example/1", "https://y.example/1"]),
    "counts": st.builds(Counts, likes=st.integers(0, 3)),
    "media": st.sampled_from([(), (Media("image", None, "A pier", "a.jpg"),)]),
}


@st.composite
def versions(draw: st.DrawFn) -> list[ReadSource]:
    """Return exports of one account, of different days: posts edited, added and deleted."""
    parents = {
        name: draw(st.sampled_from([None, *NAMES[:number]])) for number, name in enumerate(NAMES)
    }
    has_feed = draw(st.booleans())  # it knows the account by the handle of its day
    days = draw(
        st.lists(
            st.integers(1, 28), min_size=1 + (not has_feed), max_size=3 - has_feed, unique=True
        )
    )
    reads = [draw(export(parents, day)) for day in days]
    source, month = draw(st.sampled_from(reads)), draw(st.sampled_from(["05", "07"]))
    return [*reads, as_feed(source, draw(st.booleans()), month)] if has_feed else reads


def as_feed(read: ReadSource, is_edited: bool, month: str) -> ReadSource:
    """Return what a feed has of an export: no replies, no counts, and of its author the handle."""
    more = " (mended)" if is_edited else ""
    posts = [
        Post(p.id, p.network, p.text + more, p.created_at, Author(p.author.handle), url=p.url)
        for thread in read.imported.threads
        for p in thread.posts
    ]
    until = f"2025-{month}-01T12:00:00Z"
    imported = Imported("a feed", len(posts), group(posts), until=until, is_excerpt=True)
    return ReadSource("feed.xml", None, imported)


@st.composite
def export(
    draw: st.DrawFn,
    parents: dict[str, str | None],
    day: int,
) -> ReadSource:
    """Return one export, of a day in June 2025."""
    names = draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=4))
    author = draw(AUTHORS)
    posts = [
        Post(
            name,
            "x",
            draw(st.sampled_from([f"Post {name}", f"Post {name}, edited", f"Post *{name}*"])),
            f"2025-05-0{NAMES.index(name) + 1}T10:00:00Z",
            author,
            parents[name],
            **{field: draw(values) for field, values in MAY_BE_NONE.items()},  # type: ignore[arg-type]
        )
        for name in sorted(names)
    ]
    profile = Profile("77", "x", author.handle, author.name, bio=draw(st.sampled_from(["", "B"])))
    until = f"2025-06-{day:02}T12:00:00Z"
    imported = Imported(
        "an X archive", len(posts), group(posts), (profile,), until=until, complete=(("x", "77"),)
    )
    return ReadSource(f"{day}.zip", None, imported)


def archive(
    reads: tuple[ReadSource, ...], rules: Rules = pipeline.DEFAULT_RULES
) -> tuple[list[str], list[Profile]]:
    """Import sources one after the other; return the export and the profiles."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "content"
        for read in reads:
            pipeline.import_into(folder, Path(name) / "cache", (read,), rules)
        lines = sorted(exchange.lines(content_folder.read_archive(folder)).splitlines())
        return lines, [stored.profile for _, stored in content_folder.read_profiles(folder)]


@long_law
@given(versions())
def test_versions_of_one_account_give_one_archive_in_any_order(reads: list[ReadSource]) -> None:
    first, *others = (archive(order) for order in itertools.permutations(reads))
    for other in others:
        assert other == first


@settings(max_examples=max(5, settings().max_examples // 5))
@given(versions())
def test_the_site_is_the_same_byte_for_byte(reads: list[ReadSource]) -> None:
    sites = []
    for order in (reads, reads[::-1]):
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "sitegen.toml").write_text("[build]\njobs = 1\n", "utf-8")
            config = configs.load(Path(name) / "sitegen.toml")
            for read in order:
                pipeline.import_into(config.content, config.cache, (read,))
            builds.build(config)
            sites.append(tree(config.output))
    assert not differences(*sites)


@long_law
@given(versions(), st.sampled_from(["keep", "mark"]))
def test_what_vanished_is_treated_alike_in_any_order(reads: list[ReadSource], word: str) -> None:
    rules = pipeline.Rules(vanished=word)  # type: ignore[arg-type]
    exports = [read for read in reads if not read.imported.is_excerpt]
    first, *others = (archive(order, rules) for order in itertools.permutations(exports))
    for other in others:
        assert other[0] == first[0]
