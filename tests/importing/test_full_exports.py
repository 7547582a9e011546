"""Full exports of an account, one after the other: what vanished, what was edited, what is hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from importers.bluesky_writer import DID, post, repository, tid

from sitegen.config import settings as configs
from sitegen.content import content_folder
from sitegen.content.imported import import_records, post_count
from sitegen.errors import ContentError
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Import, Rules
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Post, Version
from sitegen.site import build as builds
from sitegen.sources import Exclusion, Imported, Options
from sitegen.threads import group

KEPT, GONE = f"app.bsky.feed.post/{tid(1)}", f"app.bsky.feed.post/{tid(2)}"
WELL, LAMP = post("The well holds water again."), post("A lamp for the well.")
Word = Literal["keep", "mark", "purge"]


def bring_in(folder: Path, records: dict[str, object], word: Word = "keep") -> Import:
    """Import the export of an account."""
    source = folder / "export.car"
    source.write_bytes(repository(records))
    found = pipeline.read([source], Options("mara.example.net"))
    rules = Rules(vanished=word)
    return pipeline.import_into(folder / "content", folder / ".sitegen", found, rules)


def posts(folder: Path) -> dict[str, Post]:
    """Return the archive's posts by their texts."""
    return {
        p.text: p
        for thread in content_folder.read_archive(folder / "content")
        for p in thread.posts
    }


@pytest.mark.parametrize(
    ("word", "fate"), [("keep", "kept"), ("mark", "marked"), ("purge", "purged")]
)
def test_what_vanished_is_treated_as_the_settings_say(
    tmp_path: Path, word: Word, fate: str
) -> None:
    bring_in(tmp_path, {KEPT: WELL, GONE: LAMP})
    done = bring_in(tmp_path, {KEPT: WELL}, word)
    assert [(gone.id, gone.fate) for gone in done.changes.vanished] == [(tid(2), fate)]
    found = posts(tmp_path)
    assert not found["The well holds water again."].vanished
    assert ("A lamp for the well." in found) == (word != "purge")
    assert word == "purge" or found["A lamp for the well."].vanished == (word == "mark")


def test_what_a_person_edited_is_not_purged(tmp_path: Path) -> None:
    bring_in(tmp_path, {KEPT: WELL, GONE: LAMP})
    (path,) = [p for p in tmp_path.rglob("*.md") if "A lamp" in p.read_text("utf-8")]
    path.write_text(path.read_text("utf-8").replace("A lamp for", "Two lamps for"), "utf-8")
    done = bring_in(tmp_path, {KEPT: WELL}, "purge")
    assert [gone.fate for gone in done.changes.vanished] == ["spared"]
    assert posts(tmp_path)["Two lamps for the well."].vanished


def test_what_a_source_has_but_may_not_show_has_not_vanished(tmp_path: Path) -> None:
    hidden = {
        "$type": "com.atproto.label.defs#selfLabels",
        "values": [{"val": "!no-unauthenticated"}],
    }
    bring_in(tmp_path, {KEPT: WELL, GONE: LAMP})
    done = bring_in(tmp_path, {KEPT: WELL, GONE: LAMP | {"labels": hidden}}, "purge")
    assert done.sources[0].imported.exclusions[0].reason == "asked not to be shown"
    assert done.changes.vanished == ()
    assert len(posts(tmp_path)) == 2


def test_an_edit_upstream_keeps_the_earlier_text(tmp_path: Path) -> None:
    bring_in(tmp_path, {KEPT: WELL})
    bring_in(tmp_path, {KEPT: post("The well is dry.")})
    (now,) = posts(tmp_path).values()
    assert (now.text, now.author.id) == ("The well is dry.", DID)
    assert now.history == (Version("The well holds water again.", WELL["createdAt"]),)


def test_what_is_newer_than_an_old_export_has_not_vanished(tmp_path: Path) -> None:
    late = post("A later lamp.", createdAt="2026-01-01T10:00:00.000Z")
    bring_in(tmp_path, {KEPT: WELL, GONE: late})
    done = bring_in(tmp_path, {KEPT: WELL}, "purge")
    assert (done.changes.vanished, len(posts(tmp_path))) == ((), 2)


def test_a_build_does_not_miss_what_was_purged(tmp_path: Path) -> None:
    keys = [f"app.bsky.feed.post/{tid(number)}" for number in range(1, 9)]
    texts: dict[str, object] = {key: post(f"Lamp number {key[-4:]}.") for key in keys}
    config = configs.parse("", tmp_path / "sitegen.toml")
    bring_in(tmp_path, texts)
    builds.build(config)
    bring_in(tmp_path, {key: texts[key] for key in keys[:3]}, "purge")
    assert post_count.read(tmp_path / "content") == post_count.Count(3, 3)
    assert builds.build(config).posts == 3
    bring_in(tmp_path, texts)  # what comes later is missed again
    assert builds.build(config).posts == 8
    assert post_count.read(tmp_path / "content") == post_count.Count(8, 3)
    for path in [*(tmp_path / "content/threads").rglob("*.md")][:5]:
        path.unlink()
    with pytest.raises(ContentError, match="only 3 of 8 posts are left since the last build"):
        builds.build(config)


def with_private_post(network: str, account: str) -> ReadSource:
    """Return a full export of an account, with a post for followers that is withheld."""
    author = Author(account, account)
    posts = [Post("1", network, f"Post of {account}", "2025-05-01T10:00:00Z", author)]
    exclusion = Exclusion(f"private-of-{account}", "not public")
    complete, until = ((network, account),), "2025-06-01T10:00:00Z"
    imported = Imported(
        network, 2, group(posts), exclusions=(exclusion,), complete=complete, until=until
    )
    return ReadSource("", None, imported)


def test_accounts_imported_together_have_the_withheld_posts_of_their_own_exports(
    tmp_path: Path,
) -> None:
    reads = with_private_post("x", "ada"), with_private_post("mastodon", "bo")
    pipeline.import_into(tmp_path / "together", tmp_path / "cache", reads)
    for read in reads:
        pipeline.import_into(tmp_path / "alone", tmp_path / "cache", (read,))
    together, alone = (import_records.accounts(tmp_path / name) for name in ("together", "alone"))
    assert together == alone
    assert together["x", "ada"].held_back
