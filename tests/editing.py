"""What a person may do to a site's sources between two builds: rules for a state machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from test_build import site, thread

from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.merge_options import MergeOptions
from sitegen.model import Author, Post, Thread
from sitegen.text import facets

T = TypeVar("T")
SOURCES = ("content", "templates", "static", "root", "themes", "sitegen.toml")

TAGS = st.lists(st.sampled_from(["AI", "ai", "C++", "sky", "東京"]), max_size=2)
WORDS = st.sampled_from(
    ["Edited", "**Bold** and [a link](https://moor.example/x)", "# no", "<b>raw</b>", "",
     "a\n\n- b\n- c", "@bo.example #sky", "ليل 🙂", "same size A", "same size B",
     "[a page](about.md#b) ![a](media/a.png) ![b](img/b.png)", "[x](notes/x.md)\n\n[p](img/p.pdf)",
     "```python\nx = 1\n```", "\n\n[lines above](notes/x.md) <img src='../../media/a.png'>"]
)  # fmt: skip
TITLES = st.sampled_from([None, "Fog", "Mist", '<Moor> & "sea"', "一"])
DATES = st.sampled_from(
    ["2023-12-31T23:30:00-02:00", "2024-02-29T10:00:00Z", "2024-03-01", "2024-03-01 10:00", None]
)
MEDIA = st.sampled_from(["media/a.png", "media/deep/b.png", "media/none.png", "media/none"])
TEMPLATES = {
    "thread.html": "{% extends 'base.html' %}{% block main %}{{ thread.title }} WORD{% endblock %}",
    "tag.html": "{% extends 'base.html' %}{% block main %}{% include 'mine.html' %}{% endblock %}",
    "404.html": "{{ document.fields.get('word') if document is defined }}{% include 'mine.html' %}",
    "mine.html": "WORD",
}
SETTINGS: dict[tuple[str, str], list[Any]] = {
    ("site", "title"): ["Moor", "Fen"],
    ("site", "base_url"): ["https://ada.example/", "https://bo.example/archive/"],
    ("site", "account"): ["ada.example", "nobody.example"],
    ("site", "footer"): ["Till soon", ""],
    ("site", "description"): ["Of fog", ""],
    ("site", "language"): ["ar", "de", "en"],
    ("site", "timezone"): ["Asia/Kathmandu", "America/Los_Angeles", ""],
    ("site", "license"): ["CC-BY-4.0", ""],
    ("site", "front"): [["replies"], ["reposts", "posts", "threads"]],
    ("site", "show"): [["posts"], ["replies", "reposts"], ["posts", "threads", "replies"]],
    ("build", "page_size"): [1, 2, 50],
    ("build", "thread_size"): [1, 2, 500],
    ("build", "feed_size"): [1, 20],
    ("build", "tag_feed_size"): [1, 10],
    ("build", "jobs"): [1, 2, 3],
    ("build", "post_pages"): [False, True],
    ("build", "tag_pages"): [False, True],
    ("build", "profile_pages"): [False, True],
    ("build", "date_pages"): [False, True],
    ("build", "people_pages"): [False, True],
    ("build", "host_pages"): [False, True],
    ("build", "kind_pages"): [False, True],
    ("build", "day_pages"): [False, True],
    ("build", "insights"): [False, True],
    ("build", "topics"): [False, True],
    ("build", "site_feeds"): [False, True],
    ("build", "json_feeds"): ["site", "all", "none"],
    ("build", "tag_feeds"): [False, True],
    ("build", "tag_feed_threads"): [1, 2, 5],
    ("build", "profile_feeds"): [False, True],
    ("build", "image_sizes"): [False, True],
    ("build", "image_widths"): [[32], [320, 640]],
    ("build", "image_format"): ["avif", "webp"],
    ("build", "sitemap"): [False, True],
    ("build", "search"): [False, True],
    ("markdown", "extensions"): [["toc"], ["smarty"], []],
    ("privacy", "hide"): [["Mist", "#sky"], ["from:bo.example"], []],
    ("topics", "min_posts"): [2, 3, 5],
    ("people", ""): [
        [{"name": "Bo", "accounts": ["bo.example"]}],
        [{"name": "Ada", "accounts": ["ada.example", "bo.example"]}],
        [],
    ],
    ("collection", ""): [
        [{"title": "Mist", "query": "mist*"}],
        [{"title": "Mist", "query": "#sky"}, {"title": "Bo", "query": "@bo.example"}],
        [],
    ],
    ("theme", "name"): ["default", "ink", "mine"],
    ("theme", "variables"): [{"color-link": "#0a6"}, {"color-link": "#0a7"}, {}],
}


def written(values: dict[tuple[str, str], Any]) -> str:
    """Return settings as sitegen.toml has them."""

    def shown(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{k} = {json.dumps(v)}" for k, v in value.items()) + "}"
        return json.dumps(value)

    tables = sorted({table for table, key in values if key})
    listed = "".join(
        f"[[{table}]]\n" + "".join(f"{key} = {shown(value)}\n" for key, value in each.items())
        for (table, name), rows in values.items()
        if not name
        for each in rows
    )
    return listed + "\n".join(
        f"[{table}]\n"
        + "".join(f"{k} = {shown(v)}\n" for (where, k), v in values.items() if where == table)
        for table in tables
    )


@dataclass
class ThreadText:
    """A thread's file as a person edits it: its lines of front matter, and its posts' texts."""

    path: Path
    fields: dict[str, Any]
    posts: list[dict[str, Any]]
    texts: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> ThreadText:
        """Cut up what an import wrote."""
        head, _, body = path.read_text("utf-8").removeprefix("---\n").partition("\n---\n")
        lines = head.split("\n")
        fields = dict(line.split(": ", 1) for line in lines if ": " in line and line[0] != " ")
        pieces = re.split(r"<!-- post (\S+) -->", body)
        return cls(
            path,
            {key: json.loads(value) for key, value in fields.items()},
            [json.loads(line[4:]) for line in lines if line.startswith("  - ")],
            {name: text.strip("\n") for name, text in zip(pieces[1::2], pieces[2::2], strict=True)},
        )

    def save(self) -> None:
        """Write it back, as most editors do: in place."""

        def line(key: str, value: Any) -> str:
            return f"{key}: {json.dumps(value, ensure_ascii=False)}\n"

        digests = line("written", self.fields["written"]) if "written" in self.fields else ""
        head = "".join(line(k, v) for k, v in self.fields.items() if k != "written")
        head += "posts:\n"
        head += "".join(f"  - {json.dumps(post, ensure_ascii=False)}\n" for post in self.posts)
        body = "".join(f"\n<!-- post {p['id']} -->\n\n{self.texts[p['id']]}\n" for p in self.posts)
        self.path.write_text(f"---\n{head}{digests}---\n{body}", "utf-8")


def linked(
    identity: str, text: str, day: int, *links: str, mentions: tuple[str, ...] = ()
) -> Thread:
    """Return a thread of one post that leads to others and elsewhere."""
    post = Post(
        id=identity, network="bluesky", text=text, created_at=f"2024-03-{day:02}T10:00:00Z",
        author=Author("bo.example", None, "Bo"), links=links, mentions=mentions,
        facets=facets.locate(text, links, mentions, ()),
    )  # fmt: skip
    return Thread(identity, "bluesky", (post,))


def put(fields: dict[str, Any], key: str, value: Any) -> None:
    """Set a field, or take it out."""
    if value is None:
        fields.pop(key, None)
    else:
        fields[key] = value


class Sources(RuleBasedStateMachine):
    """A site's folder, and all that a person may do in it between two builds."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.number = 0
        self.broken: dict[Path, bytes | None] = {}
        self.settings: dict[tuple[str, str], Any] = {("build", "page_size"): 2}

    @initialize()
    def start(self) -> None:
        site(
            self.root,
            thread("first", "One", "Two", tags=("sky",)),
            thread("second", "Alone"),
            linked(
                "third",
                "@bo.example https://moor.example/",
                2,
                "https://moor.example/",
                mentions=("bo.example",),
            ),
            linked("fourth", "https://fen.example/x", 9, "https://fen.example/x"),
        )
        theme = self.root / "themes/mine"
        (theme / "static").mkdir(parents=True)
        (theme / "theme.toml").write_text('name = "mine"\nextends = "default"\n', "utf-8")
        (theme / "static/theme.css").write_text("p { color: teal }", "utf-8")
        self.write("content/media/a.png", "picture")
        self.configure()

    def teardown(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    # What the rules have in common.

    @property
    def threads(self) -> list[Path]:
        return sorted((self.root / "content/threads").rglob("*.md"))

    @property
    def output(self) -> Path:
        return self.root / "public"

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def configure(self) -> None:
        self.write("sitegen.toml", written(self.settings))

    def chosen(self, data: st.DataObject, among: list[T]) -> T | None:
        return data.draw(st.sampled_from(among)) if among else None

    def edited(self, data: st.DataObject) -> tuple[ThreadText, dict[str, Any]] | None:
        """Choose a thread and one of its posts."""
        path = self.chosen(data, [p for p in self.threads if p not in self.broken])
        if path is None:
            return None
        text = ThreadText.read(path)
        return text, data.draw(st.sampled_from(text.posts))

    # Posts and threads.

    @rule(data=st.data(), words=WORDS)
    def edit_text(self, data: st.DataObject, words: str) -> None:
        if found := self.edited(data):
            text, post = found
            text.texts[post["id"]] = words
            text.save()

    @rule(data=st.data(), title=TITLES)
    def retitle(self, data: st.DataObject, title: str | None) -> None:
        if found := self.edited(data):
            put(found[0].fields, "title", title)
            found[0].save()

    @rule(data=st.data(), tags=TAGS, whole=st.booleans())
    def retag(self, data: st.DataObject, tags: list[str], whole: bool) -> None:
        if found := self.edited(data):
            put(found[0].fields if whole else found[1], "tags", tags or None)
            found[0].save()

    @rule(data=st.data(), date=DATES, whole=st.booleans())
    def redate(self, data: st.DataObject, date: str | None, whole: bool) -> None:
        if found := self.edited(data):
            date = date if whole or date != "2024-03-01 10:00" else "some day"
            put(found[0].fields if whole else found[1], "date" if whole else "created_at", date)
            found[0].save()

    @rule(data=st.data(), hide=st.sampled_from([True, False, None]), whole=st.booleans())
    def hide(self, data: st.DataObject, hide: bool | None, whole: bool) -> None:
        if found := self.edited(data):
            put(found[0].fields if whole else found[1], "hide", hide)
            found[0].save()

    @rule(
        data=st.data(),
        path=MEDIA,
        alt=st.sampled_from(["A fen", "A moor", None]),
        kind=st.sampled_from(["image", "audio"]),
    )
    def describe_a_picture(
        self, data: st.DataObject, path: str, alt: str | None, kind: str
    ) -> None:
        if found := self.edited(data):
            put(found[1], "media", alt and [{"kind": kind, "path": path, "alt": alt}])
            found[0].save()

    @rule(
        data=st.data(),
        who=st.lists(st.sampled_from(["bo.example", "Bo.example", "eve.example"]), max_size=2),
        where=st.sampled_from(["https://moor.example/", "https://fen.example/y", ""]),
    )
    def lead_elsewhere(self, data: st.DataObject, who: list[str], where: str) -> None:
        if found := self.edited(data):
            text, post = found
            put(post, "mentions", who or None)
            text.texts[post["id"]] = " ".join([*(f"@{handle}" for handle in who), f"<{where}>"])
            text.save()

    @rule(data=st.data(), how=st.sampled_from(["quote_of", "repost_of", "reply_to"]))
    def relate(self, data: st.DataObject, how: str) -> None:
        """Quote, repost or answer any post: of its own thread, a hidden one, one gone later."""
        found, other = self.edited(data), self.edited(data)
        if found and other:
            found[1][how] = other[1]["id"]
            found[0].save()

    @rule(data=st.data())
    def reorder(self, data: st.DataObject) -> None:
        if found := self.edited(data):
            found[0].posts.reverse()
            found[0].save()

    @rule(data=st.data())
    def delete_a_post(self, data: st.DataObject) -> None:
        found = self.edited(data)
        if found and len(found[0].posts) > 1:
            found[0].posts.remove(found[1])
            found[0].save()

    @rule(posts=st.integers(1, 3), day=st.integers(0, 300), tags=TAGS)
    def add_a_thread(self, posts: int, day: int, tags: list[str]) -> None:
        self.number += 1
        texts = [f"Post {self.number}.{n} @bo.example" for n in range(posts)]
        self.bring_in(f"t{self.number}x", texts, day, tags)

    @precondition(lambda self: self.number)
    @rule(data=st.data(), posts=st.integers(2, 4))
    def add_replies(self, data: st.DataObject, posts: int) -> None:
        number = data.draw(st.integers(1, self.number))
        self.bring_in(f"t{number}x", [f"Reply {n}" for n in range(posts)], 3, [])

    def bring_in(self, identity: str, texts: list[str], day: int, tags: list[str]) -> None:
        if not self.broken:
            new = thread(identity, *texts, day=day, tags=tuple(tags))
            index = ArchiveIndex(self.root / "content")
            store.write(store.merge(index, (new,), (), options=MergeOptions(deletions="restore")))

    @rule(data=st.data())
    def delete_a_thread(self, data: st.DataObject) -> None:
        if path := self.chosen(data, [p for p in self.threads if p not in self.broken]):
            path.unlink()

    @rule(data=st.data(), folder=st.sampled_from(["", "threads/", "threads/2031/"]))
    def move_a_thread(self, data: st.DataObject, folder: str) -> None:
        """Rename it, or move it: out of the threads it is a page of its own."""
        if path := self.chosen(data, [p for p in self.threads if p not in self.broken]):
            self.number += 1
            target = self.root / f"content/{folder}moved-{self.number}.md"
            target.parent.mkdir(exist_ok=True)
            path.rename(target)

    @rule(data=st.data())
    def swap_two_threads(self, data: st.DataObject) -> None:
        """Give each the other's name: times and inodes go with the bytes."""
        paths = [p for p in self.threads if p not in self.broken]
        if len(paths) > 1:
            one, other = data.draw(st.permutations(paths))[:2]
            aside = one.with_name("aside")
            one.rename(aside)
            other.rename(one)
            aside.rename(other)

    # Files that texts may refer to.

    @rule(name=st.sampled_from(["b.png", "p.pdf", "q.pdf"]), words=st.sampled_from(["A", "B", ""]))
    def put_a_file(self, name: str, words: str) -> None:
        path = self.root / "content/img" / name
        if words:
            self.write(f"content/img/{name}", words)
        else:
            path.unlink(missing_ok=True)

    # Pages of one's own, profiles, media, templates, themes, static files, settings.

    @rule(
        name=st.sampled_from(["about", "notes/x", "Notes/y"]),
        head=st.sampled_from(
            [
                "",
                "---\ntitle: Mine\n---\n",
                "---\nnav: false\n---\n",
                "---\nhide: true\n---\n",
                "---\ntemplate: 404.html\nword: [A, {b: 1}]\n---\n",
            ]
        ),
        words=WORDS,
    )
    def write_a_page(self, name: str, head: str, words: str) -> None:
        self.write(f"content/{name}.md", head + words)

    @rule(
        number=st.integers(1, 3),
        extra=st.sampled_from(
            [
                "",
                "hide: true\n",
                'avatar: "media/a.png"\n',
                'followed_by: "ada.example"\n',
                'banner: "media/a.png"\npinned: "first1"\n',
            ]
        ),
        name=st.sampled_from(["Ada", "Bo <3"]),
        words=WORDS,
    )
    def write_a_profile(self, number: int, extra: str, name: str, words: str) -> None:
        handle = {1: "ada.example", 2: "bo.example", 3: "Ada.example"}[number]
        identity = "did:plc:ada" if number == 3 else handle
        head = f'network: "bluesky"\nid: "{identity}"\nhandle: "{handle}"\nname: "{name}"\n{extra}'
        self.write(f"content/profiles/{number}.md", f"---\n{head}---\n\n{words}\n")

    @rule(path=MEDIA, words=st.sampled_from(["A", "B", "longer", "GIF89a", "fLaC", "%PDF-1.7"]))
    def write_media(self, path: str, words: str) -> None:
        self.write(f"content/{path}", words)

    @rule(name=st.sampled_from(sorted(TEMPLATES)), word=st.sampled_from(["A", "B"]))
    def write_a_template(self, name: str, word: str) -> None:
        self.write("templates/mine.html", word)
        self.write(f"templates/{name}", TEMPLATES[name].replace("WORD", word))
        self.broken.pop(self.root / "templates" / name, None)

    @rule(
        name=st.sampled_from(["static/a.txt", "static/custom.css", "static/style.css",
                              "themes/mine/static/theme.css", "themes/mine/static/new.svg",
                              "root/.well-known/a.txt", "root/robots.txt", "root/CNAME.txt"]),
        words=st.sampled_from(["--color-link: A", "--color-link: B", "longer --color-link: A"]),
    )  # fmt: skip
    def write_a_static_file(self, name: str, words: str) -> None:
        self.write(name, words)

    @rule(data=st.data())
    def delete_something_else(self, data: st.DataObject) -> None:
        """Delete a page, a profile, a picture, a static file, or one that others include."""
        folders = ("content", "static", "root", "templates", "themes/mine/static")
        files = [path for name in folders for path in sorted((self.root / name).rglob("*.*"))]
        kept = {*self.threads, *self.broken}
        if path := self.chosen(data, [p for p in files if p.is_file() and p not in kept]):
            if path.name == "mine.html":
                shutil.rmtree(self.root / "templates")
            else:
                path.unlink()

    @rule(data=st.data(), key=st.sampled_from(sorted(SETTINGS)))
    def change_a_setting(self, data: st.DataObject, key: tuple[str, str]) -> None:
        self.settings[key] = data.draw(st.sampled_from(SETTINGS[key]))
        if self.root / "sitegen.toml" not in self.broken:
            self.configure()

    # What happens to folders.

    @rule(data=st.data())
    def touch(self, data: st.DataObject) -> None:
        files = [path for name in SOURCES for path in sorted((self.root / name).rglob("*.*"))]
        os.utime(data.draw(st.sampled_from(files)))

    @rule(data=st.data(), how=st.sampled_from(["lost", "cut", "other bytes", "longer"]))
    def damage_the_output(self, data: st.DataObject, how: str) -> None:
        files = [p for p in sorted(self.output.rglob("*.*")) if not p.name.startswith(".sitegen")]
        path = self.chosen(data, [p for p in files if p.is_file()])
        if path is None:
            return
        old = path.read_bytes()
        if how == "lost":
            path.unlink()
        else:
            new = {"cut": old[:-1], "other bytes": old[::-1], "longer": old + b"x"}
            path.write_bytes(new[how])

    @rule()
    def lose_the_output(self) -> None:
        shutil.rmtree(self.output, ignore_errors=True)

    @rule(
        name=st.sampled_from(["state", "changes", "still", "journal", ".gitignore"]),
        how=st.sampled_from(["all", "one", "cut", "empty"]),
    )
    def damage_the_cache(self, name: str, how: str) -> None:
        """Damage a file of the cache if it is there, which may depend on the clock."""
        cache = self.root / ".sitegen"
        path = next(cache.rglob(name), None)
        if path is None:
            return
        if how == "all":
            shutil.rmtree(cache)
        elif how == "one":
            path.unlink()
        else:
            os.truncate(path, path.stat().st_size // 2 if how == "cut" else 0)

    @rule()
    def remember(self) -> None:
        """Put the content aside, as a backup or another branch does."""
        if not self.broken:
            shutil.rmtree(self.root / "aside", ignore_errors=True)
            shutil.copytree(self.root / "content", self.root / "aside")

    @rule()
    def go_back(self) -> None:
        """Bring the content back, with the times that it had."""
        if (self.root / "aside").exists() and not self.broken:
            shutil.rmtree(self.root / "content")
            shutil.copytree(self.root / "aside", self.root / "content")

    @rule(
        name=st.sampled_from(["content/threads/broken.md", "templates/404.html", "sitegen.toml"]),
        text=st.sampled_from(["---\n{% if %}\n[nonsense", "\n---\n{{ nothing.here }}\n---\n[x]\ny=1"]),
    )  # fmt: skip
    def leave_broken(self, name: str, text: str) -> None:
        path = self.root / name
        self.broken.setdefault(path, path.read_bytes() if path.exists() else None)
        self.write(name, text)

    def mend(self) -> None:
        for path, data in self.broken.items():
            if path.name == "sitegen.toml":
                self.configure()
            elif data is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(data)
        self.broken.clear()
