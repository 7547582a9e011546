"""Anonymous exports of whole archives, the sample among them: no name is in any byte of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from test_build import site
from test_cli import Sitegen, lines, sitegen, write

import sitegen as library
from sitegen import exchange
from sitegen.config.schema import Config
from sitegen.content import content_folder, store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import Author, Post, Profile, Thread
from sitegen.opendata import export
from sitegen.opendata.request import Request
from sitegen.query.folding import fold

__all__ = ["sitegen"]  # a fixture
ROOT = Path(__file__).parent.parent.parent

SAMPLE = library.load_config(ROOT / "sitegen.toml")
# Words of names that the sample has as ordinary words too: "night", of the Night Bus.
ORDINARY = frozenset(("night", "bus", "dark", "line", "observatory", "the", "of", "at"))


def exported(config: Config, key: Path, **options: Any) -> str:
    request = Request(audience="anonymous", **options)
    request = request if request.contents == "counts" else request._replace(key=key)
    return b"".join(export.prepare(config, request).pieces).decode("utf-8-sig")


class Known(NamedTuple):
    """What an archive knows of people: collected without the code that is tested."""

    names: set[str]
    handles: set[str]
    ids: set[str]
    addresses: set[str]

    @classmethod
    def of(cls, config: Config) -> Known:
        names = {person.name for person in config.people}
        handles = {name.split(":")[-1] for person in config.people for name in person.accounts}
        found = cls(names, handles, set(), set())
        for line in library.export_posts(config).splitlines():
            found.add(json.loads(line))
        for _, stored in content_folder.read_profiles(config.content):
            found.add({"author": msgspec.to_builtins(stored.profile)})
        return found

    def add(self, record: dict[str, Any]) -> None:
        """Add what a line of an export or a profile has, at any depth."""
        for key, value in record.items():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    self.add(each)
                elif isinstance(each, str) and each and (key, each) != ("name", "sitegen"):
                    where = {"name": self.names, "handle": self.handles, "mentions": self.handles}
                    where |= dict.fromkeys(
                        ("id", "reply_to", "quote_of", "repost_of", "thread"), self.ids
                    )
                    where |= dict.fromkeys(
                        ("url", "links", "website", "origin", "path"), self.addresses
                    )
                    where.get(key, set()).add(each)

    @property
    def whole(self) -> set[str]:
        """All of these, the hosts and ids in addresses, and the names in handles."""
        hosts = {address.split("/")[2] for address in self.addresses if "://" in address}
        ends = {end for a in self.addresses if re.search(r"\d{3}", end := a.rpartition("/")[2])}
        own = {re.split("[@.]", handle)[0] for handle in self.handles}
        return self.names | self.handles | self.ids | self.addresses | hosts | ends | own

    @property
    def words(self) -> set[str]:
        """The words of these."""
        named = self.names | self.handles | self.ids
        return {word for name in named for word in re.split(r"[\W_]+", fold(name))} - ORDINARY


def assert_no_name(text: str, known: Known) -> None:
    folded = fold(short(text))
    words = frozenset(re.findall(r"[^\W_]+", folded))
    schema = {"example", "social", "did", "plc"}
    assert not {word for word in words & known.words if len(word) > 1} - schema
    for name in map(fold, known.whole):
        assert name not in (words if len(name) < 5 else folded), name


def test_an_anonymous_export_of_the_sample_has_no_name(tmp_path: Path) -> None:
    known = Known.of(SAMPLE)
    assert len(known.whole) > 600
    assert len(known.words) > 300
    for form in ("jsonl", "csv"):
        for contents in ("posts", "counts"):
            text = exported(SAMPLE, tmp_path / "k", format=form, contents=contents)
            assert text.count("\n") >= 8
            assert_no_name(text, known)


@pytest.mark.slow
def test_an_anonymous_export_can_be_imported_and_made_again(tmp_path: Path) -> None:
    text = exported(SAMPLE, tmp_path / "k")
    for line in text.splitlines():
        found = exchange.line(line.encode(), ROOT, 1)
        assert found is not None
        post, thread, position = found
        assert exchange.encode(post, thread or "", position) == json.loads(line)
    assert exported(SAMPLE, tmp_path / "k") == text
    assert exported(SAMPLE, tmp_path / "other") != text


def short(text: str) -> str:
    """Return a text with only the kinds of its pseudonyms."""
    return re.sub(r"(\w+)-[0-9a-f]{16}", r"<\1>", text)


ADA = Author("ada.example", "did:ada", "Ada Brook")


def archive(tmp_path: Path, *posts: Post, toml: str = "") -> Config:
    config = site(tmp_path, *(Thread(p.id, p.network, (p,)) for p in posts), toml=toml)
    ben = Profile("did:ben", "net", "ben.example", "Ben", website="https://bens.example/")
    store.write(store.merge(ArchiveIndex(config.content), (), (ben,)))
    return config


def test_only_common_tags_sites_and_languages_stay(tmp_path: Path) -> None:
    posts = [
        Post(
            f"{n}", "net", f"Note {n}", f"2024-05-0{n + 1}T10:00:00Z", ADA, tags=("Fog", "brook", f"t{n}"),
            links=("https://video.example/a", "https://bens.example/b", "https://sub.ada.example/c"),
            langs=("en", "de") if n else ("en", "fr"), url=f"https://net.example/{n}",
        )
        for n in range(6)
    ]  # fmt: skip
    found = [
        json.loads(line)
        for line in exported(archive(tmp_path, *posts), tmp_path / "k").splitlines()
    ]
    assert [each["created_at"] for each in found] == [f"2024-05-0{n + 1}" for n in range(6)]
    assert {tuple(each["tags"]) for each in found} == {("Fog",)}
    assert [each["langs"] for each in found] == [["en"], *[["en", "de"]] * 5]
    link = "https://link.invalid/<link>"
    assert {short(" ".join(each["links"])) for each in found} == {
        f"https://video.example/<link> {link} {link}"
    }
    rows = [json.loads(line) for line in exported(archive(tmp_path, *posts), tmp_path / "k", contents="counts").splitlines()]  # fmt: skip
    assert [(row["name"], row["month"], row["kind"], row["posts"]) for row in rows] == [
        (name, month, kind, 6)
        for name in (None, "Fog")
        for month in (None, "2024-05")
        for kind in (None, "post")
    ]


def test_names_of_hidden_posts_are_replaced_too(tmp_path: Path) -> None:
    hidden = Post(
        "1",
        "net",
        "Psst",
        "2024-05-01",
        Author("zoe.example", "9", "Zoe Quist"),
        visibility="direct",
    )
    open_post = Post("2", "net", "Zoe Quist and Ben at bens.example say hello", "2024-05-02", ADA)
    (line,) = exported(archive(tmp_path, hidden, open_post), tmp_path / "k").splitlines()
    assert (
        short(json.loads(line)["text"])
        == "<name> and <name> at https://link.invalid/<link> say hello"
    )


def test_posts_of_a_day_are_in_no_order(tmp_path: Path) -> None:
    posts = [Post(f"{n}", "net", f"{n}", f"2024-05-01T{n:02}:00:00Z", ADA) for n in range(10, 22)]
    posts.append(Post("9", "net", "9", "2024-04-30T10:00:00Z", ADA))
    texts = [
        json.loads(line)["text"]
        for line in exported(archive(tmp_path, *posts), tmp_path / "k").splitlines()
    ]
    assert texts[0] == "9"
    assert texts != sorted(texts)
    assert sorted(texts) == sorted(post.text for post in posts)


def test_threads_are_in_the_order_of_their_first_posts_in_the_export(tmp_path: Path) -> None:
    days = {"a": ("05-02", "05-09"), "b": ("05-01", "05-07"), "c": ("04-30", "05-04"), "d": ("",)}
    threads = [
        Thread(f"{name}0", "net", tuple([
            Post(f"{name}{at}", "net", f"{name}{at}", f"2024-{day}" if day else None, ADA,
                 reply_to=f"{name}{at - 1}" if at else None)
            for at, day in enumerate(own)
        ]))
        for name, own in days.items()
    ]  # fmt: skip
    config = site(tmp_path, *threads)
    for query, order in (
        ("", "d0 c0 c1 b0 b1 a0 a1"),
        ("-c0", "d0 b0 b1 a0 a1 c1"),
        ("-b0 -c0", "d0 a0 a1 c1 b1"),
    ):
        terms = " ".join(f"-id:{term.removeprefix('-')}" for term in query.split())
        found = exported(config, tmp_path / "k", query=terms).splitlines()
        assert " ".join(json.loads(line)["text"] for line in found) == order


def test_what_an_anonymous_export_reports(sitegen: Sitegen, tmp_path: Path) -> None:
    post = {
        "id": "1",
        "network": "net",
        "text": "Ada! @ben #fog",
        "author": {"handle": "ada.example", "name": "Ada"},
    }
    write("posts.jsonl", lines(post, {**post, "id": "2", "hide": True}))
    assert sitegen("import", "posts.jsonl").code == 0
    done = sitegen("export", "--anonymous", "-o", "open.jsonl")
    assert done.err.splitlines() == [
        "note: made the key anonymous.key: keep it, for the same pseudonyms next time, and never publish it, not in"
        " a git repository either",
        "note: replaced 1 mention, 1 name, 1 tag",
        "note: left out 0 languages, 0 sites, 0 tags, 0 topics that too few posts have, or that name somebody",
        "note: public texts can be looked up, and with them who wrote them, unless --no-text",
    ]
    (line,) = (tmp_path / "open.jsonl").read_text("utf-8").splitlines()
    assert short(json.loads(line)["text"]) == "<name>! @<account> [tag]"
    done = sitegen("export", "--anonymous", "--no-text")
    assert (done.code, done.out) == (0, "")
    for options, what in (
        (("--no-text",), "--no-text is a kind of anonymous export"),
        (
            ("--anonymous", "--min-posts", "1"),
            "--min-posts cannot be 1: what one post has names that post",
        ),
        (
            ("--anonymous", "--query", "sort:new"),
            "sort:new would say in which order posts of one day were written",
        ),
    ):
        done = sitegen("export", *options)
        assert (done.code, done.problems()[0][1]) == (2, what)
