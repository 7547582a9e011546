"""What `docs/editing.md` tells a writer: its file, its examples and its recipes are tried."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest
from media.pictures import picture, saved
from test_cli import Sitegen, lines, sitegen, write  # noqa: F401

PAGE = (Path(__file__).parent.parent / "docs/editing.md").read_text("utf-8")
_BLOCK = re.compile(r"(?ms)^ *```(\w*)\n(.*?)^ *```$")
BLOCKS = [textwrap.dedent(text) for kind, text in _BLOCK.findall(PAGE) if kind != "sh"]
FILE, LINKS, CODE, EXTENSIONS, DELETED, ALIKE, SPLIT, CONFLICT = BLOCKS
THREAD = Path("content/threads/2024/2024-05-01-a-dead-fish-42e923.md")
HERON = "![A heron, a fish in its beak](../../media/heron.png)\n"


def post(name: str, text: str, time: str, **fields: object) -> dict[str, object]:
    """Return a post of the page's account."""
    return {
        "id": name, "network": "bluesky", "text": text, "created_at": f"2024-05-01T{time}:00Z",
        "author": {"handle": "weir.example", "name": "The Weir"}, **fields,
    }  # fmt: skip


POSTS = [
    post(
        "3ka", "The heron is back on the weir #birds", "06:40", tags=["birds"], langs=["en"],
        warning="A dead fish", counts={"likes": 12},
        media=[
            {"kind": "image", "path": "media/heron.png", "alt": "A heron, a fish in its beak"}
        ],
    ),
    post("3kb", "It stayed for an hour.", "07:45", reply_to="3ka"),
    post("3kc", "Nobody told the fish.", "08:00", reply_to="3kb"),
]  # fmt: skip


@pytest.fixture
def site(sitegen: Sitegen) -> Sitegen:  # noqa: F811
    """Return the commands, in a site with the page's thread."""
    write("posts.jsonl", lines(*POSTS))
    for name in ("media/heron.png", "river.png"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(saved(picture(), "PNG"))
    assert sitegen("import", "posts.jsonl").code == 0
    return sitegen


def edit(*changes: tuple[str, str]) -> None:
    text = THREAD.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    THREAD.write_text(text, "utf-8")


def built(site: Sitegen, name: str = "3ka") -> str:
    """Build the site strictly, and return the page of a post."""
    done = site("build", "--strict")
    assert done.code == 0, done.err
    return Path(f"public/thread/bluesky-{name}.html").read_text("utf-8")


def imported(site: Sitegen, *options: str) -> str:
    """Import the posts again, and return the report."""
    done = site("import", *options, "posts.jsonl")
    assert done.code == 0, done.err
    return done.out


def cut(name: str) -> str:
    """Take a post out of the thread's file, and return its line."""
    line = re.search(rf'(?m)^  - {{"id": "{name}".*\n', THREAD.read_text("utf-8"))
    assert line
    section = re.search(rf"(?s)\n<!-- post {name} -->.*?(?=\n<!-- |\Z)", THREAD.read_text("utf-8"))
    assert section
    edit((line[0], ""), (section[0], ""))
    return line[0]


def test_an_import_writes_the_file_of_the_page(site: Sitegen) -> None:
    assert THREAD.read_text("utf-8") == FILE
    assert Path("content/counts/2024.csv").read_text("utf-8").endswith("3ka,12,,,\n")


EDITS = {
    "a text": ("It stayed for an hour.", "It stayed for *two* hours.", "<em>two</em> hours"),
    "a description": ("A heron, a fish in its beak", "A grey heron", 'alt="A grey heron"'),
    "a title": ('title: "A dead fish"', "title: A heron", "<title>A heron"),
    "a date": ('date: "2024-05-01T06:40:00Z"', "date: 2024-05-02", "2 May 2024"),
    "tags": ('tags: ["birds"]', 'tags: ["herons", "fish"]', "tag/herons.html"),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_shown_and_stays(site: Sitegen, name: str) -> None:
    old, new, shown = EDITS[name]
    edit((old, new))
    before = THREAD.read_bytes()
    assert shown in built(site)
    assert "0 updated" in imported(site)
    assert THREAD.read_bytes() == before


def test_no_tags_are_an_empty_list(site: Sitegen) -> None:
    edit(('tags: ["birds"]', "tags: []"))
    assert "tag/" not in built(site)
    assert "0 updated" in imported(site)
    edit(("tags: []\n", ""))
    assert "tag/birds.html" in built(site)


def test_pictures_are_added_in_the_words_of_the_page(site: Sitegen) -> None:
    shown = re.findall(r"`(!?\[[^`]+\]\(<?\.\./\.\./media/[^`]+\))`", PAGE)
    film, spaces = [line for line in shown if "…" not in line]
    Path("content/media/the weir.png").write_bytes(saved(picture(), "PNG"))
    Path("content/media/weir.mp4").write_bytes(b"\0\0\0\x18ftypisom")
    within = "It stayed\n\n![Its steps](../../media/the%20weir.png)\n\nfor an hour."
    edit((HERON, f"{spaces}\n{HERON}{film}\n"), ("It stayed for an hour.", within))
    before = THREAD.read_bytes()
    page = built(site)
    names = re.findall(r'<(?:img|video)[^>]* src="\.\./media/([^"]+)"', page)
    assert names == ["the%20weir.png", "heron.png", "weir.mp4", "the%20weir.png"]
    assert "0 updated" in imported(site)
    assert THREAD.read_bytes() == before


def test_a_picture_is_removed_with_its_line(site: Sitegen) -> None:
    edit((HERON, ""))
    assert "0 updated" in imported(site)
    assert "heron.png" not in built(site)


def test_a_missing_picture_is_a_warning_with_file_and_line(site: Sitegen) -> None:
    edit(("media/heron.png", "media/eron.png"))
    done = site("build")
    assert done.code == 0
    line = FILE[: FILE.index("![")].count("\n") + 1
    assert f"{THREAD}:{line}: there is no media/eron.png" in done.err


def test_a_hidden_post_takes_title_tags_and_pictures_with_it(site: Sitegen) -> None:
    edit(('{"id": "3ka"', '{"id": "3ka", "hide": true'))
    page = built(site, "3kb")
    assert "<title>It stayed for an hour." in page
    files = {path.name for path in Path("public").rglob("*")}
    assert not files & {"heron.png", "birds.html"}
    assert "0 updated" in imported(site)
    edit(('title: "A dead fish"', "title: The birds of an hour"))
    assert "birds" not in built(site, "3kb")  # only the hidden post has this word
    edit(("title: The birds of an hour", "title: One quiet hour"))
    assert "<title>One quiet hour" in built(site, "3kb")


def test_a_visibility_hides_unless_the_line_opens_it(site: Sitegen) -> None:
    edit(('{"id": "3kc"', '{"id": "3kc", "visibility": "followers"'))
    assert "Nobody told" not in built(site)
    edit(('"visibility": "followers"', '"visibility": "followers", "hide": false'))
    assert "Nobody told" in built(site)


def test_a_deleted_post_stays_away_until_it_is_restored(site: Sitegen) -> None:
    cut("3kc")
    assert DELETED in imported(site)
    assert DELETED in imported(site)
    assert "deleted by you" not in imported(site, "--restore")
    assert THREAD.read_text("utf-8") == FILE


def test_a_part_of_a_thread_that_is_like_a_deleted_post_is_named(site: Sitegen) -> None:
    with Path("sitegen.toml").open("a", encoding="utf-8") as file:
        file.write('\n[import]\ncrossposts = "merge"\n')
    cut("3kc")
    imported(site)
    copy = post("77@weir.example", "Nobody told the fish.", "08:02") | {"network": "mastodon"}
    write("toot.jsonl", lines(copy))
    done = site("import", "toot.jsonl")
    assert done.code == 0
    assert ALIKE in done.out


def test_a_deleted_thread_is_asked_about_if_it_was_most_of_the_archive(site: Sitegen) -> None:
    THREAD.unlink()
    done = site("import", "posts.jsonl")
    assert done.code == 1
    assert "--accept-deletions" in done.err
    imported(site, "--accept-deletions")
    imported(site)
    assert not THREAD.exists()
    imported(site, "--restore")
    assert THREAD.read_text("utf-8") == FILE


def test_a_renamed_file_stays_where_it_is_with_its_addresses(site: Sitegen) -> None:
    before = built(site)
    THREAD.rename("content/threads/heron.md")
    assert "0 new files, 0 updated" in imported(site)
    done = site("build")
    assert "threads/heron.md:19: the address of heron.png should be ../media/heron.png" in done.err
    assert Path("public/thread/bluesky-3ka.html").read_text("utf-8") == before


def test_a_split_stays_and_replies_follow_and_it_is_joined_again(site: Sitegen) -> None:
    line = cut("3kc")
    assert line in SPLIT
    new = Path("content/threads/mine/fish.md")
    write(str(new), SPLIT)
    assert "0 new files, 1 updated" in imported(site)
    text = new.read_text("utf-8")
    added = ('date: "2024-05-01T08:00:00Z"\n', 'author: "The Weir"\n')
    assert all(key in text for key in added)
    late = post("3kd", "The fish said nothing.", "08:30", reply_to="3kc")
    write("posts.jsonl", lines(*POSTS, late))
    imported(site)
    assert "The fish said nothing." in new.read_text("utf-8")
    pieces = re.search(r"(?s)posts:\n(.*)---\n(\n<!-- post 3kc .*)", new.read_text("utf-8"))
    assert pieces
    new.unlink()
    head, sections = THREAD.read_text("utf-8").rsplit("---\n", 1)
    joined = f"{head}{pieces[1]}---\n{sections}{pieces[2]}"
    THREAD.write_text(joined, "utf-8")
    assert "0 new files, 0 updated" in imported(site)
    assert THREAD.read_text("utf-8") == joined


def test_a_conflict_is_reported_once_with_the_file_beside(site: Sitegen) -> None:
    edit(("for an hour.", "for two hours."))
    write("posts.jsonl", lines(POSTS[0], {**POSTS[1], "text": "An hour, I think."}, POSTS[2]))
    assert CONFLICT in imported(site)
    assert "An hour, I think." in Path(f"{THREAD}.upstream").read_text("utf-8")
    assert "for two hours." in THREAD.read_text("utf-8")
    assert "changed by you" not in imported(site)


def test_new_likes_change_no_file_of_a_thread(site: Sitegen) -> None:
    write("posts.jsonl", lines({**POSTS[0], "counts": {"likes": 15}}, *POSTS[1:]))
    imported(site)
    assert THREAD.read_text("utf-8") == FILE
    assert "3ka,15," in Path("content/counts/2024.csv").read_text("utf-8")


def test_line_ends_and_spaces_at_the_ends_of_lines_are_no_edit(site: Sitegen) -> None:
    THREAD.write_bytes(FILE.replace("hour.\n", "hour.  \n").replace("\n", "\r\n").encode())
    write("posts.jsonl", lines(POSTS[0], {**POSTS[1], "text": "An hour, I think."}, POSTS[2]))
    imported(site)
    assert "An hour, I think." in THREAD.read_text("utf-8")


def test_a_file_with_marker_lines_of_git_stops_build_and_import(site: Sitegen) -> None:
    both = "<<<<<<< HEAD\nIt stayed.\n=======\nIt left.\n>>>>>>> mara"
    edit(("It stayed for an hour.", both))
    line = FILE[: FILE.index("It stayed")].count("\n") + 1
    for command in (("build",), ("import", "posts.jsonl")):
        done = site(*command)
        assert done.code != 0
        assert f"{THREAD}:{line}: error" in done.err


def test_an_export_carries_the_flag_of_a_hidden_post(site: Sitegen) -> None:
    edit(('{"id": "3kc"', '{"id": "3kc", "hide": true'))
    posts = [json.loads(line) for line in site("export").out.splitlines()]
    assert [one.get("hide", False) for one in posts] == [False, False, True]


def test_links_pictures_code_and_extensions_of_a_page(site: Sitegen) -> None:
    write("sitegen.toml", EXTENSIONS)
    write("content/about.md", "# About\n\n## Dogs")
    write("content/notes/page.md", f"{LINKS}\n```python\n{CODE}```\n")
    write("content/files/my paper.pdf", "%PDF-1.4\n")
    Path("content/img").mkdir()
    Path("content/img/dog.jpg").write_bytes(saved(picture(), "JPEG"))
    built(site)
    shown = Path("public/notes/page.html").read_text("utf-8")
    assert re.findall(r'<p><img alt="Our dog" src="([^"]+)">, the <a href="([^"]+)"', shown) == [
        ("../img/dog.jpg", "../files/my%20paper.pdf")
    ]
    assert 'href="../about.html#dogs"' in shown
    assert '<h2 id="dogs">' in Path("public/about.html").read_text("utf-8")
    assert '<pre class="highlight" tabindex="0">' in shown
    assert Path("public/img/dog.jpg").exists()
    assert Path("public/files/my paper.pdf").exists()
