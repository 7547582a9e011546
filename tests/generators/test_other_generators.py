"""Nobody is locked in: Hugo, Eleventy and Pelican build content/ as it is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import html5lib
import pytest

from sitegen.content.format.draft import date_of, title_of
from sitegen.model import Thread

from . import archive

ELEVENTY = "3.1.2"
NEEDS = os.environ.get("SITEGEN_NEEDS", "").replace(",", " ").split()
XHTML = "{http://www.w3.org/1999/xhtml}"

pytestmark = [
    pytest.mark.generators,
    pytest.mark.skipif(
        "generators" not in NEEDS, reason="needs three generators: SITEGEN_NEEDS=generators"
    ),
]


class Page:
    """What a reader finds on a page: its title, its time, its tags, its text, its pictures."""

    def __init__(self, path: Path) -> None:
        tree = html5lib.parse(re.sub("<!--.*?-->", "", path.read_text("utf-8")))
        self.title = _text(tree, "title")
        self.time = _text(tree, "time")
        self.tags = ["".join(found.itertext()) for found in tree.iter(f"{XHTML}b")]
        self.text = _plain(_text(tree, "main"))
        found = [(img.get("alt"), img.get("src")) for img in tree.iter(f"{XHTML}img")]
        self.pictures = [alt for alt, src in found if (path.parent / unquote(src or "")).is_file()]


def _text(tree: object, name: str) -> str:
    found = next(tree.iter(f"{XHTML}{name}"), None)  # type: ignore[attr-defined]
    return "" if found is None else "".join(found.itertext())


def _plain(text: str) -> str:
    """Return a text without what typographers change: spaces, quotes, dashes, dots."""
    for fine, plain in {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "--", "—": "--", "…": "..."}.items():  # fmt: skip
        text = text.replace(fine, plain)
    return "".join(text.split())


def holds(pages: list[Page], threads: list[Thread]) -> None:
    """Make sure that each thread is one whole page: title, date, tags, pictures that are there."""
    by_text = {page.text: page for page in pages}
    for thread in threads:
        text = _plain("".join(post.text for post in thread.posts))
        assert text in by_text, f"{thread.posts[0].text!r} is not among {[*by_text]}"
        page, root = by_text[text], thread.posts[0]
        assert page.title == title_of(root)
        assert page.tags == list(root.tags)
        assert page.pictures == [m.alt for post in thread.posts for m in post.media]
        if date := date_of(root.created_at):
            assert page.time == date[:10]


@pytest.fixture
def threads(tmp_path: Path) -> list[Thread]:
    return archive.write(tmp_path / "content")


def run(command: list[str], folder: Path) -> None:
    """Run a generator, which must have nothing to say against the content."""
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def pages_of(folder: Path) -> list[Page]:
    """Return all pages below a folder."""
    return [Page(path) for path in sorted(folder.rglob("*.html"))]


HUGO = """\
baseURL = "https://example.org/"
disableKinds = ["taxonomy", "term", "rss", "sitemap", "section", "home"]
buildFuture = true
uglyURLs = true
timeZone = "UTC"
[[module.mounts]]
source = "content"
target = "content"
[[module.mounts]]
source = "content/media"
target = "static/media"
"""
HUGO_PAGE = """\
<title>{{ .Title }}</title><time>{{ .Date.Format "2006-01-02" }}</time>
{{ range .Params.tags }}<b>{{ . }}</b>{{ end }}<main>{{ .Content }}</main>
"""


def test_hugo_builds_it(threads: list[Thread], tmp_path: Path) -> None:
    (tmp_path / "hugo.toml").write_text(HUGO)
    layouts = tmp_path / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text(HUGO_PAGE)
    run([sys.executable, "-m", "hugo", "--panicOnWarning"], tmp_path)
    holds(pages_of(tmp_path / "public" / "threads"), threads)
    (profile,) = pages_of(tmp_path / "public" / "profiles")
    assert profile.text == "Keeperof{{wells}}."


ELEVENTY_CONFIG = """\
module.exports = (config) => {
  config.addGlobalData("layout", "page.njk");
  config.addGlobalData("permalink", () => (data) => `${data.page.filePathStem}.html`);
  config.addPassthroughCopy("content/media");
  return {
    dir: { input: "content", includes: "../layouts", output: "public" },
    markdownTemplateEngine: false,
  };
};
"""
ELEVENTY_PAGE = """\
<title>{{ title }}</title><time>{{ (date or "") | string | truncate(10, true, "") }}</time>
{% for tag in tags %}<b>{{ tag }}</b>{% endfor %}<main>{{ content | safe }}</main>
"""


@pytest.fixture(scope="session")
def modules() -> Path:
    """Install Eleventy once, into a cache of the tests."""
    npm = shutil.which("npm")
    assert npm, "SITEGEN_NEEDS=generators, but there is no npm"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "sitegen-tests" / f"eleventy-{ELEVENTY}"
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(json.dumps({"private": True}))
        run([npm, "install", "--no-audit", "--no-fund", f"@11ty/eleventy@{ELEVENTY}"], folder)
        (folder / "done").touch()
    return folder / "node_modules"


def test_eleventy_builds_it(threads: list[Thread], tmp_path: Path, modules: Path) -> None:
    (tmp_path / "eleventy.config.cjs").write_text(ELEVENTY_CONFIG)
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "page.njk").write_text(ELEVENTY_PAGE)
    command = modules / "@11ty" / "eleventy" / "cmd.cjs"
    run(["node", str(command), "--quiet"], tmp_path)
    holds(pages_of(tmp_path / "public" / "threads"), threads)
    assert (tmp_path / "public" / "media" / "well.png").exists()


PELICAN = """\
SITENAME = "Archive"
PATH = "content"
OUTPUT_PATH = "public"
TIMEZONE = "UTC"
PLUGINS = ["yaml_metadata"]
ARTICLE_PATHS = ["threads"]
PAGE_PATHS = ["profiles"]
STATIC_PATHS = ["media"]
SLUGIFY_SOURCE = "basename"
DEFAULT_DATE = "fs"
WITH_FUTURE_DATES = True
PATH_METADATA = r"(?P<source>.*)\\.md"
ARTICLE_SAVE_AS = ARTICLE_URL = "{source}.html"
DIRECT_TEMPLATES = []
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
THEME = "theme"
"""
PELICAN_PAGE = """\
<title>{{ article.title | e }}</title><time>{{ article.date.strftime("%Y-%m-%d").rjust(10, "0") }}</time>
{% for tag in article.tags %}<b>{{ tag | e }}</b>{% endfor %}<main>{{ article.content }}</main>
"""


def test_pelican_builds_it(threads: list[Thread], tmp_path: Path) -> None:
    (tmp_path / "pelicanconf.py").write_text(PELICAN)
    templates = tmp_path / "theme" / "templates"
    templates.mkdir(parents=True)
    (templates / "article.html").write_text(PELICAN_PAGE)
    (templates / "page.html").write_text("<main>{{ page.content }}</main>")
    run([sys.executable, "-m", "pelican", "-s", "pelicanconf.py", "--fatal", "errors"], tmp_path)
    holds(pages_of(tmp_path / "public" / "threads"), threads)
