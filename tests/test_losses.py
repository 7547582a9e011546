"""Posts that are suddenly gone: no site is emptied because a folder was not where it should be."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from test_cli import Process, Sitegen, lines, sitegen, start, write  # noqa: F401 - fixtures
from trees import tree

from sitegen.content import content_folder, counts
from sitegen.content.imported import post_count
from sitegen.site import scan

TEXTS = ("Fog", "Rain", "Hail", "Sun", "Wind")
COUNT = "content/.imported/count.json"


def post(number: int) -> dict[str, object]:
    """Return a post of an invented account."""
    return {
        "id": f"{number}", "network": "bluesky", "text": TEXTS[number - 1],
        "created_at": f"2024-01-0{number}T10:00:00Z", "author": {"handle": "ada.example"},
    }  # fmt: skip


def files_of(*words: str) -> list[Path]:
    """Return the threads that have one of these words."""
    paths = sorted(Path("content/threads").rglob("*.md"))
    return [path for path in paths if any(w in path.read_text("utf-8") for w in words)]


@pytest.fixture
def built(sitegen: Sitegen) -> dict[str, bytes]:  # noqa: F811
    """Import and build five posts; return the site."""
    write("posts.jsonl", lines(*map(post, range(1, 6))))
    for command in (("import", "posts.jsonl"), ("build",)):
        assert sitegen(*command).code == 0
    return tree(Path("public"))


def test_a_build_that_lost_most_of_the_posts_stops_until_it_is_forced(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
) -> None:
    for path in files_of("Fog", "Rain"):
        path.unlink()
    assert sitegen("build").code == 0  # three of five are more than half
    before = tree(Path("public"))
    for path in files_of("Hail", "Sun"):
        path.unlink()
    for _ in range(2):
        done = sitegen("build")
        assert done.code == 1
        assert done.problems() == [
            (
                "content",
                "only 1 of 3 posts are left since the last build",
                "is something missing? If you removed the others yourself, build once with --force, "
                f"and commit {COUNT}.",
            )
        ]
        assert tree(Path("public")) == before
    assert sitegen("build", "--force").code == 0
    assert sitegen("build", "--strict").code == 0
    assert len([name for name in tree(Path("public")) if name.startswith("thread/")]) == 1
    assert json.loads(Path(COUNT).read_text()) == {"posts": 1}


@pytest.mark.parametrize("kind", ["link", "file", "nothing"])
def test_threads_that_are_no_folder_empty_no_site(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
    tmp_path: Path,
    kind: str,
) -> None:
    threads = Path("content/threads")
    shutil.move(threads, tmp_path / "elsewhere")
    if kind == "link":
        threads.symlink_to(tmp_path / "elsewhere")
    elif kind == "file":
        threads.write_text("../elsewhere")  # as git leaves a link where links are not wanted
    elsewhere = tree(tmp_path / "elsewhere")
    build = sitegen("build", "--strict")
    assert build.code == 1
    ((place, what, hint),) = build.problems()
    assert (place, what) == {
        "link": ("content/threads", "is a link, and links in content/ are not followed"),
        "file": ("content/threads", "is not a folder"),
        "nothing": ("content", "only 0 of 5 posts are left since the last build"),
    }[kind]
    assert hint
    assert tree(Path("public")) == built
    for command in (("import", "posts.jsonl"), ("export",), ("media",)):
        if kind != "nothing":
            assert sitegen(*command).problems() == [(place, what, hint)], command
    assert tree(tmp_path / "elsewhere") == elsewhere


@pytest.mark.parametrize("name", ["profiles", "media"])
@pytest.mark.parametrize("command", ["import", "build"])
def test_profiles_and_media_are_folders_of_their_own(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
    tmp_path: Path,
    name: str,
    command: str,
) -> None:
    place = Path("content") / name
    shutil.rmtree(place, ignore_errors=True)
    (tmp_path / "elsewhere").mkdir()
    place.symlink_to(tmp_path / "elsewhere")
    done = sitegen(command, *(["posts.jsonl"] if command == "import" else []))
    assert done.problems()[0][:2] == (
        str(place),
        "is a link, and links in content/ are not followed",
    )
    assert tree(Path("public")) == built


def test_a_scan_knows_the_folders_of_the_content() -> None:
    assert {
        content_folder.THREADS,
        content_folder.PROFILES,
        content_folder.MEDIA,
        counts.FOLDER,
    } == scan.TOP_FOLDERS
    assert f"{content_folder.MEDIA}/" == scan.MEDIA


LINKS = ("threads/2023", "threads/link.md", "about.md", "notes", "media/secret.png")


@pytest.mark.parametrize("name", LINKS)
def test_a_link_in_content_is_left_out_and_named(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
    tmp_path: Path,
    name: str,
) -> None:
    letters = tmp_path / "letters"
    shutil.copytree("content/threads", letters)
    for path in letters.rglob("*.md"):
        secret = path.read_text("utf-8").replace('"id": "', '"id": "9').replace("post-", "post-9")
        path.write_text(f"{secret}\nSecret words", "utf-8")
    is_folder = "." not in name
    target = letters if is_folder else next(letters.rglob("*.md"))
    place = Path("content") / name
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(target)
    said = f"{place}: is a link, and is left out; put the file or the folder"
    for _ in range(2):  # the second has nothing to do, and says it again
        done = sitegen("build")
        assert done.code == 0
        assert done.err == f"warning: {said} itself there\n"
    assert tree(Path("public")) == built
    assert sitegen("build", "--strict").code == 1
    done = sitegen("import", "posts.jsonl")
    assert (done.code, done.err) == (0, f"warning: {said} there\n")
    assert "Secret" not in sitegen("export").out
    place.unlink()
    assert sitegen("build", "--strict").err == ""


def test_hidden_posts_are_not_missed(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
) -> None:
    for path in files_of(*TEXTS):
        path.write_text(path.read_text("utf-8").replace("---\n", "---\nhide: true\n", 1), "utf-8")
    assert sitegen("build", "--strict").code == 0
    assert not [name for name in tree(Path("public")) if name.startswith("thread/")]


def fresh_clone() -> None:
    """Leave only what is committed: no cache, no site."""
    shutil.rmtree("public")
    shutil.rmtree(".sitegen")


def test_a_first_build_misses_what_the_last_import_left(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
) -> None:
    assert json.loads(Path(COUNT).read_text()) == {"posts": 5}
    fresh_clone()
    for path in files_of("Fog", "Rain", "Hail"):
        path.unlink()
    done = sitegen("build")
    assert done.problems()[0][1] == "only 2 of 5 posts are left since the last import"
    assert not Path("public").exists()
    assert sitegen("build", "--force").code == 0
    fresh_clone()
    assert sitegen("build", "--strict").code == 0


@pytest.mark.parametrize("gone", ["threads", "content"])
def test_a_site_whose_cache_and_count_are_gone_is_not_emptied(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
    tmp_path: Path,
    gone: str,
) -> None:
    shutil.rmtree(".sitegen")
    Path(COUNT).unlink()
    assert sitegen("build", "--strict").code == 0  # nothing is missing
    shutil.rmtree(".sitegen")
    place = Path("content") if gone == "content" else Path("content/threads")
    shutil.move(place, tmp_path / "elsewhere")
    Path("content").mkdir(exist_ok=True)
    done = sitegen("build")
    assert done.problems()[0][1] == "only 0 of 5 posts are left since the last build"
    assert tree(Path("public")) == built
    assert sitegen("build", "--force").code == 0
    assert not [name for name in tree(Path("public")) if name.startswith("thread/")]


def test_the_only_post_of_a_site_is_taken_out_with_force(
    sitegen: Sitegen,  # noqa: F811
) -> None:
    write("posts.jsonl", lines(post(1)))
    assert sitegen("import", "posts.jsonl").code == sitegen("build").code == 0
    for path in files_of("Fog"):
        path.unlink()
    assert sitegen("build").code == 1
    assert sitegen("build", "--force").code == 0
    assert sitegen("build", "--strict").code == 0


def test_a_count_that_cannot_be_read_is_named(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
) -> None:
    fresh_clone()
    for text in ("", "<<<<<<< ours", '{"posts": -1}', '{"posts": "5"}', "[]"):
        write(COUNT, text)
        place, what, hint = sitegen("build").problems()[0]
        assert (place, what) == (COUNT, "is not a count of posts")
        assert hint == "delete it: the next import counts again."


def test_nothing_of_the_counts_is_published(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
) -> None:
    write("content/.imported/page.md", "# A page that is none")
    assert sitegen("build").code == 0
    assert tree(Path("public")) == built
    assert not [name for name in built if "imported" in name or "count" in name]


def test_an_import_that_changes_nothing_leaves_the_count_alone(
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
) -> None:
    before = Path(COUNT).stat()
    assert sitegen("import", "posts.jsonl").code == 0
    assert Path(COUNT).stat().st_mtime_ns == before.st_mtime_ns
    assert post_count.read(Path("content")) == post_count.Count(5)


def test_a_watched_site_stays_when_its_posts_are_gone(
    start: Callable[..., Process],  # noqa: F811
    sitegen: Sitegen,  # noqa: F811
    built: dict[str, bytes],
    tmp_path: Path,
) -> None:
    process = start("build", "--watch")
    process.line_with("written")
    shutil.move("content/threads", tmp_path / "elsewhere")
    assert "build once with --force" in process.line_with("only 0 of 5 posts")
    assert tree(Path("public")) == built
    shutil.move(tmp_path / "elsewhere", "content/threads")
    process.line_with("written")
    process.interrupt()
    assert tree(Path("public")) == built


@pytest.mark.parametrize("options", [("--watch", "--force")])
def test_what_is_forced_is_forced_once(
    sitegen: Sitegen,  # noqa: F811
    options: tuple[str, ...],
) -> None:
    done = sitegen("build", *options)
    assert done.problems() == [
        (None, "--force is for one build, but --watch runs many", "omit one of them.")
    ]
