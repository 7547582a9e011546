"""A source that is cut off, and of which no post can be read, is an error that names the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from importers.bluesky_writer import post, repository, tid

from sitegen.errors import SourceError
from sitegen.ingest import pipeline
from sitegen.sources import Options

INPUTS = Path(__file__).parents[1] / "importers"
# A source of each format, the file of it that has the posts, and how much of that is too little.
CASES = (
    ("bluesky_api/feed/input", "feed-1.json", 0.3),
    ("bluesky_api/thread/input", "thread.json", 0.6),
    ("feed/atom/input.xml", "input.xml", 0.1),
    ("feed/blogger_takeout/input.xml", "input.xml", 0.1),
    ("feed/json_feed/input.json", "input.json", 0.5),
    ("feed/wordpress/input.xml", "input.xml", 0.1),
    ("feed/wordpress/input.xml", "input.xml", 0.3),
    ("mastodon/bare_list/input.json", "input.json", 0.6),
    ("mastodon/export_2022/input", "outbox.json", 0.6),
    ("mastodon/export_2026/input", "outbox.json", 0.95),
    ("mastodon/pixelfed/input.json", "input.json", 0.3),
    ("meta/first_shape/input", "media.json", 0.6),
    ("meta/labels/input", "posts_1.json", 0.95),
    ("meta/replies/input", "threads_and_replies.json", 0.6),
    ("x_archive/bare/input", "tweets.js", 0.02),
    ("x_archive/old/input", "tweet.js", 0.3),
)


def cut(source: Path, name: str, share: float, folder: Path) -> Path:
    """Copy a source into a folder, and cut off one file of it; return that file."""
    if source.is_dir():
        shutil.copytree(source, folder)
    else:
        folder.mkdir()
        shutil.copy(source, folder)
    (path,) = folder.rglob(name)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


@pytest.mark.parametrize(("source", "name", "share"), CASES)
@pytest.mark.parametrize("what", ["folder", "ZIP"])
def test_a_folder_with_a_file_that_is_cut_off_is_an_error_that_names_the_file(
    tmp_path: Path, source: str, name: str, share: float, what: str
) -> None:
    folder = tmp_path / "source"
    cut(INPUTS / source, name, share, folder)
    if what == "ZIP":
        folder = Path(shutil.make_archive(str(folder), "zip", folder))
    with pytest.raises(SourceError) as caught:
        pipeline.read([folder], Options("ada.example"))
    assert name in str(caught.value) or (what == "ZIP" and (INPUTS / source).is_file())
    assert caught.value.hint


def test_a_repository_that_is_cut_off_before_its_first_post_is_an_error(tmp_path: Path) -> None:
    data = repository({f"app.bsky.feed.post/{tid(n)}": post(f"Fog {n}") for n in range(9)})
    (tmp_path / "keeper.car").write_bytes(data[: len(data) // 9])
    with pytest.raises(SourceError, match=r"keeper\.car") as caught:
        pipeline.read([tmp_path], Options())
    assert caught.value.hint


def test_the_line_where_a_file_of_tweets_breaks_off_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    text = 'window.YTD.tweets.part0 = [ /* one\ntwo */\n{"tweet": {"id_str": "1", "full_te'
    (tmp_path / "data/tweets.js").write_text(text)
    with pytest.raises(SourceError, match=r"data/tweets\.js 1 .* record 0, from line 3"):
        pipeline.read([tmp_path], Options())


def test_a_source_that_is_damaged_in_part_is_read(tmp_path: Path) -> None:
    cut(INPUTS / "x_archive/bare/input", "tweets.js", 0.9, tmp_path / "source")
    (read,) = pipeline.read([tmp_path / "source"], Options())
    assert read.imported.threads
    assert "damaged" in [e.reason for e in read.imported.exclusions]


def test_a_source_whose_only_posts_stay_out_is_no_damage(tmp_path: Path) -> None:
    cut(INPUTS / "feed/blogger_takeout/input.xml", "input.xml", 0.6, tmp_path / "source")
    (read,) = pipeline.read([tmp_path / "source"], Options())
    assert {e.reason for e in read.imported.exclusions} > {"damaged", "draft"}


def test_a_feed_that_is_cut_off_between_two_items_says_so(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(
        '<rss version="2.0"><channel><title>Moor</title><link>https://moor.example/</link>'
        "<item><guid>https://moor.example/1</guid><description>Fog</description></item>"
    )
    (read,) = pipeline.read([path], Options())
    assert len(read.imported.threads) == 1
    assert "the file is cut off after its last whole item" in [
        o.what for o in read.imported.oddities
    ]


def test_a_damaged_source_whose_posts_are_all_left_out_says_the_damage(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/protected-history.js").write_text(
        'window.YTD.protected_history.part0 = [{"protectedHistory": {"action": "Protect"}}]'
    )
    text = 'window.YTD.tweets.part0 = [\n{"tweet": {"id_str": "1", "full_text": "Fog"}},\n{"twe'
    (tmp_path / "data/tweets.js").write_text(text)
    (read,) = pipeline.read([tmp_path], Options("ada.example"))
    assert not read.imported.threads
    assert read.imported.notes[-1] == (
        "a part of it is damaged: data/tweets.js 2 "
        "(what comes after record 1, from line 3); export or download it again"
    )
