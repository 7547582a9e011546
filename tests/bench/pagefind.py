"""Pagefind: where it is, and the archive as pages that it indexes, one a post."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.util import find_spec
from pathlib import Path

from .archive import Post, Thread

HOW_TO_GET = (
    "Pagefind is not here, and no search is compared; `pip install pagefind[bin]` brings it."
)
PAGE = """\
<!doctype html>
<html lang="{language}">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<main data-pagefind-body>
<p data-pagefind-filter="year">{year}</p>
{paragraphs}
</main>
</body>
</html>
"""


def binary() -> Path | None:
    """Return Pagefind's program, which a Python package has; None without that package."""
    spec = find_spec("pagefind_bin")
    path = Path(spec.origin or "").parent / "pagefind" if spec else None
    return path if path and path.is_file() else None


def write_pages(threads: Iterable[Thread], folder: Path) -> None:
    """Write a page for each post, in a folder for each month."""
    for thread in threads:
        for post in thread.posts:
            place = folder / post.created_at[:7]
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{post.id}.html").write_text(_page(post, thread.title), "utf-8")


def _page(post: Post, title: str) -> str:
    texts = (" ".join(map(str, pieces)) for pieces in post.paragraphs)
    return PAGE.format(
        language=post.language,
        title=escape(title),
        year=post.created_at[:4],
        paragraphs="\n".join(f"<p>{escape(text)}</p>" for text in texts),
    )
