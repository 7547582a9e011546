"""Links and pictures in pages, posts and bios: where they lead, and what is said of the rest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from english import ENGLISH
from hypothesis import example, given
from hypothesis import strategies as st
from media.pictures import picture, saved
from test_build import site, thread
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.errors import AddressError
from sitegen.site import build as builds
from sitegen.site import run
from sitegen.site.build import Report
from sitegen.site.markup import references
from sitegen.site.markup.markdown import document_html
from sitegen.site.parsing.file_reader import Reader
from sitegen.site.plan.files import named_files
from sitegen.site.render import theme
from sitegen.site.render.renderer import Renderer
from sitegen.site.views.template_values import Document

PNG = saved(picture(), "PNG")
PAGE = "# About\n\n"
PROFILE = '---\nnetwork: "bluesky"\nid: "ada.example"\nhandle: "ada.example"\n---\n\nI'
SEGMENTS = st.sampled_from(["..", ".", "", "a", "b", "media", "ä b", "%2e%2e", "etc"])
PATHS = st.lists(SEGMENTS, min_size=1, max_size=6).map("/".join)
SOURCES = st.sampled_from(["about.md", "notes/a.md", "threads/2024/05/a.md"])


@given(SOURCES, PATHS)
def test_no_address_leaves_content_and_each_resolves_as_a_path_does(source: str, path: str) -> None:
    found = [place for place in named_files.candidates(source, path) if place]
    for place in found:
        joined = os.path.normpath(os.path.join("/content", place))
        assert joined.startswith("/content/")
    decoded = named_files.path_of(path)
    expected = os.path.normpath(os.path.join("/content", os.path.dirname(source), decoded))
    is_file = not decoded.startswith("/") and not decoded.endswith("/")
    if is_file and expected.startswith("/content/"):
        assert found[0] == expected.removeprefix("/content/")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return the config of a site with a page, a picture beside it and two threads, not built."""
    found = site(tmp_path, thread("a", "Heron words", "More words"), thread("b", "Fen", day=2))
    put(found, "img/dog.jpg", saved(picture(), "JPEG"))
    put(found, "media/heron.png", PNG)
    put(found, "notes/other.md", b"# Other")
    return found


def put(config: Config, name: str, data: bytes | str) -> Path:
    """Write a file of content/."""
    path = config.content / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def file_of(config: Config, identity: str) -> Path:
    """Return the file of the thread that begins with this post."""
    (path,) = [p for p in config.content.rglob("*.md") if f"post {identity} " in p.read_text()]
    return path


def edit(config: Config, identity: str, old: str, new: str) -> Path:
    """Replace a text in a thread's file."""
    path = file_of(config, identity)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def page(config: Config, name: str = "about.html") -> str:
    """Build; return what is on a page, without the warnings being looked at."""
    builds.build(config)
    return (config.output / name).read_text("utf-8")


def addresses(html: str) -> list[str]:
    """Return the addresses of a page's own text."""
    own = re.split(r'class="e-content[^>]*>', html, maxsplit=1)[1].partition("</article>")[0]
    return re.findall(r'(?:href|src|poster)="([^"]*)"', own)


def is_cold(config: Config, report: Report) -> None:
    """Check that a build's output and warnings are those of a build without a cache."""
    warm = tree(config.output)
    with tempfile.TemporaryDirectory() as folder:
        elsewhere = config.paths._replace(output=f"{folder}/output", cache=f"{folder}/cache")
        cold = config._replace(paths=elsewhere)
        assert builds.build(cold).warnings == report.warnings
        assert not differences(warm, tree(cold.output))


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("img/dog.jpg", "img/dog.jpg"),
        ("./img/../img/dog.jpg", "img/dog.jpg"),
        ("img/%64og.jpg?x=1#y", "img/dog.jpg?x=1#y"),
        ("notes/other.md", "notes/other.html"),
        ("notes/other.md#part", "notes/other.html#part"),
        ("media/heron.png", "media/heron.png"),
        ("tags.html", "tags.html"),
        ("https://far.example/other.md", "https://far.example/other.md"),
        ("/notes/other.md", "/notes/other.md"),
        ("#about", "#about"),
        ("?x", "?x"),
        ("mailto:a@far.example", "mailto:a@far.example"),
    ],
)
def test_an_address_of_a_page_leads_there(config: Config, written: str, leads_to: str) -> None:
    put(config, "about.md", f"{PAGE}[a]({written}) [b]({written} 'T') [c][r]\n\n[r]: {written}")
    edit(config, "a0", "\nHeron words", f"\n[Heron](<../../{written}>) words")
    assert addresses(page(config)) == [leads_to] * 3


@pytest.mark.parametrize(
    "name",
    ["a b.pdf", "100%.pdf", "a%20b.pdf", "a#b.pdf", "a?b.pdf", "é.pdf", "a:b.pdf", "a&b.pdf"],
)
def test_a_file_of_any_name_is_copied_and_can_be_linked(config: Config, name: str) -> None:
    put(config, f"files/{name}", b"%PDF-1.4\n%%EOF\n")
    put(config, name, b"%PDF-1.4\n")
    put(config, "about.md", f"{PAGE}[a](<files/{quote(name)}>) [b](<./{quote(name)}#page=2>)")
    for address in addresses(page(config)):
        target = urlsplit(urljoin("https://a.example/about.html", unescape(address)))
        assert target.netloc == "a.example"
        assert unquote(target.path).removeprefix("/") in (f"files/{name}", name)
    assert {f"files/{name}", name} <= tree(config.output).keys()
    assert builds.build(config).warnings == ()


def test_a_post_leads_there_from_every_page_and_feed(config: Config) -> None:
    toml = '[site]\nbase_url = "https://ada.example/x/"\n'
    (config.root / "sitegen.toml").write_text(toml, "utf-8")
    found = configs.load(config.root / "sitegen.toml")
    edit(found, "a0", "\nHeron words", "\n![D](../../img/dog.jpg) [o](../../notes/other.md) words")
    assert addresses(page(found, "thread/bluesky-a0.html"))[:2] == [
        "../img/dog.jpg", "../notes/other.html",
    ]  # fmt: skip
    assert 'src="img/dog.jpg"' in (found.output / "index.html").read_text("utf-8")
    for name in ("feed.xml", "feed.json"):
        text = (found.output / name).read_text("utf-8").replace('\\"', '"')
        assert 'src="https://ada.example/x/img/dog.jpg"' in text
        assert 'href="https://ada.example/x/notes/other.html"' in text


def test_a_bio_leads_there_from_every_page(config: Config) -> None:
    put(config, "profiles/ada.md", f"{PROFILE} keep [notes](../notes/other.md), with **care**.")
    builds.build(config)
    for name, root in (("profile/bluesky-ada.example.html", "../"), ("profiles.html", "")):
        assert f'href="{root}notes/other.html"' in (config.output / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("fragment", "path"),
    [
        ("", "thread/bluesky-a0.html"),
        ("#a0", "thread/bluesky-a0.html"),
        ("#a1", "thread/bluesky-a1.html"),
        ("#post-a1", "thread/bluesky-a1.html"),
        ("#post%20a1", "thread/bluesky-a1.html"),
    ],
)
def test_a_link_to_a_thread_leads_to_the_post_that_it_names(
    config: Config, fragment: str, path: str
) -> None:
    name = file_of(config, "a0").relative_to(config.content).as_posix()
    put(config, "about.md", f"{PAGE}[a]({name}{fragment})")
    assert addresses(page(config)) == [path]
    without = config._replace(build=config.build._replace(post_pages=False))
    anchored = path if path.endswith("a0.html") else "thread/bluesky-a0.html#post-a1"
    assert addresses(page(without)) == [anchored]


PROBLEMS = {
    "![D](img/dgo.jpg)": "there is no img/dgo.jpg, so its description is shown instead; did you mean img/dog.jpg?",
    "[D](dog.jpg)": "there is no dog.jpg, so its text is shown instead; did you mean img/dog.jpg?",
    "[D](img/DOG.jpg)": "there is no img/DOG.jpg, so its text is shown instead; did you mean img/dog.jpg?",
    "<img src='x.png'>": "there is no x.png, so its description is shown instead",
    "[D](../../etc/passwd)": "../../etc/passwd is outside of content/, so its text is shown instead",
    "![D](%2e%2e/secret.png)": "../secret.png is outside of content/, so its description is shown instead",
    "[D](img/)": "img/ is a folder, so its text is shown instead; name a file",
    "[D](linked.pdf)": "linked.pdf is a link, so its text is shown instead; put the file itself there",
    "[D](folder/a.pdf)": "folder is a link, so its text is shown instead; put the file itself there",
    "[D](hidden.md)": "there is no hidden.md, so its text is shown instead",
    "[D](tagz.html)": "there is no page tagz.html on the site",
    "[D](../media/heron.png)": "the address ../media/heron.png should be media/heron.png, which was meant",
    "[D](THREAD#a9)": "there is no post a9 in THREAD, so its text is shown instead",
    "[D](old.tiff)": "old.tiff is not published: its metadata could not be removed, and it may reveal where it was made",
}  # fmt: skip


@pytest.mark.parametrize("written", PROBLEMS)
def test_what_leads_nowhere_is_named_with_its_line_and_is_an_error_if_strict(
    config: Config, written: str
) -> None:
    name = file_of(config, "a0").relative_to(config.content).as_posix()
    outside = config.root / "outside"
    outside.mkdir()
    (outside / "a.pdf").write_bytes(b"%PDF-1.4\n")
    (config.content / "linked.pdf").symlink_to(outside / "a.pdf")
    (config.content / "folder").symlink_to(outside)
    put(config, "hidden.md", "---\nhide: true\n---\n# Hidden")
    put(config, "old.tiff", b"II*\0 a picture")
    put(config, "about.md", f"{PAGE}Words\n\nand {written.replace('THREAD', name)} more")
    report = builds.build(config)
    ours = [w for w in report.warnings if not w.startswith(str(config.content / "folder"))]
    assert ours == [f"{config.content / 'about.md'}:5: {PROBLEMS[written].replace('THREAD', name)}"]
    assert run.strict_error(report)
    shown = (config.output / "about.html").read_text("utf-8")
    if "instead" in PROBLEMS[written]:
        assert addresses(shown) == []
        what = "[Image without a description]" if "<img" in written else "D"
        assert f"<p>and {f'[{what}]' if written[0] == '!' else what} more</p>" in shown
    is_cold(config, report)


FIELDS = {
    "image: img/dgo.jpg": "there is no img/dgo.jpg; did you mean img/dog.jpg?",
    "image: {thumb: [dog.jpg, img/dog.jpg]}": "there is no dog.jpg; did you mean img/dog.jpg?",
    'image: "../../secret.png"': "../../secret.png is outside of content/",
    "image: folder/a.png": "folder is a link; put the file itself there",
    "image: media/herno.png": "there is no media/herno.png; did you mean media/heron.png?",
    "image: old.tiff": "old.tiff is not published: its metadata could not be removed, and it may reveal where it was made",
    "image: secret.md.png": "there is no secret.md.png",
}  # fmt: skip


@pytest.mark.parametrize("written", FIELDS)
def test_a_field_that_names_no_picture_is_named_with_its_line_and_is_an_error_if_strict(
    config: Config, written: str
) -> None:
    (config.root / "outside").mkdir()
    (config.content / "folder").symlink_to(config.root / "outside")
    put(config, "old.tiff", b"II*\0 a picture")
    put(config, "about.md", f"---\ntitle: About\n{written}\n---\nWords\n")
    report = builds.build(config)
    ours = [w for w in report.warnings if not w.startswith(str(config.content / "folder"))]
    assert ours == [f"{config.content / 'about.md'}:3: {FIELDS[written]}"]
    assert run.strict_error(report)
    is_cold(config, report)


# What leads to the same file is in another site: each copies it.
SHOWN = (
    {
        "img/dog.jpg": "../img/dog.jpg",
        "beside.jpg": "../notes/beside.jpg",
        "'my%20cat.jpg'": "../notes/my%20cat.jpg",
        "media/heron.png": "../media/heron.png",
        "static/own.svg": "../static/own.svg",
        "top.png": "../top.png",
        "https://example.org/a.jpg": "https://example.org/a.jpg",
        "/a.jpg": "/a.jpg",
        "I saw a dog.jpg": "../I%20saw%20a%20dog.jpg",
        "dog": "../dog",
    },
    {"../img/dog.jpg": "../img/dog.jpg", "my cat.jpg": "../notes/my%20cat.jpg"},
)


@pytest.mark.parametrize("fields", SHOWN, ids=["all", "another way"])
def test_a_field_leads_to_the_picture_that_it_names(config: Config, fields: dict[str, str]) -> None:
    files = {
        "static/own.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "root/top.png": "a picture",
        "templates/cover.html": "{% set p = document.fields.cover.pictures[0] %}"
        "{{ p if p.startswith(('/', 'https:')) else p | href(page) }}",
    }
    for name, text in files.items():
        (config.root / name).parent.mkdir(exist_ok=True)
        (config.root / name).write_text(text, "utf-8")
    for name in ("beside.jpg", "my cat.jpg"):
        put(config, f"notes/{name}", saved(picture(), "JPEG"))
    for number, value in enumerate(fields):
        head = f"---\ntemplate: cover.html\ncover: {{pictures: [{value}]}}\n---\n"
        put(config, f"notes/a{number}.md", f"{head}No picture here\n")
    report = builds.build(config)
    assert report.warnings == ()
    for number, shown in enumerate(fields.values()):
        assert (config.output / f"notes/a{number}.html").read_text("utf-8") == shown
        is_file = (config.output / "notes" / unquote(shown)).is_file()
        assert is_file == (".." in shown and shown not in ("../I%20saw%20a%20dog.jpg", "../dog"))
    is_cold(config, report)


def test_the_command_ends_with_an_error_if_strict(config: Config) -> None:
    put(config, "about.md", f"{PAGE}![D](img/dgo.jpg)")
    command = [sys.executable, "-m", "sitegen", "build", "--strict"]
    ended = subprocess.run(command, cwd=config.root, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "content/about.md:3: there is no img/dgo.jpg" in ended.stderr


def test_a_page_is_rendered_once_for_its_addresses_and_to_be_shown(config: Config) -> None:
    put(config, "about.md", f"{PAGE}![D](img/dog.jpg)")
    reader = Reader(config.content, ENGLISH)
    renderer = Renderer(theme.load(config), config, ENGLISH, reader)
    page = reader.item("about.md")
    assert isinstance(page, Document)
    assert [reference.address for reference in page.references] == ["img/dog.jpg"]
    assert "<img" in renderer.filters()["document"](page)
    calls = reader.document_html.cache_info()
    assert calls.misses == 1


def test_code_and_what_nobody_names_is_not_copied(config: Config) -> None:
    put(config, "files/a.pdf", b"%PDF-1.4\n")
    put(
        config,
        "about.md",
        f"{PAGE}`[a](files/a.pdf)`\n\n    [a](files/a.pdf)\n\n\\[a](files/a.pdf)",
    )
    edit(config, "a0", "\nHeron words", "\nHeron \\[words\\](../../files/a.pdf)")
    assert "%PDF" not in str(sorted(tree(config.output).values())) + page(config)
    assert builds.build(config).warnings == ()


@pytest.mark.parametrize("hidden", ["hide: true", "draft: true", "visibility: private"])
def test_what_only_hidden_texts_name_is_not_copied(config: Config, hidden: str) -> None:
    put(config, "files/a.pdf", b"%PDF-1.4\n")
    put(config, "about.md", f"---\n{hidden}\n---\n[a](files/a.pdf) ![](media/./heron.png)")
    edit(config, "a1", "\nMore words", "\n[More](../../files/a.pdf) words")
    edit(config, "a1", '{"id": "a1"', '{"id": "a1", "hide": true')
    report = builds.build(config)
    assert not {"files/a.pdf", "media/heron.png"} & tree(config.output).keys()
    edit(config, "a1", '"hide": true', '"hide": false')
    report = builds.build(config)
    assert "files/a.pdf" in tree(config.output)
    is_cold(config, report)


def test_a_file_is_published_without_its_metadata_and_under_a_safe_name(config: Config) -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x10\x01\x02\0\x09\0\0\0\x1a\0\0\0\0\0\0\0Zebracam\0"
    taken = saved(picture(), "JPEG", exif=exif)
    assert b"Zebracam" in taken
    put(config, "img/dog.jpg", taken)
    put(config, "img/page.html", "<script>alert(1)</script>")
    put(config, "about.md", f"{PAGE}![D](img/dog.jpg) [p](img/page.html)")
    assert addresses(page(config)) == ["img/dog.jpg", "img/page-html.txt"]
    files = tree(config.output)
    assert b"Zebracam" not in files["img/dog.jpg"]
    assert (files["img/dog.jpg"][:2], files["img/dog.jpg"][-2:]) == (b"\xff\xd8", b"\xff\xd9")
    assert (config.content / "img/dog.jpg").read_bytes() == taken
    is_cold(config, builds.build(config))


def test_a_file_with_the_address_of_a_page_is_an_error_that_names_both(config: Config) -> None:
    put(config, "robots.txt", "Disallow")
    put(config, "about.md", f"{PAGE}[a](robots.txt)")
    with pytest.raises(
        AddressError, match=r"content/robots\.txt and robots\.txt both claim robots\.txt"
    ):
        builds.build(config)


@pytest.mark.slow
def test_pages_follow_their_targets(config: Config) -> None:
    """Whatever happens to a target, the pages that name it are made anew, and no others."""
    name = file_of(config, "b0").relative_to(config.content).as_posix()
    links = f"![D](img/dog.jpg) [n](notes/new.md) [b]({name}#b0) ![M](img/more.jpg)"
    put(config, "about.md", PAGE + links)
    edit(config, "a0", "\nHeron words", f"\nHeron ![D](../../img/dog.jpg) [b](../../{name}) words")
    builds.build(config)
    steps: tuple[Callable[[], object], ...] = (
        lambda: put(config, "notes/new.md", "# New"),
        lambda: put(config, "img/more.jpg", PNG),
        lambda: (config.content / "img/more.jpg").rename(config.content / "img/less.jpg"),
        lambda: put(config, "img/dog.jpg", saved(picture(), "PNG")),
        lambda: (config.content / "img/dog.jpg").unlink(),
        lambda: (config.content / "img/dog.jpg").symlink_to(config.content / "img/less.jpg"),
        lambda: put(config, "notes/new.md", "---\nhide: true\n---\n# New"),
        lambda: edit(config, "b0", '"b0"', '"b7"') and edit(config, "b0", "post b0", "post b7"),
        lambda: (config.content / name).rename(config.content / "threads/b.md"),
        lambda: put(config, "about.md", PAGE + links.replace("img/more.jpg", "img/less.jpg")),
        lambda: put(config, "about.md", f"{PAGE}\n\n{links}"),
    )
    for number, step in enumerate(steps):
        step()
        try:
            is_cold(config, builds.build(config))
            again = builds.build(config)
            assert not [name for name in again.written if name.endswith((".html", ".xml"))]
        except AssertionError as error:
            raise AssertionError(f"after step {number}: {error}") from error


PIECES = (
    "[x](", "![x](", ")", "a.md", "<a b.md>", "https://a.example", "#a", "/a", "[x]: ", "[^x]: ", "[x]", "\n", "\n\n", "    ",
    "<a href=", "<img src = ", "<video\nsrc='", "'", ">", "`", "\\", " ", "- ", "> ", "&#46;", "c:d",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
@example("[x]:\n\na.md\n\n[x]")
@example("[x]:\n a.md\n\n[x]")
@example("[x](\na.md)")
def test_no_text_is_skipped_whose_html_has_a_relative_address(body: str) -> None:
    if list(references.addresses(document_html(body))):
        assert references.may_refer(body)


@pytest.mark.parametrize(
    "body",
    ["[a](https://a.example)", "[a](<https://a.example/b c>)", "[^1]: a", "[a]: https://a.example", "a = b", "[a](#b)"],
)  # fmt: skip
def test_an_ordinary_text_costs_no_second_rendering(body: str) -> None:
    assert not references.may_refer(body)
