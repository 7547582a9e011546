"""Whole sites: each folder in tests/sites is built and compared with what lies beside it.

`pytest tests/test_sites.py --refresh` writes the expected files anew; read the diff.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest
from trees import differences, replace, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.site import build as builds
from sitegen.site.outputs.scripts import MESSAGES
from sitegen.site.outputs.style_sheets import compact

SITES = Path(__file__).parent / "sites"
THEMES = Path(__file__).parent.parent / "themes"
NAMES = sorted(path.name for path in SITES.iterdir() if (path / "content").is_dir())


def copied(name: str, folder: Path) -> Config:
    """Copy a site's sources into a folder of the test and return its config."""
    sources = {k: v for k, v in tree(SITES / name).items() if not k.startswith("expected/")}
    replace(folder, sources)
    return configs.load(folder / "sitegen.toml")


@pytest.fixture(params=NAMES, scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Return a site that was built, which nobody changes."""
    config = copied(request.param, tmp_path_factory.mktemp("sites") / request.param)
    builds.build(config)
    return config


@pytest.fixture(scope="module")
def found(site: Config) -> dict[str, Page]:
    """Return the site's pages."""
    return pages(site.output)


def made(output: Path) -> dict[str, bytes]:
    """Return a site's files but for the theme's own, which are only copied."""
    own = tree(THEMES / "default" / "static")
    files = tree(output)
    before, after = own.pop("posts.js").split(MESSAGES)
    script = files.pop("static/posts.js")
    assert script.startswith(before)
    assert script.endswith(after)
    copies = {
        name: compact(data) if name.endswith(".css") else data
        for name, data in own.items()
        if f"static/{name}" in files
    }
    assert all(files[f"static/{name}"] == data for name, data in copies.items())
    return {name: data for name, data in files.items() if name[len("static/") :] not in copies}


def test_a_site_is_built_as_expected(site: Config, refresh: bool) -> None:
    expected = SITES / site.root.name / "expected"
    if refresh:
        replace(expected, made(site.output))
    changed = "\n".join(differences(made(site.output), tree(expected)))
    assert not changed, "pytest tests/test_sites.py --refresh writes the expected files anew"


@pytest.mark.parametrize("name", NAMES)
def test_time_zone_locale_hash_seed_and_processes_change_no_byte(name: str, tmp_path: Path) -> None:
    """Build in another process, in a world as different as it can be."""
    config = copied(name, tmp_path / name)
    with (tmp_path / name / "sitegen.toml").open("a") as file:
        file.write("" if config.build.jobs else "\n")
    world = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "sitegen", "build", "-q"]
    subprocess.run(command, cwd=config.root, env={**os.environ, **world}, check=True)
    assert not differences(made(config.output), tree(SITES / name / "expected"))


SCRIPT = r"(\.\./)*static/(posts|search/\w+)\.js"  # the only ones that pages load


class Page(HTMLParser):
    """What a page points at, what can be pointed at in it, and what may not be in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.bad: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        if self.lasttag == "script" and self.cdata_elem and data.strip():
            self.bad.append(f"<script>{data}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and not re.fullmatch(SCRIPT, dict(attrs).get("src") or ""):
            self.bad.append(f"<script> {attrs}")
        if tag == "form" and not re.fullmatch(
            r"(\.\./)*search\.html", dict(attrs).get("action") or ""
        ):
            self.bad.append(f"<form> {attrs}")
        if tag in ("style", "iframe", "object", "embed", "base"):
            self.bad.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.bad.append(f"{tag} {name}")
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "poster", "action"):
                self.links.append(value or "")


def pages(folder: Path) -> dict[str, Page]:
    """Return every HTML page of a site, read."""
    return {
        name: Page(data.decode()) for name, data in tree(folder).items() if name.endswith(".html")
    }


@pytest.mark.parametrize(
    "base", ["https://here.example/", "https://here.example/archive/", "file:///home/ada/public/"]
)
def test_every_link_inside_resolves_wherever_the_site_is(
    site: Config, found: dict[str, Page], base: str
) -> None:
    files = tree(site.output)
    dead = []
    for name, page in found.items():
        for link in page.links:
            if name == "404.html" and link.startswith("/"):
                link = base + link.removeprefix("/archive/")  # it is made for its one place
            target = urlsplit(urljoin(base + name, link))
            if not (target.scheme + "://" + target.netloc + target.path).startswith(base):
                continue
            path = unquote(target.path).removeprefix(urlsplit(base).path)
            anchors = found[path].ids if path in found else []
            if path not in files or (target.fragment and unquote(target.fragment) not in anchors):
                dead.append((name, link))
    assert not dead


def test_nothing_in_a_page_runs_or_comes_from_elsewhere(found: dict[str, Page]) -> None:
    allowed = ("http://", "https://", "mailto:")
    for name, page in found.items():
        assert not page.bad, name
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            scheme = urlsplit(link).scheme
            assert not link.startswith("//"), name
            assert not scheme or link.startswith(allowed), (name, link)


def test_every_page_is_html_without_a_parse_error(site: Config) -> None:
    for name, data in tree(site.output).items():
        if name.endswith(".html"):
            parser = html5lib.HTMLParser(strict=False)
            parser.parse(data)
            assert not [e for e in parser.errors if e[1] != "invalid-codepoint"], name


def test_feeds_and_sitemap_parse_and_have_stable_ids(site: Config) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    for name, data in tree(site.output).items():
        if name.endswith(".xml"):
            root = ET.fromstring(data)
            if root.tag == f"{atom}feed":
                ids = [entry.findtext(f"{atom}id") for entry in root.iter(f"{atom}entry")]
                assert all(i and i.startswith("urn:uuid:") for i in ids)
                assert len(ids) == len(set(ids))
        if name.endswith(".json"):
            feed = json.loads(data)
            assert feed["version"] == "https://jsonfeed.org/version/1.1"
