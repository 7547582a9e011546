"""Sources that know less of a post than the archive does: nothing of it may go."""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from sitegen.content import content_folder, store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Import
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import NO_COUNTS, Author, Post, Profile
from sitegen.sources import Imported, Options
from sitegen.threads import group

DID = "did:plc:oonaoftheboats4example22"
KEY, ANSWER = "3kmmmmmmmmm2a", "3kmmmmmmmmm2b"
URL = f"https://bsky.app/profile/{DID}/post/"
OONA = {"handle": "oona.example.org", "id": DID, "name": "Oona"}
TEXT = "Low tide at the old pier: look at this"
WHOLE: tuple[dict[str, Any], ...] = (
    {
        "id": KEY, "network": "bluesky", "created_at": "2024-05-01T06:07:08.900Z",
        "author": OONA, "text": TEXT, "links": ["https://tide.example/pier"], "url": URL + KEY,
        "facets": [{"start": 26, "end": 38, "kind": "link", "value": "https://tide.example/pier"}],
        "tags": ["sea"], "langs": ["en"],
        "media": [{"kind": "image", "path": "media/pier.png", "alt": "A pier",
                   "origin": "bafkpierpier"}],
        "bluesky": {"post_gate": {"quotes_by": []}, "mentioned": {"a.example": "did:web:a"}},
    },
    {
        "id": ANSWER, "network": "bluesky", "created_at": "2024-05-01T06:09:59.100Z",
        "author": OONA, "text": "And the second half of it.", "reply_to": KEY, "url": URL + ANSWER,
    },
)  # fmt: skip
FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>@oona.example.org - Oona</title>
<link>https://bsky.app/profile/oona.example.org</link><description></description>
<item><link>{URL}{KEY}</link><description>{TEXT}</description>
<pubDate>01 May 2024 06:07 +0000</pubDate>
<guid isPermaLink="false">at://{DID}/app.bsky.feed.post/{KEY}</guid></item>
<item><link>{URL}{ANSWER}</link><description>And the second half of it.</description>
<pubDate>01 May 2024 06:09 +0000</pubDate>
<guid isPermaLink="false">at://{DID}/app.bsky.feed.post/{ANSWER}</guid></item>
</channel></rss>
"""
PAGE = (
    "And the second half of it.\n01.05.2024 08:09 — 👍 0 🔁 0 💬 0 📌 0\n"
    f"{TEXT}\n01.05.2024 08:07 — 👍 1 🔁 0 💬 0 📌 0\n"
)


class Folder:
    """A content folder, and the sources for it."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.sources = {name: folder / name for name in ("whole", "feed", "page", "address")}
        (folder / "media").mkdir()
        (folder / "media" / "pier.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        first = {**WHOLE[0], "bluesky": {"mentioned": {"a.example": "did:web:a"}}}
        first["media"] = [
            {
                "kind": "image",
                "alt": "A long pier",
                "origin": "https://cdn.example/x/bafkpierpier@jpeg",
            }
        ]
        self.sources["whole"].write_text("\n".join(json.dumps(line) for line in WHOLE), "utf-8")
        both = json.dumps(first) + "\n" + json.dumps(WHOLE[1])
        self.sources["address"].write_text(both, "utf-8")
        self.sources["feed"].write_text(FEED, "utf-8")
        self.sources["page"].write_text(PAGE, "utf-8")

    def bring_in(self, *names: str) -> Import:
        """Import as the command does."""
        found = pipeline.read([self.sources[n] for n in names], Options("oona.example.org"))
        return pipeline.import_into(self.content, self.content.parent / ".sitegen", found)

    def posts(self) -> list[Post]:
        """Return the archive's posts."""
        return [
            post for thread in content_folder.read_archive(self.content) for post in thread.posts
        ]

    def profiles(self) -> list[Profile]:
        """Return the archive's profiles."""
        return [stored.profile for _, stored in content_folder.read_profiles(self.content)]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("poorer", [("feed",), ("page",), ("feed", "page"), ("page", "feed")])
def test_a_poorer_source_takes_nothing_away(folder: Folder, poorer: tuple[str, ...]) -> None:
    folder.bring_in("whole")
    before = folder.posts()
    done = folder.bring_in(*poorer)
    of_page = {"counts": NO_COUNTS, "also": ()}  # which the whole source says nothing of
    assert [replace(post, **of_page) for post in folder.posts()] == before
    assert done.changes.conflicts == ()


@pytest.mark.parametrize("order", [*itertools.permutations(("whole", "feed", "page"))])
@pytest.mark.parametrize("is_together", [True, False])
def test_whichever_comes_first_the_best_is_known_in_the_end(
    folder: Folder, order: tuple[str, ...], is_together: bool
) -> None:
    runs = [order] * 2 if is_together else [(name,) for name in order * 2]
    for names in runs:
        done = folder.bring_in(*names)
    assert done.changes.created == done.changes.updated == {}
    first, second = folder.posts()
    assert (first.created_at, first.media[0].alt) == ("2024-05-01T06:07:08.900Z", "A pier")
    assert [facet.value for facet in first.facets if facet.kind == "link"] == list(first.links)
    assert second.reply_to == first.id
    assert [profile.id for profile in folder.profiles()] == [DID]


def test_a_text_that_a_person_wrote_does_not_differ_from_a_feed(folder: Folder) -> None:
    folder.bring_in("whole")
    (path,) = content_folder.markdown_files(folder.content / "threads")
    text = Path(path).read_text("utf-8")
    Path(path).write_text(text.replace("\nLow tide", "\nHigh tide"), "utf-8")
    assert folder.bring_in("feed").changes.conflicts == ()
    assert folder.posts()[0].text == TEXT.replace("Low", "High")


def test_a_feed_tells_of_an_edit(folder: Folder) -> None:
    folder.bring_in("whole")
    edited = FEED.replace("second half", "better half")
    folder.sources["feed"].write_text(edited, "utf-8")
    folder.bring_in("feed")
    assert folder.posts()[1].text == "And the better half of it."


def test_a_file_stays_though_another_source_has_only_its_address(folder: Folder) -> None:
    folder.bring_in("whole")
    folder.bring_in("address")
    first = folder.posts()[0]
    (media,) = first.media
    assert (media.path, media.alt) == ("media/pier.png", "A long pier")
    assert json.loads(dict(first.extra)["bluesky"]) == WHOLE[0]["bluesky"]


def test_a_bio_stays_though_another_source_has_none(tmp_path: Path) -> None:
    for bio in ("Bread and boats", ""):
        profile = Profile(DID, "bluesky", "oona.example.org", "Oona", bio=bio)
        store.write(store.merge(ArchiveIndex(tmp_path), (), (profile,)))
    ((_, stored),) = content_folder.read_profiles(tmp_path)
    assert stored.profile.bio == "Bread and boats"


def test_what_a_person_wrote_of_an_account_stays_when_its_id_is_known(folder: Folder) -> None:
    folder.bring_in("page")
    (path,) = content_folder.markdown_files(folder.content / "profiles")
    Path(path).write_text(Path(path).read_text("utf-8") + "\nMy own words\n", "utf-8")
    folder.bring_in("whole")
    folder.bring_in("feed")
    assert "My own words" in [profile.bio for profile in folder.profiles()]


def brooks(name: str, day: int, ids: str, is_excerpt: bool) -> ReadSource:
    """Return an export or a feed of a day in June, with this name of the account."""
    author = Author("ada@social.example", "https://social.example/users/ada", name)
    parents = {"1": None, "2": "1", "3": "2"}
    posts = [
        Post(i, "mastodon", f"Post {i}", f"2025-05-0{i}T10:00:00Z", author, parent)
        for i, parent in parents.items()
        if i in ids
    ]
    found, until = ("a feed" if is_excerpt else "an export"), f"2025-06-{day:02}T10:00:00Z"
    imported = Imported(found, len(posts), group(posts), until=until, is_excerpt=is_excerpt)
    return ReadSource("", None, imported)


SOURCES = st.lists(
    st.builds(
        brooks,
        st.sampled_from(["Ada", "Ada Brook"]),
        st.integers(1, 9),
        st.sampled_from(["1", "2", "12", "123", "23"]),
        st.booleans(),
    ),
    min_size=2,
    max_size=3,
    unique_by=lambda read: read.imported.until,
)


@example([brooks("Ada Brook", 1, "12", False), brooks("Ada", 2, "1", True)])
@given(SOURCES)
def test_sources_that_name_an_account_otherwise_change_nothing_when_imported_again(
    reads: list[ReadSource],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for read in [*reads, *reads]:
            pipeline.import_into(folder / "content", folder / "cache", (read,))
        for read in reads:
            done = pipeline.import_into(folder / "content", folder / "cache", (read,))
            assert done.changes.updated == {}
        done = pipeline.import_into(folder / "content", folder / "cache", tuple(reads))
        assert done.changes.updated == {}
