"""Public exports have what the site shows as public, and no word about anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_build import site
from test_cli import Done, Sitegen, lines, sitegen, write
from trees import tree

import sitegen as library
from sitegen.model import Author, Elsewhere, Post, Thread

__all__ = ["sitegen"]  # a fixture
ADA, BEN = Author("ada.example", "1"), Author("ben.example", "2")


def exported(tmp_path: Path, *posts: Post, toml: str = "", hide: str = "") -> list[str]:
    """Return the ids of a public export of posts, each of which is a thread."""
    config = site(tmp_path, *(Thread(p.id, p.network, (p,)) for p in posts), toml=toml)
    for path in config.content.rglob("*.md"):
        line = f'{{"id": "{hide}"'
        path.write_text(path.read_text("utf-8").replace(line, f'{line}, "hide": true'), "utf-8")
    text = library.export_posts(config, audience="public")
    return sorted(json.loads(line)["id"] for line in text.splitlines())


def test_what_is_not_public_is_left_out(tmp_path: Path) -> None:
    words = ("unlisted", "followers", "direct", "unknown", None)
    posts = [Post(f"{at}", "net", f"Fog {at}", visibility=word) for at, word in enumerate(words)]  # type: ignore[arg-type]
    assert exported(tmp_path, *posts) == ["0", "4"]


def test_what_the_site_leaves_out_is_left_out(tmp_path: Path) -> None:
    posts = [
        Post("a", "net", "Fog", author=ADA),
        Post("b", "net", "Dew", author=BEN, reply_to="z"),
        Post("c", "net", "RT", author=ADA, repost_of="y"),
        Post("d", "net", "Mist", author=ADA),
    ]
    assert exported(tmp_path, *posts, toml='[site]\nshow = ["posts", "replies"]\n', hide="d") == [
        "a",
        "b",
    ]


def test_nothing_says_that_a_post_is_left_out(tmp_path: Path) -> None:
    posts = (
        Post("a", "net", "Fog", author=ADA, visibility="followers"),
        Post("b", "net", "Dew", author=ADA, reply_to="a", quote_of="a", also=(Elsewhere("a"),)),
    )
    config = site(tmp_path, Thread("a", "net", posts))
    (line,) = library.export_posts(config, audience="public").splitlines()
    found = json.loads(line)
    assert [found[name] for name in ("thread", "position", "reply_to", "quote_of")] == [
        "b",
        1,
        None,
        None,
    ]
    assert not found.get("also")


@pytest.mark.parametrize("network", ["net", "x"])
def test_nothing_names_a_copy_of_what_is_left_out(tmp_path: Path, network: str) -> None:
    copy, own = Elsewhere("a2", "https://x.example/a2", network=network), Elsewhere("b")
    posts = (
        Post("a", "net", "Fog", author=ADA, visibility="followers", also=(copy, own)),
        Post("q", network, "Dew", author=ADA, quote_of="a2", elsewhere=(Elsewhere("a2"),)),
        Post("b", "net", "Mist", author=ADA),
        Post("c", "net", "Mist, too", author=ADA, quote_of="b"),
    )
    config = site(tmp_path, *(Thread(post.id, post.network, (post,)) for post in posts))
    found = {
        each["id"]: (each["quote_of"], each.get("elsewhere"))
        for each in map(json.loads, library.export_posts(config, audience="public").splitlines())
    }
    assert found == {"q": (None, None), "b": (None, None), "c": ("b", None)}


POST = {"id": "1", "network": "net", "text": "Fog", "author": {"handle": "ada.example"}}


def test_a_backup_says_that_it_has_hidden_posts(sitegen: Sitegen) -> None:
    write("posts.jsonl", lines(POST, {**POST, "id": "2", "hide": True}))
    assert sitegen("import", "posts.jsonl").code == 0
    note = "note: this export has 1 hidden post: keep it to yourself, or export with --public\n"
    done = sitegen("export")
    assert (done.code, len(done.out.splitlines()), done.err) == (0, 2, note)
    assert sitegen("export", "-o", "all.jsonl") == Done(0, "", note)
    assert sitegen("export", "-o", "all.jsonl", "-q") == Done(0, "", "")
    for options in (("--public",), ("--query", ""), ("--format", "csv")):
        done = sitegen("export", *options)
        assert (done.code, done.err) == (0, "")
        assert "Fog" in done.out
        assert '"2"' not in done.out


def test_a_public_export_says_what_the_site_shows_and_it_has_not(sitegen: Sitegen) -> None:
    write("posts.jsonl", lines(POST, {**POST, "id": "2", "visibility": "followers"}))
    assert sitegen("import", "posts.jsonl", "--include", "followers").code == 0
    done = sitegen("export", "--public")
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == ["1"]
    assert done.err == (
        "note: 1 post is left out that the site shows, because not everybody could read them, or their"
        " source does not say so\n"
    )


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            ("--format", "xlsx"),
            ("", "--format cannot be 'xlsx'", "write one of jsonl, csv, parquet."),
        ),
        (
            ("--format", "parquet"),
            ("", "Parquet is no text to print", "give a file: -o posts.parquet."),
        ),
        (
            ("--public", "--anonymous"),
            (
                "",
                "--public has no effect with --anonymous, which has the same posts without names",
                "leave one of them out.",
            ),
        ),
        (
            ("--min-posts", "1"),
            (
                "",
                "--min-posts has an effect on anonymous exports only",
                "leave --min-posts out, or write --anonymous.",
            ),
        ),
        (
            ("--public", "--key", "k", "--min-posts", "50"),
            (
                "",
                "--min-posts has an effect on anonymous exports only",
                "leave --min-posts out, or write --anonymous.",
            ),
        ),
        (
            ("--query", "fog", "--key", "k"),
            (
                "",
                "--key has an effect on anonymous exports only",
                "leave --key out, or write --anonymous.",
            ),
        ),
        (
            ("--anonymous", "--no-text", "--key", "k"),
            (
                "",
                "--key has no effect with --no-text: numbers of posts have no pseudonyms",
                "leave --key out.",
            ),
        ),
        (
            ("--public", "--no-text"),
            ("", "--no-text is a kind of anonymous export", "write --anonymous --no-text."),
        ),
        (
            ("--query", "fog", "--since", "2020", "--query", "dew"),
            ("", "option '--query' can be given once", "see sitegen export --help."),
        ),
        (("--since", ""), ("", "--since: '' is no date", "write it like 2019-05-31.")),
    ],
)
def test_what_cannot_be_exported(
    sitegen: Sitegen, tmp_path: Path, options: tuple[str, ...], problem: tuple[str, str, str]
) -> None:
    done = sitegen("export", *options)
    assert [*tmp_path.iterdir()] == []
    assert (done.code, [(place or "", what, hint) for place, what, hint in done.problems()]) == (
        2,
        [problem],
    )


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("content/posts.jsonl", "is in the content folder, which is imported to"),
        ("content/../content/threads/a.md", "is in the content folder, which is imported to"),
        ("anonymous.key", "is the key of the pseudonyms"),
        ("my.key", "is the key of the pseudonyms"),
        ("sitegen.toml", "has the settings of the site"),
    ],
)
def test_an_export_replaces_nothing_that_a_site_is_made_from(
    sitegen: Sitegen, tmp_path: Path, file: str, what: str
) -> None:
    write("posts.jsonl", lines(POST))
    write("sitegen.toml", "")
    assert sitegen("import", "posts.jsonl").code == 0
    for key in ("anonymous.key", "my.key"):
        assert sitegen("export", "--anonymous", "--key", key, "-o", "open.jsonl").code == 0
    before = tree(tmp_path)
    options = ("--anonymous", "--key", "my.key") if file == "my.key" else ()
    done = sitegen("export", *options, "-o", file)
    assert (done.code, [problem[1] for problem in done.problems()]) == (2, [what])
    assert tree(tmp_path) == before
