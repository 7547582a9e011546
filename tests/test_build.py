"""The builder's laws: warm equals cold, only what changed is written, nothing foreign is touched."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from trees import differences, tree

from sitegen import build as builds
from sitegen import config as configs
from sitegen.build.output import MANIFEST
from sitegen.content import store
from sitegen.errors import (
    AddressError,
    BusyError,
    ContentError,
    OutputError,
    SitegenError,
    ThemeError,
)
from sitegen.model import Author, Post, Thread

ADA = Author("ada.example", None, "Ada")


def thread(identity: str, *texts: str, day: int = 1, tags: tuple[str, ...] = ()) -> Thread:
    """Return a thread of invented posts."""
    posts = [
        Post(
            id=f"{identity}{at}", network="bluesky", text=text, author=ADA, tags=tags,
            created_at=f"2024-{1 + day // 28:02}-{1 + day % 28:02}T10:{at:02}:00Z",
            reply_to=f"{identity}{at - 1}" if at else None,
        )
        for at, text in enumerate(texts)
    ]  # fmt: skip
    return Thread(posts[0].id, "bluesky", tuple(posts))


def site(folder: Path, *threads: Thread, toml: str = "") -> configs.Config:
    """Write a site's sources and return its config."""
    store.write(store.merged(folder / "content", threads, ()))
    (folder / "sitegen.toml").write_text(toml, "utf-8")
    return configs.load(folder / "sitegen.toml")


def cold(config: configs.Config) -> dict[str, bytes]:
    """Return the site as a first build makes it."""
    with tempfile.TemporaryDirectory() as name:
        paths = replace(config.paths, output=f"{name}/public", cache=f"{name}/cache")
        elsewhere = replace(config, paths=paths)
        builds.build(elsewhere)
        return tree(elsewhere.output)


class WarmEqualsCold(RuleBasedStateMachine):
    """Whatever is done to a site's sources, building on equals building anew."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.toml = ""
        self.number = 0
        site(self.folder, thread("first", "One", "Two", tags=("sky",)), thread("second", "Alone"))
        self.changed = True

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def files(self) -> list[Path]:
        return sorted((self.folder / "content" / "threads").rglob("*.md"))

    @rule(
        posts=st.integers(1, 4),
        day=st.integers(0, 300),
        tag=st.sampled_from(["AI", "ai", "C++", "sky", "東京"]),
    )
    def add(self, posts: int, day: int, tag: str) -> None:
        self.number += 1
        texts = [f"Post {self.number}.{n} #{tag} @bo.example" for n in range(posts)]
        new = thread(f"t{self.number}x", *texts, day=day, tags=(tag,))
        store.write(store.merged(self.folder / "content", (new,), ()))

    @rule(data=st.data(), words=st.sampled_from(["Edited", "**Bold**", "# no", "<b>", ""]))
    def edit(self, data: st.DataObject, words: str) -> None:
        if self.files:
            path = data.draw(st.sampled_from(self.files))
            path.write_text(path.read_text("utf-8") + f"\n{words}\n", "utf-8")

    @rule(
        data=st.data(),
        old=st.sampled_from(["title: ", "tags: "]),
        new=st.sampled_from(["hide: true\n", "x: 1\n", "# c\n"]),
    )
    def edit_front_matter(self, data: st.DataObject, old: str, new: str) -> None:
        if self.files:
            path = data.draw(st.sampled_from(self.files))
            text = path.read_text("utf-8")
            if new not in text:
                path.write_text(text.replace(f"\n{old}", f"\n{new}{old}", 1), "utf-8")

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if self.files:
            data.draw(st.sampled_from(self.files)).unlink()

    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        if self.files:
            path = data.draw(st.sampled_from(self.files))
            self.number += 1
            path.rename(path.with_name(f"renamed-{self.number}.md"))

    @rule(
        key=st.sampled_from(
            ["page_size = 2", "post_pages = false", "tag_pages = false", "feed_size = 1", ""]
        ),
        title=st.sampled_from(["", "Ada"]),
    )
    def configure(self, key: str, title: str) -> None:
        text = f'[site]\ntitle = "{title}"\nbase_url = "https://ada.example"\n[build]\n{key}\n'
        (self.folder / "sitegen.toml").write_text(text, "utf-8")

    @rule(
        name=st.sampled_from(["thread.html", "tag.html", "404.html"]),
        words=st.sampled_from(["A", "B"]),
    )
    def override_a_template(self, name: str, words: str) -> None:
        path = self.folder / "templates" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f'{{% extends "base.html" %}}{{% block main %}}{words}{{% endblock %}}', "utf-8"
        )

    @rule()
    def drop_the_templates(self) -> None:
        shutil.rmtree(self.folder / "templates", ignore_errors=True)

    @rule(name=st.sampled_from(["about", "notes/x"]), words=st.text(alphabet="ab#*\n", max_size=8))
    def write_a_page(self, name: str, words: str) -> None:
        path = self.folder / "content" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(words, "utf-8")

    @rule(data=st.sampled_from([b"a", b"bb", None]))
    def change_a_static_file(self, data: bytes | None) -> None:
        path = self.folder / "static" / "a.txt"
        path.parent.mkdir(exist_ok=True)
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(data)

    @rule(data=st.data())
    def damage_the_output(self, data: st.DataObject) -> None:
        files = sorted((self.folder / "public").rglob("*.html"))
        if files:
            path = data.draw(st.sampled_from(files))
            if data.draw(st.booleans(), "is it lost"):
                path.unlink()
            else:
                path.write_text("x" * 7)

    @rule()
    def lose_the_cache(self) -> None:
        shutil.rmtree(self.folder / ".sitegen", ignore_errors=True)

    @invariant()
    def warm_is_cold(self) -> None:
        config = configs.load(self.folder / "sitegen.toml")
        builds.build(config)
        assert not differences(tree(config.output), cold(config))
        assert builds.build(config).written == ()


WarmEqualsCold.TestCase.settings = settings(
    max_examples=10, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
TestWarmEqualsCold = WarmEqualsCold.TestCase


def test_an_edit_writes_only_the_pages_that_show_it(tmp_path: Path) -> None:
    days = {"a": 0, "b": 40, "c": 80, "d": 120}
    config = site(tmp_path, *(thread(k, f"Text {k}", day=v, tags=(k,)) for k, v in days.items()))
    builds.build(config)
    path = next(p for p in (config.content / "threads").rglob("*.md") if "text-b" in p.name)
    path.write_text(path.read_text("utf-8").replace("\nText b", "\nOther b"), "utf-8")
    report = builds.build(config)
    account = "profile/bluesky-ada.example"
    assert set(report.written) == {
        "thread/bluesky-b0.html", "index.html", "date/2024-02.html", "tag/b.html",
        "feed.xml", "feed.json", "tag/b.xml", "tag/b.json",
        f"{account}.html", f"{account}.xml", f"{account}.json",
    }  # fmt: skip


def test_a_deleted_thread_leaves_no_trace(tmp_path: Path) -> None:
    config = site(
        tmp_path, thread("a", "Secret words", "More", tags=("only",)), thread("b", "Kept")
    )
    builds.build(config)
    next(p for p in config.content.rglob("*.md") if "secret" in p.name).unlink()
    report = builds.build(config)
    assert "thread/bluesky-a1.html" in report.removed
    assert not [name for name, data in tree(config.output).items() if b"Secret" in data]
    assert not (config.output / "tag").exists()


def test_what_a_person_put_into_the_output_stays(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    builds.build(config)
    (config.output / "CNAME").write_text("ada.example")
    next(config.content.rglob("*.md")).unlink()
    builds.build(config)
    assert (config.output / "CNAME").read_text() == "ada.example"


def test_a_page_does_not_replace_a_file_that_sitegen_did_not_make(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    builds.build(config)
    (config.output / "about.html").write_text("mine")
    (config.content / "about.md").write_text("# About")
    with pytest.raises(OutputError, match="not sitegen's"):
        builds.build(config)
    assert (config.output / "about.html").read_text() == "mine"


@pytest.mark.parametrize(
    "where", [".", "..", "content", "content/x", "/", "~", "full", "repo", "file"]
)
def test_an_output_folder_that_is_not_ours_is_refused(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = site(tmp_path / "site", thread("a", "One"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "site" / "full").mkdir()
    (tmp_path / "site" / "full" / "photo.jpg").write_bytes(b"photo")
    (tmp_path / "site" / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "site" / "file").write_bytes(b"file")
    output = str(Path(where).expanduser()) if where == "~" else where
    before = tree(tmp_path)
    with pytest.raises(OutputError) as caught:
        builds.build(replace(config, paths=replace(config.paths, output=output)))
    assert caught.value.hint
    after = {k: v for k, v in tree(tmp_path).items() if not k.startswith("site/.sitegen")}
    assert after == before


def test_every_broken_file_is_named_and_the_old_site_stays(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"), thread("b", "Two"))
    builds.build(config)
    before = tree(config.output)
    for path in config.content.rglob("*.md"):
        path.write_text("no front matter", "utf-8")
    with pytest.raises(SitegenError) as caught:
        builds.build(config)
    lines = str(caught.value).split("\n")
    assert len(lines) == 2
    assert all(".md:1: error: " in line and "hint:" in line for line in lines)
    assert tree(config.output) == before


def test_two_pages_at_one_address_are_both_named(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One", tags=("x",)))
    (config.content / "Tags.md").write_text("# Mine")
    (config.content / "tags.md").write_text("# Mine too")
    with pytest.raises(AddressError) as caught:
        builds.build(config)
    assert "tags.md" in caught.value.what
    assert "the list of tags" in caught.value.what
    assert not config.output.exists()


@pytest.mark.parametrize(
    ("template", "line", "what"),
    [
        (
            "{% extends 'base.html' %}\n{% block main %}{{ nothing.here }}{% endblock %}",
            2,
            "nothing",
        ),
        ("\n\n{% if %}", 3, "TemplateSyntaxError"),
        ("\n{{ 1 / 0 }}", 2, "ZeroDivisionError"),
        ("{% include 'missing.html' %}", 1, "missing.html"),
    ],
)
def test_a_broken_template_is_named_with_its_line(
    tmp_path: Path, template: str, line: int, what: str
) -> None:
    config = site(tmp_path, thread("a", "One"))
    builds.build(config)
    before = tree(config.output)
    config.templates.mkdir()
    (config.templates / "thread.html").write_text(template)
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    assert caught.value.path == str(config.templates / "thread.html")
    assert caught.value.line == line
    assert what in caught.value.what
    assert tree(config.output) == before


def test_a_second_build_at_once_says_so_and_leaves(tmp_path: Path) -> None:
    from sitegen.build import output

    config = site(tmp_path, thread("a", "One"))
    with output.lock(config), pytest.raises(BusyError, match="another sitegen"):
        builds.build(config)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], AbstractContextManager[None]]:
    """Return a disk that takes so many more files and then says that it is full."""

    @contextmanager
    def disk(files: int) -> Iterator[None]:
        left = itertools.count(files, -1)
        write = os.write

        def limited(descriptor: int, data: bytes) -> int:
            if next(left) <= 0:
                raise OSError(28, "No space left on device")
            return write(descriptor, data)

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", limited)
            yield

    return disk


FullDisk = Callable[[int], AbstractContextManager[None]]


def test_a_full_disk_at_any_moment_costs_nothing(tmp_path: Path, full_disk: FullDisk) -> None:
    config = site(tmp_path, thread("a", "One", "Two", tags=("x",)), thread("b", "Three"))
    builds.build(config)
    old = tree(config.output)
    (config.content / "about.md").write_text("# New")
    new = cold(config)
    failures = 0
    for number in range(200):
        with full_disk(number):
            try:
                builds.build(config)
            except OutputError as error:
                failures += 1
                assert "No space left" in error.what
            else:
                break
        now = tree(config.output)
        assert set(old) <= set(now)
        for name, data in now.items():
            assert name == MANIFEST or data in (old.get(name), new.get(name)), name
    assert failures > 3
    assert not differences(tree(config.output), new)


def test_a_first_build_that_fails_leaves_no_half_site(tmp_path: Path, full_disk: FullDisk) -> None:
    config = site(tmp_path, thread("a", "One"))
    with full_disk(7), pytest.raises(OutputError, match="No space left"):
        builds.build(config)
    assert [path.name for path in tmp_path.iterdir() if "public" in path.name] == []
    builds.build(config)
    assert not differences(tree(config.output), cold(config))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One"))
    (config.content / "threads").chmod(0)
    try:
        with pytest.raises(ContentError, match="cannot be read"):
            builds.build(config)
    finally:
        (config.content / "threads").chmod(0o755)


def test_a_reply_a_day_and_an_account_have_addresses_that_stay(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "One", "Two", tags=("AI",)))
    builds.build(config)
    reply = (config.output / "thread/bluesky-a1.html").read_text("utf-8")
    assert 'href="../thread/bluesky-a0.html#post-a1"' in reply
    for name in (
        "tag/ai.html",
        "date/2024-01.html",
        "date/2024.html",
        "profile/bluesky-ada.example.html",
    ):
        assert (config.output / name).is_file()


def test_nothing_of_a_hidden_post_is_shown_anywhere(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "Secretroot words", "Plain reply"), thread("b", "Other"))
    path = next(p for p in config.content.rglob("*.md") if "secretroot" in p.name)
    text = path.read_text("utf-8").replace('{"id": "a0"', '{"id": "a0", "hide": true', 1)
    text = text.replace(
        '"hide": true', '"hide": true, "media": [{"kind": "image", "path": "media/s.png"}]'
    )
    path.write_text(text, "utf-8")
    (config.content / "media").mkdir()
    (config.content / "media" / "s.png").write_bytes(b"secret")
    builds.build(config)
    assert [n for n, data in tree(config.output).items() if b"ecretroot" in data] == []
    assert "media/s.png" not in tree(config.output)
    assert b"Plain reply" in tree(config.output)["index.html"]
