"""`[privacy] hide`: a query hides posts as the key `hide` in their files does, everywhere."""

from __future__ import annotations

import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from msgspec.structs import replace
from strategies import archives
from test_build import cold, site
from trees import differences, tree

import sitegen
from sitegen.config import settings
from sitegen.config.schema import Config, Privacy
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import ConfigError
from sitegen.model import Author, Counts, Elsewhere, Media, Post, Profile, Thread
from sitegen.site import build as builds

SETTINGS = '[site]\nbase_url = "https://ada.example/"\n[build]\ntag_feed_threads = 1\n'
ADA, BEN = Author("ada.example", "did:ada", "Ada"), Author("ben.example", "did:ben", "Ben")


def post(identity: str, text: str, author: Author = ADA, **fields: object) -> Post:
    at = f"2024-01-{1 + int(identity[-1], 36) % 28:02}T10:00:00Z"
    return Post(identity, "bluesky", text, at, author, **fields)  # type: ignore[arg-type]


THREADS = (
    (post("a1", "Fog on the weir #weir", tags=("weir",)), post("a2", "It lifts", reply_to="a1"), post("a3", "Heron! @ben.example", BEN, reply_to="a2", mentions=("ben.example",)), post("a4", "Gone again", reply_to="a3")),
    (post("b1", "Ferry", BEN, quote_of="a2", elsewhere=(Elsewhere("a2", author=ADA),)),),
    (post("c1", "A picture", media=(Media("image", "media/fog.png", "A boat"),), counts=Counts(likes=3)), post("c2", "More", reply_to="c1")),
    (post("d1", "Of old", Author("old.example", "did:ben"), links=("https://heron.example/x", "https://xn--mwe-sna.example/")),),
)  # fmt: skip


def archive(folder: Path, hide: tuple[str, ...] = ()) -> Config:
    """Return a site with these rules."""
    threads = [Thread(posts[0].id, "bluesky", posts) for posts in THREADS]
    config = site(folder, *threads, toml=SETTINGS)
    (config.content / "media").mkdir(exist_ok=True)
    (config.content / "media/fog.png").write_bytes(b"\x89PNG fog")
    return config._replace(privacy=Privacy(hide))


def hide_in_files(config: Config, ids: set[str]) -> None:
    """Hide posts by their lines."""
    for path in config.content.rglob("threads/**/*.md"):
        text = path.read_text("utf-8")
        for identity in ids:
            line = f'\n  - {{"id": {json.dumps(identity, ensure_ascii=False)}'
            text = text.replace(line, f'{line}, "hide": true')
        path.write_text(text, "utf-8")


RULES = [
    (("fog",), "a1"),
    (("id:a2",), "a2"),
    (("#weir",), "a1"),
    (("weir",), "a1"),
    (("heron",), "a3 d1"),
    (("from:ben.example",), "a3 b1 d1"),
    (("from:old.example",), "a3 b1 d1"),
    (("site:möwe.example",), "d1"),
    (("site:XN--mwe-sna.example",), "d1"),
    (("from:Ben is:reply",), "a3"),
    (("to:ada.example", "has:image"), "a3 c1"),
    (("@ben.example -ferry",), "a3 a4 d1"),
    (("is:thread",), "a1 a2 c1 c2"),
    (("min_likes:3",), "c1"),
    (("on:2024-01 -from:ada.example", "boat"), "a3 b1 c1 d1"),
    (("since:2020",), "a1 a2 a3 a4 b1 c1 c2 d1"),
    (("nowhere",), ""),
    (("gone",), "a4"),
    (("nowhere",), ""),
    (("more",), "c2"),
]


@pytest.mark.parametrize(("rules", "hidden"), RULES)
def test_an_export_hides_what_a_rule_hides_as_the_key_in_the_file_does(
    tmp_path: Path, rules: tuple[str, ...], hidden: str
) -> None:
    ruled, marked = archive(tmp_path / "a", rules), archive(tmp_path / "b")
    hide_in_files(marked, {*hidden.split()})
    assert sitegen.export_posts(ruled, query="") == sitegen.export_posts(marked, query="")
    assert sitegen.export_posts(ruled) == sitegen.export_posts(marked)


# What a person may write of a link or of media, and the rules that see it.
HANDWRITTEN = {
    "**My** [x](https://secret.example/y)": ("site:secret.example", "has:link"),
    "**My** https://secret.example/y.": ("site:secret.example",),
    "[x][r]\n\n[r]: https://secret.example/y": ("site:secret.example", "has:link"),
    "<a href='https://secret.example/y'>x</a>": ("site:secret.example", "has:link"),
    "*x* [y](<//secret.example/y>)": ("site:secret.example",),
    "*x* [y](https://s%65cret.example/y)": ("site:secret.example",),
    "*x* [y](HTTPS://SECRET&#46;example/(y))": ("site:secret.example",),
    "*x* [y](https://b%C3%BCcher.example/y)": ("site:xn--bcher-kva.example",),
    "*x* ![y](https://secret.example/y.png)": ("site:secret.example", "has:image", "has:alt"),
    "one\n\n![](../../media/can.png)\n\nafter": ("has:image",),
    "*x* ![a boat][p]\n\n[p]: ../../media/can.png": ("has:image", "has:alt"),
    "<img src='../../media/can.png' alt='boat'> *x*": ("has:image", "has:alt"),
    "*x* [film](../../media/can.mp4)": ("has:video",),
    "<audio src='../../media/can.ogg'></audio> *x*": ("has:audio",),
}


@pytest.mark.parametrize("words", HANDWRITTEN)
def test_a_rule_sees_what_a_person_wrote_by_hand(tmp_path: Path, words: str) -> None:
    config = site(tmp_path, Thread("a1", "bluesky", (post("a1", "CANARY"),)), toml=SETTINGS)
    path = next((config.content / "threads").rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace("\nCANARY", f"\nCANARY {words}"), "utf-8")
    for rule in HANDWRITTEN[words]:
        assert "CANARY" in sitegen.export_posts(config, query=rule)
        assert "CANARY" not in sitegen.export_posts(config, query=f"-{rule}")
        hidden = config._replace(privacy=Privacy((rule,)))
        builds.build(hidden)
        assert not [n for n, data in tree(hidden.output).items() if b"CANARY" in data], rule


def test_code_samples_link_to_nothing(tmp_path: Path) -> None:
    config = site(tmp_path, Thread("a1", "bluesky", (post("a1", "Code"),)), toml=SETTINGS)
    path = next((config.content / "threads").rglob("*.md"))
    code = "\nCode\n\n```\n![x](https://moor.example/media/a.png)\n```\n"
    path.write_text(path.read_text("utf-8").replace("\nCode", code), "utf-8")
    assert sitegen.export_posts(config, query="site:moor.example,moor has:link,image") == ""


@pytest.mark.parametrize("term", ["-#public", "-tag:public", "-diary"])
def test_what_a_rule_excludes_is_what_a_search_excludes(tmp_path: Path, term: str) -> None:
    """A tag that a person took out, or a word of a link alone, keeps no post from being hidden."""
    private = post("a1", "CANARY", tags=("public",), links=("https://moor.example/diary",))
    config = site(tmp_path, Thread("a1", "bluesky", (private,)), toml=SETTINGS)
    path = next((config.content / "threads").rglob("*.md"))
    path.write_text(re.sub("(?m)^tags: .*$", "tags: []", path.read_text("utf-8")), "utf-8")
    rule = f"on:2024 {term}"
    assert "CANARY" in sitegen.export_posts(config, query=rule)
    ruled = config._replace(privacy=Privacy((rule,)))
    assert sitegen.export_posts(ruled, query="") == ""


@pytest.mark.slow
def test_rules_that_change_hide_as_the_key_in_the_files_does_in_a_first_build(
    tmp_path: Path,
) -> None:
    config = archive(tmp_path / "ruled")
    for number, (rules, hidden) in enumerate(RULES):
        marked = archive(tmp_path / f"marked {number}")
        hide_in_files(marked, {*hidden.split()})
        builds.build(config._replace(privacy=Privacy(rules)), min_share=0)
        assert not differences(tree(config.output), cold(marked)), rules


def test_what_a_rule_hides_changes_with_the_posts(tmp_path: Path) -> None:
    config = archive(tmp_path)
    ruled = config._replace(privacy=Privacy(("from:new.example",)))
    builds.build(ruled, min_share=0)
    assert b"Ferry" in b"".join(tree(config.output).values())
    renamed = Profile(
        "did:ben", "bluesky", "new.example", "Ben"
    )  # whose posts these are, now known
    store.write(store.merge(ArchiveIndex(config.content), (), (renamed,)))
    builds.build(ruled, min_share=0)
    assert not differences(tree(config.output), cold(ruled))
    assert b"Ferry" not in b"".join(tree(config.output).values())
    for path in (config.content / "profiles").rglob("*.md"):
        path.unlink()
    builds.build(ruled, min_share=0)
    assert b"Ferry" in b"".join(tree(config.output).values())


def test_an_edit_hides_a_post_in_the_next_build(tmp_path: Path) -> None:
    config = archive(tmp_path, ("secret",))
    builds.build(config)
    (path,) = [p for p in config.content.rglob("*.md") if "Ferry" in p.read_text("utf-8")]
    path.write_text(path.read_text("utf-8").replace("\nFerry", "\nFerry, in secret"), "utf-8")
    builds.build(config)
    assert not differences(tree(config.output), cold(config))
    assert b"Ferry" not in b"".join(tree(config.output).values())


def test_a_tag_hides_that_a_person_added_or_took_out(tmp_path: Path) -> None:
    config = archive(tmp_path, ("#weir", "#ferry"))
    for path in config.content.rglob("threads/**/*.md"):
        text = re.sub(r"\ntags: .*", "", path.read_text("utf-8"))
        tags = '["ferry"]' if '{"id": "b1"' in text else "[]"
        path.write_text(text.replace("\nposts:", f"\ntags: {tags}\nposts:", 1), "utf-8")
    hidden = [line["id"] for line in exported(config, None) if line.get("hide")]
    assert sorted(hidden) == ["a1", "b1"]
    assert b"Ferry" not in b"".join(cold(config).values())


def test_workers_elsewhere_hide_the_same(tmp_path: Path) -> None:
    config = archive(tmp_path, ("from:old.example",))
    with ThreadPoolExecutor(2) as executor:
        builds.build(config, executor=executor)
    assert not differences(tree(config.output), cold(config))


def test_a_broken_file_is_reported_once_though_rules_name_accounts(tmp_path: Path) -> None:
    config = archive(tmp_path, ("from:old.example",))
    broken = min(config.content.rglob("threads/**/*.md"))
    broken.write_text("---\nposts: 3\n---\n", "utf-8")
    with pytest.raises(sitegen.errors.ContentError) as raised:
        builds.build(config)
    assert raised.value.path == str(broken)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("", "a query without terms would hide every post. hint: name what to hide."),
        ("-fog -from:ada", "it only says what not to hide. hint: name what to hide, too."),
        ("fog sort:new", "what is hidden has no order. hint: remove sort:new."),
        ("tags:fog", "unknown key 'tags', at character 1. hint: did you mean tag:? for words with a colon, use quotes."),
        ("fog -", "there is nothing to search for in '-', at character 5. hint: remove it."),
        ("topic:fog", "topics change with the posts, at character 1. hint: name the words or tags of the topic."),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_understood_is_an_error(rule: str, problem: str) -> None:
    text = f"[site]\n\n[privacy]\n# what we agreed on\nhide = [{json.dumps(rule)}]\n"
    with pytest.raises(ConfigError) as raised:
        settings.parse(text, Path("sitegen.toml"))
    assert str(raised.value) == f"sitegen.toml:5: error: [privacy] hide {rule!r}: {problem}"


PUBLIC = archives().map(
    lambda threads: tuple(
        [replace(t, posts=tuple([replace(p, visibility=None) for p in t.posts])) for t in threads]
    )
)


@long_law
@given(
    PUBLIC, st.sampled_from(["a", "ab*", "@ada.example", "#ai", "has:image", "has:link -is:reply"])
)
def test_posts_of_any_kind_are_hidden_as_if_marked(threads: tuple[Thread, ...], rule: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        ruled = site(Path(name) / "a", *threads)._replace(privacy=Privacy((rule,)))
        marked = site(Path(name) / "b", *threads)
        everything = exported(ruled, None)
        hidden = {line["id"] for line in everything if line.get("hide")}
        shown = {line["id"] for line in exported(ruled, "")}
        assert hidden ^ shown == {line["id"] for line in everything}
        hide_in_files(marked, hidden)
        assert not differences(cold(ruled), cold(marked))


def exported(config: Config, query: str | None) -> list[dict[str, Any]]:
    """Return the lines of an export."""
    return [json.loads(line) for line in sitegen.export_posts(config, query=query).split("\n")[:-1]]
