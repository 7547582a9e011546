"""Several sources, one archive: posts met again, accounts under two names, cross-posts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from sitegen.config import settings as configs
from sitegen.content import content_folder
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Import, Rules
from sitegen.model import Counts, Elsewhere, Post
from sitegen.site import build as builds
from sitegen.sources import Exclusion, Options

PAGE = (
    "The well at the mill is dry again, the third summer in a row.\n"
    "Nobody remembers when it last was.\n"
    "03.04.2024 10:00 — 👍 1 🔁 0 💬 0 📌 0\n"
    "A ladder, a lamp and a line: all that the survey needs today.\n"
    "02.04.2024 09:30 — 👍 2 🔁 0 💬 0 📌 0\n"
)
DRY: dict[str, Any] = {
    "id": "3kmill", "network": "bluesky", "created_at": "2024-04-03T08:00:41.120Z",
    "author": {"handle": "mara.example.net", "id": "did:plc:mara", "name": "Mara"},
    "text": "The well at the mill is dry again, the third summer in a row.\n\nNobody remembers when it last was.",
    "url": "https://bsky.app/profile/mara.example.net/post/3kmill",
}  # fmt: skip


class Site:
    """A content folder and what is imported into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.made = 0

    def source(self, *lines: dict[str, Any], text: str = "") -> Path:
        """Write a source: JSON lines, or the text of a page."""
        self.made += 1
        path = self.folder / f"source-{self.made}"
        path.write_text(text or "".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        return path

    def bring_in(self, *sources: Path, rules: Rules = pipeline.DEFAULT_RULES) -> Import:
        """Import as the command does."""
        found = pipeline.read(sources, Options("mara.example.net"))
        return pipeline.import_into(self.content, self.folder / ".sitegen", found, rules)

    def posts(self) -> dict[str, Post]:
        """Return the archive's posts by id."""
        return {
            p.id: p for thread in content_folder.read_archive(self.content) for p in thread.posts
        }


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_post_of_a_page_is_the_one_that_an_export_has(site: Site) -> None:
    done = site.bring_in(site.source(text=PAGE), site.source(DRY))
    page = done.sources[0].imported
    assert page.records == 2
    assert [(e.reason, e.detail) for e in page.exclusions] == [("same post twice", "as 3kmill")]
    found = site.posts()
    assert len(found) == 2
    assert found["3kmill"].text == DRY["text"]
    assert found["3kmill"].author.id == "did:plc:mara"


def test_a_page_that_comes_later_adds_counts_and_the_id_that_it_gives(site: Site) -> None:
    site.bring_in(site.source(DRY))
    before = site.posts()["3kmill"]
    done = site.bring_in(site.source(text=PAGE))
    (page,) = done.sources
    assert [(e.reason, e.detail) for e in page.imported.exclusions] == [
        ("same post twice", "as 3kmill")
    ]
    assert page.imported.records == 2 == len(done.posts) + len(page.imported.exclusions)
    (derived,) = [e.record for e in page.imported.exclusions]
    of_page = {"also": (Elsewhere(derived),), "counts": Counts(1, 0, 0, 0)}
    assert site.posts()["3kmill"] == replace(before, **of_page)
    assert len(site.posts()) == 2


def test_a_post_gets_its_own_id_from_an_export_that_comes_later(site: Site) -> None:
    site.bring_in(site.source(text=PAGE))
    (old,) = [p.id for p in site.posts().values() if "mill" in p.text]
    reply = {"id": "3kreply", "network": "bluesky", "reply_to": "3kmill", "text": "It rained."}
    source = site.source(DRY, reply)
    for _ in range(2):
        site.bring_in(source)
        found = site.posts()
        assert len(found) == 3
        assert found["3kmill"].text == DRY["text"]
        assert found["3kmill"].also == (Elsewhere(old),)
        assert found["3kreply"].reply_to == "3kmill"


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Change a file as a person does."""
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")


def test_what_a_person_wrote_stays_when_a_post_gets_its_own_id(site: Site) -> None:
    site.bring_in(site.source(text=PAGE))
    (path,) = [p for p in site.content.rglob("threads/*/*.md") if "mill" in p.read_text("utf-8")]
    edit(
        path,
        ("third summer in a row", "fourth summer"),
        ("last was.\n", "last was.\n\nMy own words.\n"),
        ('title: "', 'title: "My title: '),
        ('"created_at": "2024-04-03', '"hide": true, "tags": ["wells"], "created_at": "2024-04-03'),
        ("\nposts:", "\nmine: yes\nposts:"),
    )
    for _ in range(2):
        done = site.bring_in(site.source(DRY))
        assert done.changes.conflicts == ()
        text = path.read_text("utf-8")
        for kept in ("fourth summer", "My own words.", 'title: "My title: ', "\nmine: yes"):
            assert kept in text
        post = site.posts()["3kmill"]
        assert (dict(post.extra), post.tags) == ({"hide": "true"}, ("wells",))
        assert post.created_at == DRY["created_at"]


def test_a_post_that_a_person_deleted_does_not_come_back_by_its_own_id(site: Site) -> None:
    guess = "And so we walk to the spring.\n03.04.2024 10:01 — 👍 0 🔁 0 💬 0 📌 0\n"
    site.bring_in(site.source(text=guess + PAGE.replace("💬 0", "💬 1", 1)))
    (path,) = [p for p in site.content.rglob("threads/*/*.md") if "spring" in p.read_text("utf-8")]
    (name,) = [p.id for p in site.posts().values() if "spring" in p.text]
    text = re.sub(rf'  - {{"id": "{name}".*\n', "", path.read_text("utf-8"))
    path.write_text(text.partition(f"\n<!-- post {name} -->")[0], "utf-8")
    spring = DRY | {"id": "3kspring", "text": "And so we walk to the spring.",
                    "created_at": "2024-04-03T08:01:00Z", "reply_to": "3kmill"}  # fmt: skip
    for _ in range(2):
        site.bring_in(site.source(DRY, spring))
        assert not any("spring" in post.text for post in site.posts().values())


def test_pages_of_two_time_zones_are_one_post_once_its_id_is_known(site: Site) -> None:
    site.bring_in(site.source(text=PAGE))
    site.bring_in(site.source(text=PAGE.replace("10:00", "11:00").replace("👍 1", "👍 4")))
    site.bring_in(site.source(DRY))
    (well,) = [post for post in site.posts().values() if "mill" in post.text]
    assert (well.id, len(well.also), well.counts.likes) == ("3kmill", 2, 4)


def test_a_file_of_an_earlier_sitegen_gives_up_the_derived_id(site: Site) -> None:
    site.bring_in(site.source(text=PAGE))
    (path,) = [p for p in site.content.rglob("threads/*/*.md") if "mill" in p.read_text("utf-8")]
    (old,) = [p.id for p in site.posts().values() if "mill" in p.text]
    note = '"also": [{"id": "3kmill", "network": "bluesky"}]'
    edit(path, (f'"id": "{old}", "created_at"', f'"id": "{old}", {note}, "created_at"'))
    site.bring_in(site.source(DRY))
    assert (site.posts().keys() & {old, "3kmill"}) == {"3kmill"}


@pytest.mark.parametrize(
    "change",
    [
        {"created_at": "2024-04-03T08:07:41Z"},
        {"created_at": "2024-04-04T08:00:41Z"},
        {"author": {"handle": "oda.example.com", "id": "did:plc:oda", "name": None}},
        {"network": "mastodon"},
        {"text": DRY["text"] + " Nobody at all."},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_only_alike_is_not_the_same(site: Site, change: dict[str, Any]) -> None:
    site.bring_in(site.source(text=PAGE), site.source(DRY | change))
    assert len(site.posts()) == 3


def test_a_text_repeated_every_day_is_matched_by_its_time(site: Site) -> None:
    page = "".join(
        f"Good morning from the well keeper.\n{day:02}.04.2024 07:00 — 👍 1 🔁 0 💬 0 📌 0\n"
        for day in (3, 2, 1)
    )
    lines = [
        DRY | {"id": f"3k{day}", "text": "Good morning from the well keeper.", "created_at": f"2024-04-{day:02}T06:00:10Z"}
        for day in (1, 2, 3)
    ]  # fmt: skip
    site.bring_in(site.source(text=page), site.source(*lines))
    assert sorted(site.posts()) == ["3k1", "3k2", "3k3"]


def test_a_handle_is_the_account_that_another_source_knows(site: Site) -> None:
    site.bring_in(site.source(text=PAGE), site.source(DRY))
    assert {p.author.id for p in site.posts().values()} == {"did:plc:mara"}
    profiles = [stored.profile for _, stored in content_folder.read_profiles(site.content)]
    assert [(p.id, p.handle, p.name) for p in profiles] == [
        ("did:plc:mara", "mara.example.net", "Mara")
    ]


TOOT: dict[str, Any] = {
    "id": "77@social.example", "network": "mastodon", "created_at": "2024-04-03T08:03:00Z",
    "author": {"handle": "mara@social.example", "id": "https://social.example/users/mara", "name": None},
    "text": "The well at the mill is dry again, the third summer in a row. Nobody remembers when it last was.",
    "url": "https://social.example/@mara/77",
}  # fmt: skip
MERGE = Rules(crossposts="merge")


@pytest.mark.parametrize("together", [True, False])
def test_cross_posts_are_merged_with_a_link_if_configured(site: Site, together: bool) -> None:
    first, second = site.source(DRY), site.source(TOOT)
    for sources in [(first, second)] if together else [(first,), (second,), (first,), (second,)]:
        done = site.bring_in(*sources, rules=MERGE)
    assert done.sources[-1].imported.exclusions == (
        Exclusion("77@social.example", "cross-post", "as bluesky 3kmill"),
    )
    (post,) = site.posts().values()
    assert post.also == (Elsewhere("77@social.example", TOOT["url"], network="mastodon"),)


def test_cross_posts_stay_two_unless_that_is_wanted(site: Site) -> None:
    site.bring_in(site.source(DRY), site.source(TOOT))
    assert len(site.posts()) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"created_at": "2024-04-03T08:30:00Z"},
        {"text": "The well at the mill is dry again."},
        {"network": "bluesky"},
        {"media": [{"kind": "image", "path": None, "alt": "A well"}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_differs_is_no_cross_post(site: Site, change: dict[str, Any]) -> None:
    site.bring_in(site.source(DRY), site.source(TOOT | change), rules=MERGE)
    assert len(site.posts()) == 2


def test_a_thread_is_a_cross_post_only_as_a_whole(site: Site) -> None:
    more = {"id": "3kmore", "network": "bluesky", "reply_to": "3kmill", "text": "More."}
    site.bring_in(site.source(DRY, DRY | more), site.source(TOOT), rules=MERGE)
    assert len(site.posts()) == 3


def test_the_ledger_names_every_record(site: Site) -> None:
    source = site.source(DRY, DRY | {"text": "Newer."}, DRY | {"id": "3kother"})
    site.bring_in(source)
    (ledger,) = (site.folder / ".sitegen" / "ledger").iterdir()
    assert [json.loads(line) for line in ledger.read_text("utf-8").split("\n")[:-1]] == [
        {"source": str(source), "found": "JSON lines of posts", "records": 3, "posts": 2,
         "exclusions": {"same post twice": 1}},
        {"post": "3kmill", "network": "bluesky", "thread": "3kmill"},
        {"post": "3kother", "network": "bluesky", "thread": "3kother"},
        {"record": "line 1", "reason": "same post twice", "detail": "as line 2"},
    ]  # fmt: skip


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0,)])
def test_a_page_that_comes_again_undoes_nothing(site: Site, order: tuple[int, ...]) -> None:
    sources = site.source(text=PAGE), site.source(DRY)
    for source in sources:
        site.bring_in(source)
    before = site.posts()
    done = site.bring_in(*[sources[number] for number in order], rules=Rules(vanished="purge"))
    page = done.sources[order.index(0)].imported
    assert [(e.reason, e.detail) for e in page.exclusions] == [("same post twice", "as 3kmill")]
    assert (before.keys(), done.changes.vanished) == (site.posts().keys(), ())
    (well,) = [post for post in before.values() if post.also]
    assert site.posts()[well.id] == well


def test_two_exports_of_one_account_in_one_command_give_its_profile(site: Site) -> None:
    """What the first of them begins, the second completes, and it is written."""
    lines = [DRY | {"id": f"3k{number}", "text": f"Entry {number}."} for number in (1, 2)]
    site.bring_in(*[site.source(line) for line in lines])
    profiles = [stored.profile for _, stored in content_folder.read_profiles(site.content)]
    assert [profile.handle for profile in profiles] == ["mara.example.net"]


def test_an_address_that_a_page_gave_leads_to_the_post(site: Site) -> None:
    """The page alone was published first; a reply's address leads to its place in the thread."""
    (site.folder / "sitegen.toml").write_text("[build]\njobs = 1\n", "utf-8")
    config = configs.load(site.folder / "sitegen.toml")
    site.bring_in(site.source(text=PAGE))
    builds.build(config)
    (old,) = [p.id for p in site.posts().values() if "mill" in p.text]
    site.bring_in(site.source(DRY | {"id": "3kroot", "text": "A survey of wells.", "created_at": "2024-04-03T07:00:00Z"},
                              DRY | {"reply_to": "3kroot"}))  # fmt: skip
    builds.build(config)
    moved = (config.output / "thread" / f"bluesky-{old}.html").read_text("utf-8")
    assert 'content="0; url=../thread/bluesky-3kroot.html#post-3kmill"' in moved
    assert "This post has another address: " in moved
    edit_all(site, ('"id": "3kmill", ', '"id": "3kmill", "hide": true, '))
    builds.build(config)
    assert not (config.output / "thread" / f"bluesky-{old}.html").exists()


def edit_all(site: Site, change: tuple[str, str]) -> None:
    """Change every file of a thread in which something is found."""
    for path in site.content.rglob("threads/*/*.md"):
        if change[0] in path.read_text("utf-8"):
            edit(path, change)
