"""Pictures in the sizes that screens need: made once, used by pages, and gone with their posts."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import PIL
import pytest
from english import ENGLISH
from hypothesis import given, settings
from hypothesis import strategies as st
from media.pictures import camera_notes, chunk, saved
from msgspec.structs import replace
from PIL import Image
from test_build import cold, site, thread
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.content.format.stored import NO_HEADING, StoredPost
from sitegen.model import Author, Media, Thread
from sitegen.site import build as builds
from sitegen.site import urls
from sitegen.site.build import Report
from sitegen.site.views.entries import thread_entries
from sitegen.site.views.page_refs import ThumbnailRefs
from sitegen.threads.kinds import kinds_of

WIDTHS = "[build]\nimage_widths = [40, 80]\n"
DIGEST = "0123456789abcdef" * 2
COMMAND = (sys.executable, "-m", "sitegen", "build", "-q")
WITHOUT_PILLOW = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "PIL":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""


def photo(size: tuple[int, int] = (120, 60), seed: int = 1) -> Image.Image:
    """Return a picture of noise, which no format makes small."""
    return Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))


def jpeg(size: tuple[int, int] = (120, 60), seed: int = 1, **options: object) -> bytes:
    """Return a photograph, large enough that smaller versions are smaller."""
    return saved(photo(size, seed), "JPEG", quality=95, **options)


def showing(identity: str, *media: Media, day: int = 1) -> Thread:
    """Return a thread of one post with media."""
    found = thread(identity, f"Seen from {identity}", day=day, tags=("sky",))
    return Thread(found.id, found.network, (replace(found.posts[0], media=media),))


def images(*paths: str) -> tuple[Media, ...]:
    """Return pictures that posts show."""
    return tuple(Media("image", path, "A picture") for path in paths)


def put(config: Config, name: str, data: bytes) -> Path:
    """Put a file into content/."""
    path = config.content / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def aged(config: Config) -> None:
    """Make all files of content/ old enough to be known by how they lie."""
    for path in config.content.rglob("*"):
        if path.is_file():
            os.utime(path, ns=(10**18, 10**18))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return a site with one photograph, not built."""
    found = site(tmp_path, showing("a", *images(f"media/{DIGEST}.jpg")), toml=WIDTHS)
    put(found, f"media/{DIGEST}.jpg", jpeg())
    aged(found)
    return found


class Pictures(HTMLParser):
    """The pictures of a page, each with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("img", "source"):
            self.found.append(dict(attrs))


def shown(config: Config, page: str = "thread/bluesky-a0.html") -> list[dict[str, str | None]]:  # fmt: skip
    """Return the pictures of a page."""
    return Pictures((config.output / page).read_text("utf-8")).found


def sizes(config: Config) -> set[str]:
    """Return the site's media, by name."""
    return {path.name for path in (config.output / "media").iterdir()}


def build(config: Config) -> Report:
    """Build a site whose settings may have changed."""
    return builds.build(configs.load(config.root / "sitegen.toml"))


def warm_is_cold(config: Config) -> Report:
    """Build on, and compare with a first build."""
    report = build(config)
    now = configs.load(config.root / "sitegen.toml")
    assert not differences(tree(now.output), cold(now))
    return report


def test_a_picture_has_smaller_versions_that_pages_use(config: Config) -> None:
    build(config)
    assert sizes(config) == {f"{DIGEST}.jpg", f"{DIGEST}-40.webp", f"{DIGEST}-80.webp"}
    for width, height in ((40, 20), (80, 40)):
        with Image.open(config.output / f"media/{DIGEST}-{width}.webp") as image:
            assert (image.size, image.format) == ((width, height), "WEBP")
    for page, to in {"thread/bluesky-a0.html": "../", "index.html": ""}.items():
        (found,) = shown(config, page)
        path = f"{to}media/{DIGEST}"
        assert found["src"] == f"{path}.jpg"
        assert found["srcset"] == f"{path}-40.webp 40w, {path}-80.webp 80w, {path}.jpg 120w"
        assert (found["width"], found["height"]) == ("120", "60")
        assert found["sizes"] == "min(120px, 100vw, 36rem)"
        assert (found["alt"], found["loading"]) == ("A picture", "lazy")


def test_every_address_leads_to_a_file_of_the_manifest(config: Config) -> None:
    build(config)
    manifest = (config.output / ".sitegen-manifest").read_text("utf-8").split("\n")
    for page in config.output.rglob("*.html"):
        name = page.relative_to(config.output).as_posix()
        for found in Pictures(page.read_text("utf-8")).found:
            listed = [
                piece.split()[0] for piece in (found.get("srcset") or "").split(", ") if piece
            ]
            for link in (*listed, found["src"] or ""):
                assert not urlsplit(link).scheme
                assert not link.startswith("/")
                assert unquote(urljoin(name, link)) in manifest


def test_nothing_is_shown_higher_than_its_place(config: Config) -> None:
    put(config, f"media/{DIGEST}.jpg", jpeg((100, 1000)))
    build(config)
    (found,) = shown(config)
    assert (found["width"], found["height"]) == ("54", "544")
    assert found["sizes"] == "min(54px, 100vw, 36rem)"


def cells(config: Config) -> list[tuple[str, str]]:
    """Return the grid of a post's pictures: its shape, then the link around each picture."""
    page = (config.output / "thread/bluesky-a0.html").read_text("utf-8")
    return re.findall(r'"cells (grid-\w+)"|<a href="([^"]+)"><img', page)


@pytest.mark.parametrize(
    ("count", "shape", "room"),
    [
        (2, "grid-2", "min(50vw, 18rem)"),
        (3, "grid-3", "min(50vw, 18rem)"),
        (4, "grid-4", "min(50vw, 18rem)"),
        (5, "grid-many", "min(34vw, 12rem)"),
    ],
)
def test_several_pictures_are_a_grid_of_links_to_the_whole_files(
    tmp_path: Path, count: int, shape: str, room: str
) -> None:
    names = [f"media/{n}.jpg" for n in range(count)]
    config = site(tmp_path, showing("a", *images(*names)), toml=WIDTHS)
    for n, name in enumerate(names):
        put(config, name, jpeg(seed=n))
    build(config)
    links = [("", f"../{name}") for name in names]
    assert cells(config) == [(shape, ""), *links]
    # A cell shows the middle of a picture that is twice as wide as high.
    assert [found["sizes"] for found in shown(config)] == [f"calc(2.0 * {room})"] * count
    assert warm_is_cold(config).written == ()


def test_the_descriptions_of_a_grid_stand_below_it_with_their_numbers(tmp_path: Path) -> None:
    alts = ("A fox", None, "A hen\nand an egg")
    media = [Media("image", f"media/{n}.jpg", alt) for n, alt in enumerate(alts)]
    config = site(tmp_path, showing("a", *media), toml=WIDTHS)
    for n in range(3):
        put(config, f"media/{n}.jpg", jpeg(seed=n))
    build(config)
    page = (config.output / "thread/bluesky-a0.html").read_text("utf-8")
    found = re.search(r'(?s)<figcaption aria-hidden="true">.*?</figcaption>', page)
    assert found
    assert re.sub(r">\s+<", "><", found[0]) == (
        '<figcaption aria-hidden="true"><ol class="captions"><li value="1"><bdi>A fox</bdi></li>'
        '<li value="3"><bdi>A hen\nand an egg</bdi></li></ol></figcaption>'
    )


def test_what_is_no_picture_stands_below_the_grid(tmp_path: Path) -> None:
    media = (
        Media("image", "media/a.jpg", "A fox"),
        Media("image", None, "A lost hen"),
        Media("image", "media/b.jpg", "An egg"),
    )
    config = site(tmp_path, showing("a", *media), toml=WIDTHS)
    put(config, "media/a.jpg", jpeg())
    put(config, "media/b.jpg", jpeg(seed=2))
    build(config)
    page = (config.output / "thread/bluesky-a0.html").read_text("utf-8")
    order = re.findall(r'class="(cells|absent-text|absent|medium)|alt="([^"]+)"', page)
    pictured = [("cells", ""), ("", "A fox"), ("", "An egg")]
    assert order == [*pictured, ("medium", ""), ("absent", ""), ("absent-text", "")]


def test_a_picture_that_lies_on_its_side_is_turned(config: Config) -> None:
    put(config, f"media/{DIGEST}.jpg", jpeg((60, 120), exif=camera_notes(6)))
    build(config)
    (found,) = shown(config)
    assert (found["width"], found["height"]) == ("120", "60")
    with Image.open(config.output / f"media/{DIGEST}-40.webp") as image:
        assert image.size == (40, 20)
        assert not dict(image.getexif())


LEFT_ALONE = {
    "small": jpeg((40, 30)),
    "animated": saved(photo(), "GIF", save_all=True, append_images=[photo(seed=2)]),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300"/>',
    "text": b"Dear Ada",
    "empty": b"",
    "saves nothing": saved(Image.new("RGB", (120, 60)), "WEBP", lossless=True),
}
SIZES = {"small": ("40", "30"), "animated": ("120", "60"), "saves nothing": ("120", "60")}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_gains_nothing_is_left_as_it_is(config: Config, name: str) -> None:
    put(config, f"media/{DIGEST}.jpg", LEFT_ALONE[name])
    report = build(config)
    assert sizes(config) == {f"{DIGEST}.jpg"}
    (found,) = shown(config)
    assert "srcset" not in found
    assert (found.get("width"), found.get("height")) == SIZES.get(name, (None, None))
    assert report.warnings == ()


def bomb() -> bytes:
    """Return a small file that says it has very many pixels."""
    header = chunk(b"IHDR", (60_000).to_bytes(4) * 2 + b"\1\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb(), "it has too many pixels"),
        (jpeg()[:900], "it cannot be decoded"),
        (jpeg()[:30], "it cannot be decoded"),
        (saved(photo(), "PNG")[:5000], "it cannot be decoded"),
    ],
)
def test_what_is_broken_is_told_and_shown_as_it_is(
    config: Config, data: bytes, reason: str
) -> None:
    path = put(config, f"media/{DIGEST}.jpg", data)
    aged(config)
    said = f"{path}: {reason}, so it is shown in one size only"
    assert build(config).warnings == (said,)
    assert sizes(config) == {f"{DIGEST}.jpg"}
    (found,) = shown(config)
    assert set(found) == {"class", "src", "alt", "loading", "decoding"}
    assert build(config).warnings == (said,)  # also when there is nothing to do
    (config.root / "content/about.md").write_text("# About")
    assert build(config).warnings == (said,)


def test_very_narrow_and_very_wide_pictures_are_no_trouble(config: Config) -> None:
    put(config, f"media/{DIGEST}.jpg", jpeg((3000, 1)))
    assert build(config).warnings == ()
    put(config, f"media/{DIGEST}.jpg", jpeg((41, 20_000)))
    assert build(config).warnings == ()
    assert sizes(config) == {f"{DIGEST}.jpg"}  # no WebP is as high


# What a build keeps, and what it does again


def test_a_build_with_nothing_to_do_neither_writes_nor_loads_pillow(config: Config) -> None:
    subprocess.run(COMMAND, cwd=config.root, check=True)
    code = f"import sys; {WITHOUT_LOADING}; from sitegen.site import build; from sitegen.config import settings; "
    code += "report = build.build(settings.load(None)); "
    code += "print(report.written, report.removed, [m for m in sys.modules if 'PIL' in m])"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=config.root, check=True, capture_output=True, text=True
    )
    assert said.stdout == "() () []\n"


WITHOUT_LOADING = "sys.dont_write_bytecode = True"


@pytest.mark.slow
def test_an_edit_neither_loads_pillow_nor_looks_at_a_picture(config: Config) -> None:
    subprocess.run(COMMAND, cwd=config.root, check=True)
    store.write(store.merge(ArchiveIndex(config.content), (thread("b", "More"),), ()))
    code = "import sys; from sitegen.site import build; from sitegen.config import settings; "
    code += "sys.addaudithook(lambda event, arguments: event == 'open' and str(arguments[0]).endswith('.jpg') and sys.exit(7)); "
    code += "report = build.build(settings.load(None)); "
    code += (
        "print('thread/bluesky-b0.html' in report.written, [m for m in sys.modules if 'PIL' in m])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=config.root, check=True, capture_output=True, text=True
    )
    assert said.stdout == "True []\n"


def without_pillow(config: Config, *options: str) -> subprocess.CompletedProcess[str]:
    """Build in a process for which there is no Pillow."""
    code = f"{WITHOUT_PILLOW}\nimport runpy; runpy.run_module('sitegen', run_name='__main__')"
    command = [sys.executable, "-c", code, "build", "--strict", *(options or ("-q",))]
    return subprocess.run(
        command, cwd=config.root, check=True, capture_output=True, text=True, timeout=120
    )


def test_without_pillow_pictures_are_shown_as_they_are(config: Config) -> None:
    said = without_pillow(config)
    assert (said.stdout, said.stderr) == ("", "")
    assert sizes(config) == {f"{DIGEST}.jpg"}
    (found,) = shown(config)
    assert set(found) == {"class", "src", "alt", "loading", "decoding"}
    off = WIDTHS + "image_sizes = false\n"
    bare = tree(config.output)
    (config.root / "sitegen.toml").write_text(off)
    assert not differences(cold(configs.load(config.root / "sitegen.toml")), bare)


def notes(said: str) -> list[str]:
    """Return the notes in what a build reports."""
    return [line for line in said.splitlines() if line.startswith("note: ")]


def test_a_build_notes_once_that_pillow_is_missing_and_how_to_get_it(config: Config) -> None:
    note = f"note: {builds.SINGLE_SIZE_NOTE}"
    assert "pip install 'sitegen-archive[images]'" in note
    for _ in ("new", "unchanged"):
        assert notes(without_pillow(config, "--verbose").stdout) == [note]
    assert builds.build(config).notes == ()


@pytest.mark.parametrize("toml", ["image_sizes = false", "image_widths = []"])
def test_nothing_is_noted_where_one_size_is_wanted(config: Config, toml: str) -> None:
    (config.root / "sitegen.toml").write_text(f"[build]\n{toml}\n")
    assert notes(without_pillow(config, "--verbose").stdout) == []


def test_nothing_is_noted_without_pictures(tmp_path: Path) -> None:
    config = site(tmp_path / "words", thread("a", "Words"))
    put(config, "media/film.mp4", b"film")
    assert notes(without_pillow(config, "--verbose").stdout) == []


@pytest.mark.slow
def test_pillow_may_come_and_go(config: Config) -> None:
    without_pillow(config)
    bare = tree(config.output)
    warm_is_cold(config)
    assert f"{DIGEST}-40.webp" in sizes(config)
    without_pillow(config)
    assert not differences(tree(config.output), bare)
    warm_is_cold(config)
    assert f"{DIGEST}-40.webp" in sizes(config)


def test_another_pillow_makes_pictures_anew(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "PIL"
    installed.mkdir()
    monkeypatch.setattr(PIL.__spec__, "origin", str(installed / "__init__.py"))
    (installed / "_version.py").write_text('__version__ = "98.0.0"')
    build(config)
    names = {path.name for path in (config.cache / "images").iterdir()}
    assert build(config).written == ()
    (installed / "_version.py").write_text('__version__ = "99.0.0"')
    monkeypatch.setattr("PIL.__version__", "99.0.0")
    build(config)
    found = {path.name for path in (config.cache / "images").iterdir()}
    assert len(found) == 2
    assert not found & names


@pytest.mark.slow
def test_warm_is_cold_whatever_changes(config: Config) -> None:
    settings, photograph = config.root / "sitegen.toml", f"media/{DIGEST}.jpg"
    warm_is_cold(config)
    for data in (jpeg(seed=2), jpeg((90, 45)), jpeg((30, 20)), b"", LEFT_ALONE["animated"], jpeg()):
        put(config, photograph, data)
        warm_is_cold(config)
    put(config, photograph, jpeg(seed=3)).touch()
    warm_is_cold(config)
    for text in (
        "[build]\nimage_widths = [40]\n",
        '[build]\nimage_widths = [40]\nimage_format = "avif"\n',
        "[build]\nimage_sizes = false\nimage_widths = [40]\n",
        "[build]\nimage_widths = []\n",
        "[build]\nimage_widths = [200, 1]\n",
        "",
        WIDTHS,
    ):
        settings.write_text(text)
        warm_is_cold(config)
    put(config, f"media/{DIGEST}.png", saved(photo(), "PNG"))
    warm_is_cold(config)
    (config.content / photograph).unlink()
    report = warm_is_cold(config)
    assert sizes(config) == {f"{DIGEST}.png"}
    assert {f"media/{DIGEST}-40.webp", f"media/{DIGEST}-80.webp"} <= set(report.removed)
    put(config, photograph, jpeg())
    warm_is_cold(config)
    path = next((config.content / "threads").rglob("*.md"))
    text = path.read_text("utf-8")
    for other in (
        text.replace(".jpg", ".mp4"),
        text.replace("![", "["),
        text.replace(photograph, f"media/{DIGEST}.png"),
        text.replace("Seen from", "Heard from"),
    ):
        assert other != text
        path.write_text(other)
        warm_is_cold(config)


@pytest.mark.parametrize("when", [10**18, 4 * 10**18])
def test_another_picture_of_the_same_size_is_seen(config: Config, when: int) -> None:
    """Also where the first was too young to be known by its time: here, it is of the future."""
    for at, data in enumerate((jpeg(), jpeg((60, 30)), jpeg((90, 45)))):
        path = put(config, f"media/{DIGEST}.jpg", data.ljust(40_000, b"\0"))
        tick = at if when < 2 * 10**18 else 0  # some change, and have the same time
        os.utime(path, ns=(when, when + tick))
        warm_is_cold(config)
        (found,) = shown(config)
        assert found["width"] == ("120", "60", "90")[at]


def test_a_page_is_made_again_when_its_pictures_have_other_sizes(config: Config) -> None:
    build(config)
    put(config, f"media/{DIGEST}.jpg", jpeg(seed=2))
    report = build(config)
    assert set(report.written) == {
        f"media/{DIGEST}.jpg", f"media/{DIGEST}-40.webp", f"media/{DIGEST}-80.webp"
    }  # fmt: skip
    put(config, f"media/{DIGEST}.jpg", jpeg((60, 30)))
    report = build(config)
    assert {"index.html", "thread/bluesky-a0.html"} <= set(report.written)
    assert report.removed == (f"media/{DIGEST}-80.webp",)


def test_the_pictures_of_a_deleted_post_go_everywhere(config: Config) -> None:
    build(config)
    next((config.content / "threads").rglob("*.md")).unlink()
    (config.content / f"media/{DIGEST}.jpg").unlink()
    report = builds.build(config, min_share=0)
    assert f"media/{DIGEST}-40.webp" in report.removed
    assert not (config.output / "media").exists()
    assert not [*(config.cache / "images").iterdir()]


def test_the_pictures_of_a_hidden_post_go_too(config: Config) -> None:
    build(config)
    path = next((config.content / "threads").rglob("*.md"))
    path.write_text(path.read_text("utf-8").replace("---\n", "---\nhide: true\n", 1))
    build(config)
    assert not (config.output / "media").exists()
    assert not [*(config.cache / "images").iterdir()]


def test_what_is_lost_is_there_again(config: Config) -> None:
    build(config)
    expected = tree(config.output)
    small = config.output / f"media/{DIGEST}-40.webp"
    small.unlink()
    assert build(config).written == (f"media/{DIGEST}-40.webp",)
    small.write_bytes(b"other")
    assert build(config).written == (f"media/{DIGEST}-40.webp",)
    shutil.rmtree(config.output)
    build(config)
    assert not differences(tree(config.output), expected)
    shutil.rmtree(config.cache / "images")
    assert build(config).written == ()
    shutil.rmtree(config.output)
    build(config)
    assert not differences(tree(config.output), expected)
    for folder in (config.cache, config.output):
        shutil.rmtree(folder)
    build(config)
    assert not differences(tree(config.output), expected)


def test_a_lost_site_is_copied_from_the_cache(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(config)
    expected = tree(config.output)
    monkeypatch.setattr("sitegen.media.sizes.encode", None)
    shutil.rmtree(config.output)
    build(config)
    assert not differences(tree(config.output), expected)
    shutil.rmtree(config.output)
    for path in config.cache.glob("[0-9a-f]" * 8):
        shutil.rmtree(path)
    build(config)
    assert not differences(tree(config.output), expected)


def test_clean_leaves_nothing(config: Config) -> None:
    subprocess.run(COMMAND, cwd=config.root, check=True)
    subprocess.run([sys.executable, "-m", "sitegen", "clean", "-q"], cwd=config.root, check=True)
    assert not config.cache.exists()
    assert not config.output.exists()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_no_number_of_processes_changes_a_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork, forked = os.fork, list[int]()

    def record() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "fork", record)
    names = [f"media/p{number}.jpg" for number in range(9)]
    threads = [showing(f"t{n}x", *images(name), day=n) for n, name in enumerate(names)]
    config = site(tmp_path, *threads)
    for number, name in enumerate(names):
        put(config, name, b"broken" if number == 4 else jpeg((60 + 20 * number, 90), number))
    put(config, names[5], jpeg()[:900])
    found = []
    for jobs in (1, 3, 16):
        shutil.rmtree(config.cache, ignore_errors=True)
        shutil.rmtree(config.output, ignore_errors=True)
        (config.root / "sitegen.toml").write_text(f"{WIDTHS}jobs = {jobs}\n")
        forked.clear()
        warnings = build(config).warnings
        assert len(forked) == (0 if jobs == 1 else min(jobs, len(names)))
        found.append((tree(config.output), warnings))
    assert len([name for name in found[0][0] if name.endswith(".webp")]) == 12
    assert not differences(found[1][0], found[0][0])
    assert not differences(found[2][0], found[0][0])
    assert [warnings for _, warnings in found] == [found[0][1]] * 3
    assert "p5.jpg: it cannot be decoded" in str(found[0][1])


def test_no_name_is_taken_twice(tmp_path: Path) -> None:
    twins = ["media/a.jpg", "media/a.png", f"media/{DIGEST}.jpg", f"media/{DIGEST}.png"]
    long, odd = f"media/{'ü' * 120}.jpg", "media/deep/a b, #1?.jpg"
    names = [*twins, long, odd, "media/no-ending", "media/comma,"]
    config = site(tmp_path, showing("a", *images(*names)), toml=WIDTHS)
    for number, name in enumerate(names):
        put(config, name, jpeg(seed=number))
    mine = urls.picture_variant("media/a.jpg", 40, "webp")
    put(config, mine, b"mine")
    build(config)
    assert (config.output / mine).read_bytes() == b"mine"
    made = [path for path in config.output.rglob("*.webp") if path.read_bytes() != b"mine"]
    assert len(made) == 2 * len(names) - 1 - 2  # two names differ by their endings alone
    for found in shown(config):
        for piece in filter(None, (found.get("srcset") or "").split(", ")):
            link = piece.split(" ")[0]
            assert (config.output / "thread" / unquote(link)).is_file()
            assert re.fullmatch(r"\S+[^\s,] \d+w", piece)


@pytest.mark.parametrize("path", ["media/a.jpg", f"media/{DIGEST}.jpg", "media/" + "x" * 250])
@pytest.mark.parametrize("width", [1, 640, 8192])
def test_addresses_are_beside_the_picture_and_not_too_long(path: str, width: int) -> None:
    address = urls.picture_variant(path, width, "webp")
    assert re.fullmatch(rf"media/[^/]+-{width}\.webp", address)
    assert len(address) < 200


SMALL = re.compile(
    r'(?s)<p class="thumbnails"( aria-hidden="true")?><a href="[^"]+"(?: tabindex="-1")?>(.*?)</a>'
)


def thumbnails(config: Config, page: str = "date/2024-01.html") -> list[tuple[bool, str]]:
    """Return each line's row of pictures: whether it is hidden from screen readers, and what."""
    text = (config.output / page).read_text("utf-8")
    return [
        (
            bool(hidden),
            " ".join(
                f"{img[0]}={img[1]}" for img in re.findall(r'src="([^"]+)".*?alt="([^"]*)"', row)
            )
            + "".join(re.findall(r'<bdi class="count">(.*?)</bdi>', row)),
        )
        for hidden, row in SMALL.findall(text)
    ]


def test_listings_show_the_first_four_pictures_small(tmp_path: Path) -> None:
    alts = ("A fox", None, "A hen", "An egg", "A nest", "A feather")
    media = [Media("image", f"media/{n}.jpg", alt) for n, alt in enumerate(alts)]
    widths = "[build]\nimage_widths = [100, 200, 210]\n"
    config = site(tmp_path, showing("a", *media, Media("video", "media/7.mp4")), toml=widths)
    for n in range(6):
        put(config, f"media/{n}.jpg", jpeg((220, 40), seed=n))
    build(config)
    small = [f"../{urls.picture_variant(f'media/{n}.jpg', 200, 'webp')}" for n in range(4)]
    row = f"{small[0]}=A fox {small[1]}= {small[2]}=A hen {small[3]}=An egg+2"
    assert thumbnails(config) == thumbnails(config, "tag/sky.html") == [(False, row)]
    text = (config.output / "tag/sky.html").read_text("utf-8")
    assert '<p class="line-foot">7 attachments</p>' in text


def test_a_large_file_without_smaller_versions_is_in_no_listing(tmp_path: Path) -> None:
    toml = "[build]\nimage_sizes = false\n"
    threads = (
        showing("a", *images("media/large.jpg", "media/small.jpg"), day=2),
        showing("b", *images("media/large.jpg"), day=1),
    )
    config = site(tmp_path, *threads, toml=toml)
    put(config, "media/large.jpg", jpeg((300, 200)))
    put(config, "media/small.jpg", jpeg((30, 20)))
    assert (config.content / "media/large.jpg").stat().st_size > 60_000
    build(config)
    assert thumbnails(config) == [(False, "../media/small.jpg=A picture+1")]


def test_no_listing_shows_a_picture_behind_a_warning(tmp_path: Path) -> None:
    posts = (
        replace(showing("a", *images("media/a.jpg")).posts[0], warning="Foxes"),
        replace(
            showing("a1", *images("media/b.jpg")).posts[0], reply_to="a0", text="Nothing to fear"
        ),
    )
    warned = Thread("a0", "bluesky", posts)
    answer = replace(posts[1], id="c1", reply_to="c0", warning="")
    root = replace(showing("c").posts[0], id="c0")
    config = site(tmp_path, warned, Thread("c0", "bluesky", (root, answer)))
    put(config, "media/a.jpg", jpeg())
    put(config, "media/b.jpg", jpeg(seed=2))
    build(config)
    assert thumbnails(config) == []
    assert "media/" not in (config.output / "date/2024-01.html").read_text("utf-8")


def test_the_line_of_a_reply_shows_its_own_pictures_only(tmp_path: Path) -> None:
    root, other, answer = thread("a", "A dome", "Whose?", "Ours", day=3).posts
    posts = (
        replace(root, media=images("media/a.jpg")),
        replace(other, media=images("media/b.jpg"), author=Author("bo.example", "did:plc:bo")),
        replace(answer, media=(Media("image", "media/c.jpg", "A kettle"),)),
    )
    config = site(tmp_path, Thread("a0", "bluesky", posts), thread("b", "Fog"))
    for n, name in enumerate("abc"):
        put(config, f"media/{name}.jpg", jpeg((30, 30), seed=n))
    build(config)
    own = "../media/a.jpg=A picture ../media/b.jpg=A picture ../media/c.jpg=A kettle"
    assert thumbnails(config) == [(False, "../media/c.jpg=A kettle"), (False, own)]
    lines = "media/b.jpg=A picture", "media/c.jpg=A kettle"
    assert sorted(thumbnails(config, "replies.html")) == [(False, line) for line in lines]


def quoting(identity: str, *quoted: str) -> Thread:
    """Return a thread whose posts quote others."""
    found = thread(identity, *(f"See {name}" for name in quoted))
    posts = zip(found.posts, quoted, strict=True)
    return Thread(found.id, found.network, tuple(replace(p, quote_of=q) for p, q in posts))


def quoted_pictures(config: Config) -> list[str]:
    """Return the pictures in quotes on the page of a thread."""
    text = (config.output / "thread/bluesky-q0.html").read_text("utf-8")
    found = re.findall(r'class="quote-picture" src="([^"]+)".*?alt="([^"]*)"', text)
    return [f"{source}={alt}" for source, alt in found]


def test_a_quote_shows_the_first_picture_of_a_post_unless_it_is_behind_a_warning(
    tmp_path: Path,
) -> None:
    root, reply = thread("a", "The dome", "And its inside").posts
    answer = replace(
        reply, media=(Media("video", "media/v.mp4"), Media("image", "media/b.jpg", "A kettle"))
    )
    answered = Thread("a0", "bluesky", (replace(root, media=images("media/a.jpg")), answer))
    dome, again = [replace(p, media=images("media/a.jpg")) for p in thread("c", "Dome", "It").posts]
    warned = Thread("c0", "bluesky", (replace(dome, warning="Domes"), again))
    config = site(tmp_path, answered, warned, quoting("q", "a1", "c0", "gone", "a0"), toml=WIDTHS)
    for n, name in enumerate("ab"):
        put(config, f"media/{name}.jpg", jpeg((30, 30), seed=n))
    build(config)
    both = ["../media/b.jpg=A kettle", "../media/a.jpg=A picture"]
    assert quoted_pictures(config) == both
    text = (config.output / "feed.xml").read_text("utf-8")
    assert "See a1" in text  # whose quotes have no pictures
    put(config, "media/b.jpg", jpeg((300, 200)))
    warm_is_cold(config)
    small = urls.picture_variant("media/b.jpg", 80, "webp")
    assert quoted_pictures(config) == [f"../{small}=A kettle", both[1]]
    file = next((config.content / "threads").rglob("*the-dome*"))
    file.write_text(file.read_text("utf-8").replace("A kettle", "A cup"))
    warm_is_cold(config)
    assert quoted_pictures(config) == [f"../{small}=A cup", both[1]]
    (config.content / "media/a.jpg").unlink()
    warm_is_cold(config)
    assert quoted_pictures(config) == [f"../{small}=A cup"]


def test_a_row_of_pictures_does_not_repeat_the_words_of_its_line(tmp_path: Path) -> None:
    alt = "A fox on the dome, " * 20
    found = showing("a", Media("image", "media/a.jpg", alt))
    silent = Thread(found.id, found.network, (replace(found.posts[0], text="", tags=()),))
    config = site(tmp_path, silent)
    put(config, "media/a.jpg", jpeg((30, 20)))
    build(config)
    assert thumbnails(config) == [(True, "../media/a.jpg=")]


def test_the_digest_of_a_line_covers_its_pictures_but_not_its_place() -> None:
    found = showing("a", *images("media/a.jpg"))
    stored = tuple([StoredPost(post, None, False) for post in found.posts])
    kinds = kinds_of(found.posts)
    parsed = thread_entries.ParsedThread("a.md", b"a", NO_HEADING, stored, kinds)
    line = thread_entries.thread_entry(parsed, ENGLISH)
    refs = [
        ThumbnailRefs(position, (("media/a.jpg", path),), more)
        for position, path, more in ((0, "a", 0), (5, "a", 0), (0, "b", 0), (0, "a", 1))
    ]
    first, same, *others = [line.with_thumbnails(each).digest for each in refs]
    assert first == same
    assert len({line.digest, first, *others}) == 4


def test_a_listing_is_made_again_when_its_pictures_have_other_sizes(config: Config) -> None:
    build(config)
    before = thumbnails(config)
    (config.root / "sitegen.toml").write_text("[build]\nimage_sizes = false\n")
    warm_is_cold(config)
    put(config, f"media/{DIGEST}.jpg", jpeg((20, 10)))
    warm_is_cold(config)
    assert before == thumbnails(config) == [(False, f"../media/{DIGEST}.jpg=A picture")]
    (config.content / f"media/{DIGEST}.jpg").unlink()
    warm_is_cold(config)
    assert thumbnails(config) == []


def test_feeds_and_previews_keep_the_picture_itself(config: Config) -> None:
    (config.root / "sitegen.toml").write_text(WIDTHS + '[site]\nbase_url = "https://a.example"\n')
    build(config)
    for name, data in tree(config.output).items():
        if name.endswith((".xml", ".json")):
            assert b".webp" not in data, name
    page = (config.output / "thread/bluesky-a0.html").read_text("utf-8")
    assert f'content="https://a.example/media/{DIGEST}.jpg"' in page


def test_a_broken_pillow_is_as_none(config: Config, tmp_path: Path) -> None:
    (tmp_path / "broken/PIL").mkdir(parents=True)
    (tmp_path / "broken/PIL/__init__.py").write_text("raise ImportError('no such library')")
    paths = [str(tmp_path / "broken"), os.environ.get("PYTHONPATH", "")]
    world = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    subprocess.run(COMMAND, cwd=config.root, check=True, env=world)
    assert sizes(config) == {f"{DIGEST}.jpg"}


def test_the_build_takes_three_things_from_the_room_of_media() -> None:
    package = Path(builds.__file__).parent
    named = re.compile(
        r"sitegen\.media\S*|from sitegen import .*\bmedia\b.*|from sitegen\.media import .*"
    )
    found = {m[0] for p in package.rglob("*.py") for m in named.finditer(p.read_text("utf-8"))}
    assert found == {
        "from sitegen.media import sizes", "sitegen.media.sizes", "sitegen.media.active_content",
        "from sitegen.media import publishing",
        "sitegen.media.sniffing",
    }  # fmt: skip


def test_an_executor_makes_the_same(config: Config) -> None:
    for number in range(6):
        put(config, f"media/p{number}.jpg", jpeg(seed=number))
    names = [f"media/p{number}.jpg" for number in range(6)]
    store.write(store.merge(ArchiveIndex(config.content), (showing("b", *images(*names)),), ()))
    with ProcessPoolExecutor(2) as executor:
        builds.build(config, executor=executor)
    assert len([*config.output.rglob("*.webp")]) == 14
    assert not differences(tree(config.output), cold(config))


Step = Callable[[Config], object]


def _settings(text: str) -> Step:
    return lambda config: (config.root / "sitegen.toml").write_text(text)


def _picture(name: str, data: bytes) -> Step:
    return lambda config: put(config, f"media/{name}", data)


def _without(*folders: str) -> Step:
    def lose(config: Config) -> None:
        for folder in folders:
            shutil.rmtree(config.root / folder, ignore_errors=True)

    return lose


NAMES = ("a.jpg", "a.png", f"{DIGEST}.jpg")
STEPS: dict[str, Step] = {
    **{f"{name} {size}": _picture(name, jpeg((size, 30), size)) for name in NAMES for size in (30, 70, 130)},
    **{f"{name} {what}": _picture(name, data) for name in NAMES for what, data in LEFT_ALONE.items()},
    **{f"{name} cut off": _picture(name, jpeg()[:900]) for name in NAMES},
    "widths": _settings("[build]\nimage_widths = [40, 60]\n"),
    "avif": _settings('[build]\nimage_widths = [40, 80]\nimage_format = "avif"\n'),
    "off": _settings("[build]\nimage_sizes = false\n"),
    "as it was": _settings(WIDTHS),
    "no sizes": _without(".sitegen/images"),
    "no cache": _without(".sitegen"),
    "no site": _without("public"),
    "no media": _without("content/media"),
    "no site, no sizes": _without("public", ".sitegen/images"),
    "old": aged,
}  # fmt: skip


@given(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=8))
@settings(max_examples=max(1, settings().max_examples // 6))
def test_whatever_happens_warm_is_cold(steps: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shows = [showing(f"t{n}x", *images(f"media/{name}")) for n, name in enumerate(NAMES)]
        found = site(Path(folder), *shows, toml=WIDTHS)
        put(found, "media/a.jpg", jpeg())
        build(found)
        for step in steps:
            STEPS[step](found)
            warm_is_cold(found)


def test_a_picture_is_still_the_one_that_was_imported(config: Config) -> None:
    data = (config.content / f"media/{DIGEST}.jpg").read_bytes()
    build(config)
    assert (config.output / f"media/{DIGEST}.jpg").read_bytes() == data
    assert (config.content / f"media/{DIGEST}.jpg").read_bytes() == data
    assert Image.open(BytesIO(data)).size == (120, 60)


def album(config: Config, page: str) -> list[tuple[str, str]]:
    """Return where the pictures of an album lead to, and their descriptions."""
    text = (config.output / page).read_text("utf-8")
    return re.findall(r'<li><a href="([^"]+)"><img src="[^"]+" [^>]*? alt="([^"]*)"', text)


def test_an_album_has_the_pictures_of_an_account_and_leads_to_their_posts(tmp_path: Path) -> None:
    root, other, answer = thread("a", "A dome", "Whose?", "Ours", day=3).posts
    bo = Author("bo.example", "did:plc:bo")
    posts = (
        replace(root, media=images("media/a.jpg")),
        replace(other, media=images("media/b.jpg"), author=bo),
        replace(answer, media=(Media("image", "media/c.jpg", "A kettle"),)),
    )
    warned = replace(thread("w", "Spiders").posts[0], media=images("media/d.jpg"), warning="Legs")
    repost = replace(thread("r", "").posts[0], media=images("media/e.jpg"), repost_of="x")
    threads = (
        Thread("a0", "bluesky", posts),
        *(Thread(p.id, "bluesky", (p,)) for p in (warned, repost)),
    )
    config = site(tmp_path, *threads)
    for n, name in enumerate("abcde"):
        put(config, f"media/{name}.jpg", jpeg((30, 30), seed=n))
    build(config)
    everything = [
        ("thread/bluesky-a2.html", "A kettle"), ("thread/bluesky-a1.html", "A picture"),
        ("thread/bluesky-a0.html", "A picture"),
    ]  # fmt: skip
    assert album(config, "pictures.html") == everything
    (page,) = (config.output / "profile").glob("bluesky-ada.example/pictures.html")
    own = [(f"../../{path}", alt) for path, alt in everything if "a1" not in path]
    assert album(config, page.relative_to(config.output).as_posix()) == own
    assert '<a href="pictures.html">Pictures <span class="count">3</span></a>' in (
        config.output / "index.html"
    ).read_text("utf-8")
    path = next(path for path in config.content.rglob("*.md") if "a-dome" in path.name)
    path.write_text(path.read_text("utf-8").replace("A kettle", "A black kettle"), "utf-8")
    build(config)
    assert ("thread/bluesky-a2.html", "A black kettle") in album(config, "pictures.html")
    assert differences(tree(config.output), cold(config)) == []
