"""Media on the site: what may run there is a text to download, and a person's file stays as it is."""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread as Worker

import pytest
from media.pictures import picture, saved
from msgspec.structs import replace
from test_build import cold, site, thread
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.model import Media, Thread
from sitegen.site import build as builds

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RUNS = "document.documentElement.setAttribute('data-ran', location.origin)"
PAGE = f"<!doctype html><html><body><script>{RUNS}</script></body></html>".encode()
PROGRAM = f'<svg xmlns="http://www.w3.org/2000/svg"><script>{RUNS}</script></svg>'.encode()
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'
PNG = saved(picture(), "PNG")
FILES = {
    "drawing.svg": DRAWING,
    "evil.svg": PROGRAM,
    "evil.html": PAGE,
    "evil.jpg": PAGE,
    "evil.xht": PAGE,
    "evil.js": RUNS.encode(),
    "hill.html": PNG + PAGE,
    "hill.php.png": PNG,
    "hill.png": PNG,
}
EXPECTED = {
    "drawing.svg": "drawing.svg",
    "evil.svg": "evil-svg.txt",
    "evil.html": "evil-html.txt",
    "evil.jpg": "evil.jpg.txt",
    "evil.xht": "evil-xht.txt",
    "evil.js": "evil-js.txt",
    "hill.html": "hill-html.png",
    "hill.php.png": "hill-php.png",
    "hill.png": "hill.png",
}
PROFILE = """---
network: "bluesky"
id: "ada.example"
handle: "ada.example"
avatar: "media/evil.svg"
banner: "media/hill.html"
---
"""


THREAD = """---
network: "bluesky"
posts:
  - {"id": "c0", "created_at": "2024-06-01T10:00:00Z"}
---

<!-- post c0 -->
"""


def showing(*names: str, day: int = 1, identity: str = "a") -> Thread:
    """Return a thread of one post that shows files as pictures."""
    found = thread(identity, "On the moor", day=day, tags=("moor",))
    media = tuple(Media("image", f"media/{name}", f"This is {name}") for name in names)
    return Thread(found.id, found.network, (replace(found.posts[0], media=media),))


def put(config: Config, name: str, data: bytes) -> Path:
    """Put a file into content/, old enough to be known by how it lies."""
    path = config.content / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, ns=(10**18, 10**18))
    return path


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return a site whose posts show all kinds of files, not built."""
    found = site(tmp_path, showing(*FILES), thread("b", "Fog", day=2))
    for name, data in FILES.items():
        put(found, f"media/{name}", data)
    for path in found.content.rglob("*.md"):
        os.utime(path, ns=(10**18, 10**18))
    return found


def media(config: Config) -> dict[str, bytes]:
    """Return the media of the built site, without smaller pictures."""
    return {path.name: path.read_bytes() for path in sorted((config.output / "media").iterdir())}


def test_what_may_run_is_published_as_a_text_and_content_stays(config: Config) -> None:
    report = builds.build(config)
    assert media(config) == {EXPECTED[name]: data for name, data in FILES.items()}
    assert tree(config.content / "media") == FILES
    assert [warning.partition(": ")[0] for warning in report.warnings] == [
        str(config.content / "media" / name) for name in sorted(EXPECTED) if EXPECTED[name] != name
    ]


LINKS = """
[Page](../media/evil.html#top) and [again](./media/evil.html), ![Hill](../../media/hill.html),
<a href='media/evil%2Ehtml?x'>x</a>, [a hill](media/hill.png), [far](https://a.example/media/evil.html),
[no](notmedia/evil.html)
"""
LED_ON = (
    "media/evil-html.txt#top", "media/evil-html.txt", "media/hill-html.png",
    "media/evil-html.txt?x", "media/hill.png", "https://a.example/media/evil.html",
    "notmedia/evil.html",
)  # fmt: skip


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("about.md", "about.html"),
        ("threads/c.md", "thread/bluesky-c0.html"),
        ("threads/c.md", "index.html"),
        ("profiles/ada.md", "profile/bluesky-ada.example.html"),
    ],
)
def test_links_of_a_persons_own_lead_to_what_is_published(
    config: Config, source: str, page: str
) -> None:
    head = {"about.md": "", "threads/c.md": THREAD, "profiles/ada.md": PROFILE}[source]
    put(config, source, f"{head}\nMine.\n\n# Own\n{LINKS}".encode())
    builds.build(config)
    text = (config.output / page).read_text("utf-8")
    own = re.split("<h[23]>Own</h[23]>", text)[1]
    root = "../" * page.count("/")
    home = {"t": "thread/", "p": "profile/"}.get(source[0], "")  # what a page of the site means
    expected = [re.sub("^media/", f"{root}media/", link) for link in LED_ON[:-1]]
    expected.append(f"{root}{home}{LED_ON[-1]}")
    assert tuple(re.findall(r'(?:href|src)="([^"]+)"', own))[: len(LED_ON)] == tuple(expected)
    assert tree(config.output) == cold(config)


def test_links_follow_a_file_that_becomes_one_that_may_run(config: Config) -> None:
    put(config, "about.md", b"# About\n\n[A hill](media/new.png)\n")
    put(config, "media/new.png", PNG)
    builds.build(config)
    assert 'href="media/new.png"' in (config.output / "about.html").read_text("utf-8")
    put(config, "media/new.png", PAGE)
    builds.build(config)
    assert 'href="media/new.png.txt"' in (config.output / "about.html").read_text("utf-8")
    assert tree(config.output) == cold(config)


@pytest.mark.parametrize("page", ["thread/bluesky-a0.html", "index.html"])
def test_pages_show_pictures_and_offer_the_rest(config: Config, page: str) -> None:
    builds.build(config)
    text = (config.output / page).read_text("utf-8")
    pictures = re.findall(r'<img class="u-photo" src="(?:\.\./)*media/([^"]+)"', text)
    files = re.findall(r'<a href="(?:\.\./)*media/([^"]+)" download>', text)
    assert sorted(pictures) == ["drawing.svg", "hill-html.png", "hill-php.png", "hill.png"]
    assert sorted(files) == sorted(n for n in EXPECTED.values() if n.endswith(".txt"))


def test_feeds_and_previews_name_what_is_there(config: Config) -> None:
    (config.root / "sitegen.toml").write_text('[site]\nbase_url = "https://ada.example/"\n')
    builds.build(configs.load(config.root / "sitegen.toml"))
    for name in ("feed.xml", "feed.json"):
        shown = html.unescape((config.output / name).read_text("utf-8"))
        names = re.findall(r"https://ada\.example/media/([^\"\\]+)", shown)
        assert sorted(names) == ["drawing.svg", "hill-html.png", "hill-php.png", "hill.png"]
    page = (config.output / "thread/bluesky-a0.html").read_text("utf-8")
    assert '<meta property="og:image" content="https://ada.example/media/drawing.svg">' in page


def test_what_is_no_picture_stands_for_no_thread(tmp_path: Path) -> None:
    config = site(tmp_path, showing("evil.svg"), toml='[site]\nbase_url = "https://ada.example/"\n')
    put(config, "media/evil.svg", PROGRAM)
    builds.build(config)
    assert "og:image" not in (config.output / "thread/bluesky-a0.html").read_text("utf-8")


def test_an_account_has_the_pictures_that_are_some(config: Config) -> None:
    (config.content / "profiles").mkdir(exist_ok=True)
    put(config, "profiles/ada.md", PROFILE.encode())
    builds.build(config)
    text = (config.output / "profile/bluesky-ada.example.html").read_text("utf-8")
    assert re.findall(r'<img class="(\w+)[^"]*" src="([^"]+)"', text) == [
        ("banner", "../media/hill-html.png")
    ]


def test_what_people_wrote_by_hand_leads_to_the_published_names(config: Config) -> None:
    text = (
        "![hill](../media/hill.php.png) [page](../media/evil.html#top) ![same](../media/hill.png)\n\n"
        '`src="media/hill.php.png"`\n\n[far](https://ada.example/media/evil.html)\n'
    )
    put(config, "notes/hill.md", f"# Hill\n\n{text}".encode())
    head = '---\nnetwork: "x"\nid: "9"\nposts:\n  - {"id": "9"}\n---\n\n<!-- post 9 -->\n\n'
    put(config, "threads/hill.md", f"{head}{text}".encode())
    builds.build(config)
    pages = ("notes/hill.html", "thread/x-9.html")
    for page in pages:
        body = (config.output / page).read_text("utf-8")
        assert re.findall(r'(?:href|src)="([^"]*/media/(?:hill|evil)[^"]*)"', body) == [
            "../media/hill-php.png",
            "../media/evil-html.txt#top",
            "../media/hill.png",
            "https://ada.example/media/evil.html",
        ]
        assert 'src="media/hill.php.png"' in html.unescape(body)
    put(config, "media/evil.html", PNG)
    report = builds.build(config)
    assert {*pages} <= {*report.written}
    assert "../media/evil-html.png#top" in (config.output / pages[0]).read_text("utf-8")
    assert not differences(tree(config.output), cold(config))


def test_two_files_never_get_one_name(config: Config) -> None:
    put(config, "media/evil-svg.txt", b"Dear Ada")
    builds.build(config)
    found = media(config)
    assert found["evil-svg.txt"] == b"Dear Ada"
    marked = [n for n in found if re.fullmatch(r"evil-svg-[0-9a-f]{8}\.txt", n)]
    assert [found[name] for name in marked] == [PROGRAM]


def test_a_file_that_is_the_same_is_not_looked_at_again(config: Config) -> None:
    builds.build(config)
    path = config.content / "media/evil.svg"
    path.write_bytes(DRAWING.ljust(len(PROGRAM)))  # in place: only its bytes are others
    os.utime(path, ns=(10**18, 10**18))
    put(
        config,
        "threads/c.md",
        b'---\nnetwork: "x"\nid: "9"\nposts:\n  - {"id": "9"}\n---\n\n<!-- post 9 -->\n\nNew\n',
    )
    builds.build(config)
    assert "evil-svg.txt" in media(config)
    os.utime(path, ns=(10**18 + 1, 10**18 + 1))
    builds.build(config)
    assert "evil.svg" in media(config)


def test_a_file_that_changes_its_kind_changes_its_name(config: Config) -> None:
    builds.build(config)
    put(config, "media/evil.svg", DRAWING)
    put(config, "media/drawing.svg", PROGRAM)
    report = builds.build(config)
    assert {"media/evil.svg", "media/drawing-svg.txt"} <= {*report.written}
    assert {"media/evil-svg.txt", "media/drawing.svg"} <= {*report.removed}
    assert not differences(tree(config.output), cold(config))


def test_a_persons_own_static_files_are_copied_as_they_are(config: Config) -> None:
    (config.root / "static").mkdir()
    (config.root / "static/mine.svg").write_bytes(PROGRAM)
    (config.root / "static/mine.html").write_bytes(PAGE)
    builds.build(config)
    assert (config.output / "static/mine.svg").read_bytes() == PROGRAM
    assert (config.output / "static/mine.html").read_bytes() == PAGE


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as the plainest host does."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        worker = Worker(target=server.serve_forever)
        worker.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            worker.join()


def opened(url: str) -> str:
    """Return what a browser makes of an address, once its scripts have run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={folder}", "--dump-dom", url,
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_nothing_of_the_posts_runs_in_a_browser(config: Config) -> None:
    builds.build(config)
    (config.output / "control.html").write_bytes(PAGE)
    (config.output / "favicon.ico").write_bytes(b"")
    with served(config.output) as base:
        assert 'data-ran="http' in opened(f"{base}control.html")
        for name in EXPECTED.values():
            assert 'data-ran="http' not in opened(f"{base}media/{name}"), name
