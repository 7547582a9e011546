"""What people do with the files of content/: split, join, rename, move, reorder, delete, edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from trees import tree

from sitegen.content import content_folder
from sitegen.content.changeset.provenance import Deletions
from sitegen.ingest import pipeline
from sitegen.ingest.pipeline import Import, Rules
from sitegen.ingest.source_reader import ReadSource
from sitegen.model import Author, Counts, Media, Post, Profile
from sitegen.sources import Imported
from sitegen.threads import group

ADA = Author("ada.example", "77", "Ada")
# Two threads and a single post.
PARENTS = {"a": None, "b": "a", "c": "b", "d": "c", "e": "b", "p": None, "q": "p", "r": "q", "z": None, "g": None, "h": None}  # fmt: skip
EVERY = "".join(PARENTS)
NAMES = "abcdepqrz"
SECTION = re.compile(r"^<!-- post (\S+) -->\n", re.M)
LINE = re.compile(r'^  - \{"id": "([\w-]+)".*\n', re.M)
EDIT = 15  # exports of later days have other texts of some posts
EDITED = "bqz"


def words(name: str, day: int) -> str:
    """Return the text that an export of a day of June has for a post."""
    return f"Post {name}, rewritten" if name in EDITED and day >= EDIT else f"Post {name}"


def export(names: Iterable[str], day: int, likes: int | None = None, bio: str = "") -> ReadSource:
    """Return an export, of a day in June, of some of Ada's posts."""
    posts = [
        Post(
            n, "x", words(n, day), f"2025-05-{EVERY.index(n) + 1:02}T10:00:00Z", ADA, PARENTS[n],
            tags=("fog",) if n == "a" else (), counts=Counts(likes),
            media=(Media("image", alt=f"Picture {n}", path=f"media/{n}.png"),) if n in "cz" else (),
        )
        for n in sorted(names)
    ]  # fmt: skip
    found = Imported(
        "an X archive", len(posts), group(posts), until=f"2025-06-{day:02}T10:00:00Z",
        profiles=(Profile("77", "x", "ada.example", "Ada", bio),) if bio else (),
    )  # fmt: skip
    return ReadSource(f"june-{day:02}.zip", None, found)


@dataclass(frozen=True)
class Archive:
    """A person's folder with content/, and imports into it."""

    root: Path

    @property
    def content(self) -> Path:
        """The content folder."""
        return self.root / "content"

    def bring_in(self, *reads: ReadSource, deletions: Deletions = "ask") -> Import:
        """Import sources."""
        rules = Rules(deletions=deletions)
        return pipeline.import_into(self.content, self.root / "cache", reads, rules)

    def tree(self) -> dict[str, bytes]:
        """Return the files of the content folder."""
        return tree(self.content)

    def files(self) -> list[Path]:
        """Return the files of threads."""
        return sorted(self.content.glob("threads/**/*.md"))

    def places(self) -> dict[str, Path]:
        """Return the file of each post."""
        return {n: path for path in self.files() for n in SECTION.findall(path.read_text("utf-8"))}

    def orders(self) -> list[list[str]]:
        """Return the posts of each file, in the files' order."""
        return [SECTION.findall(path.read_text("utf-8")) for path in self.files()]

    def texts(self) -> dict[str, str]:
        """Return the text of each post, as a build shows it."""
        return {p.id: p.text for t in content_folder.read_archive(self.content) for p in t.posts}

    def posts(self) -> Iterator[Post]:
        """Yield the posts, as a build shows them."""
        yield from (p for t in content_folder.read_archive(self.content) for p in t.posts)

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace something in the file of a post."""
        path = self.places()[name]
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def delete(self, *names: str) -> None:
        """Delete posts, and files that have no other posts."""
        for name in names:
            path = self.places()[name]
            page = Page.read(path)
            page.take(name)
            page.write(path)

    def split(self, names: Iterable[str], path: str, identity: str | None = "same") -> Path:
        """Cut posts out of their files and paste them into a new one.

        Its front matter is copied from the first of these files, with the same id, another or none.
        """
        target = self.content / "threads" / path
        places = self.places()
        head = Page.read(places[next(iter(names))]).head
        if identity is None:
            head = re.sub(r"^id: .*\n", "", head, flags=re.M)
        elif identity != "same":
            head = re.sub(r"^id: .*\n", f'id: "{identity}"\n', head, flags=re.M)
        new = Page(head, {})
        for name in names:
            old = Page.read(places[name])
            new.posts[name] = old.take(name)
            old.write(places[name])
        target.parent.mkdir(parents=True, exist_ok=True)
        new.write(target)
        return target

    def join(self, name: str, into: str) -> None:
        """Paste all posts of a post's file into that of another post, at the end."""
        places = self.places()
        page, other = Page.read(places[into]), Page.read(places[name])
        page.posts |= other.posts
        page.write(places[into])
        places[name].unlink()

    def reorder(self, name: str, order: Iterable[int]) -> None:
        """Put the posts of a post's file in another order."""
        path = self.places()[name]
        page = Page.read(path)
        names = [*page.posts]
        page.posts = {names[i]: page.posts[names[i]] for i in order}
        page.write(path)

    def rename(self, name: str, path: str) -> None:
        """Move the file of a post elsewhere."""
        target = self.content / "threads" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self.places()[name].rename(target)


@dataclass
class Page:
    """The text of a thread's file as a person sees it: front matter, and posts to cut and paste."""

    head: str
    posts: dict[str, tuple[str, str]]

    @classmethod
    def read(cls, path: Path) -> Page:
        """ReadSource a file."""
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        lines = {line[1]: line[0] for line in LINE.finditer(head)}
        _, *pieces = SECTION.split(body)
        bodies = dict(zip(pieces[::2], pieces[1::2], strict=True))
        return cls(LINE.sub("", head), {n: (lines[n], bodies[n].strip("\n")) for n in lines})

    def take(self, name: str) -> tuple[str, str]:
        """Cut out a post."""
        return self.posts.pop(name)

    def write(self, path: Path) -> None:
        """Write a file, or delete it if no post is left."""
        if not self.posts:
            path.unlink()
            return
        head = self.head.replace(
            "posts:\n", "posts:\n" + "".join(line for line, _ in self.posts.values())
        )
        bodies = "".join(f"\n<!-- post {n} -->\n\n{body}\n" for n, (_, body) in self.posts.items())
        path.write_text(f"---\n{head}---\n{bodies}", "utf-8")
