"""Words in another language than the site's say so (WCAG 3.1.2), on pages and in feeds."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import html5lib
import html_trees
import pytest
from media.pictures import picture, saved
from msgspec.structs import replace
from test_build import ALL_FEEDS, cold, site
from trees import differences, tree

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.model import (
    Author,
    Counts,
    Elsewhere,
    Media,
    Poll,
    PollOption,
    Post,
    Profile,
    Thread,
    Version,
)  # fmt: skip
from sitegen.site import build as builds

WORD = "Zqwم"  # in every line, description and answer of the posts, and nowhere else
FORMER = "20240209t1000-0123abcd"  # a derived id
ADA = Author("ada.example", "did:plc:ada", "Ada")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ATOM = "{http://www.w3.org/2005/Atom}"
SETTINGS = f"{ALL_FEEDS}thread_size = 2\npage_size = 2\nfeed_size = 50\n"
SETTINGS += '[[collection]]\ntitle = "7"\nquery = "-nothing"\ndescription = "8"\n'


def post(identity: str, text: str, day: int, lang: str) -> Post:
    return Post(
        identity, "bluesky", text, f"2024-0{1 + day // 28}-{1 + day % 28:02}T10:00:00Z", ADA,
        langs=(lang,), tags=("sky",), mentions=("bo.example",),
        links=("https://moor.example/",),
    )  # fmt: skip


def threads(lang: str) -> list[Thread]:
    """Return threads that show words in all places that there are."""
    first = post("a0", f"{WORD} first\n{WORD} line", 0, lang)
    media = (
        Media("image", "media/a.png", f"{WORD} picture"), Media("image", None, f"{WORD} lost"),
        Media("video", "media/a.mp4", f"{WORD} film"),
        Media("image", "media/b.png", f"{WORD} of unknown size"), Media("audio", "media/a.mp3", f"{WORD} sound"),
    )  # fmt: skip
    second = replace(
        post("a1", f"{WORD} second", 1, lang), reply_to="a0", warning=f"{WORD} spiders", media=media
    )
    poll = Poll((PollOption(f"{WORD} yes", 3), PollOption(f"{WORD} no", 1)))
    third = replace(
        post("a2", f"{WORD} third", 2, lang), reply_to="a1", poll=poll,
        edited_at="2024-01-04", history=(Version(f"{WORD} earlier"),),
    )  # fmt: skip
    alone = [
        replace(post("b0", f"{WORD} quoting", 30, lang), quote_of="a0"),
        replace(post("c0", "", 31, lang), repost_of="a0"),
        replace(post("d0", f"{WORD} spoiler", 32, lang), warning=f"{WORD} end of the film"),
        post("e0", f"{WORD} long " * 60, 33, lang),
        post("f0", f"{WORD} very long " * 600, 34, lang),
        replace(post("g0", "", 35, lang), media=(Media("image", "media/a.png", f"{WORD} alone"),)),
        replace(post("h0", f"{WORD} in full", 36, lang), repost_of="gone"),
        replace(post("i0", f"{WORD} answer", 37, lang), reply_to="b0"),
        replace(post("j0", f"{WORD} renamed", 38, lang), also=(Elsewhere(FORMER),)),
    ]
    # Enough for the most liked, and of another year, so that there are days of the year.
    alone += [
        replace(
            post(f"k{n}", f"{WORD} liked", n, lang), created_at=f"2023-02-{1 + n:02}T10:00:00Z",
            counts=Counts(likes=9 + n, replies=2),
        )
        for n in range(20)
    ]  # fmt: skip
    alone.append(replace(alone[2], id="l0", author=Author(), created_at="2023-02-03T10:00:00Z"))
    return [Thread("a0", "bluesky", (first, second, third))] + [
        Thread(each.id, "bluesky", (each,)) for each in alone
    ]


Archive = Callable[..., Config]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return a function that builds a site of posts in a language, once; nobody changes it."""
    return cache(lambda *about: built(tmp_path_factory.mktemp("site"), *about))


def built(folder: Path, lang: str, language: str) -> Config:
    """Build a site in a language whose posts all say that they are in another, or in the same."""
    settings = f'[site]\nlanguage = "{language}"\n'
    profile = Profile("did:plc:ada", "bluesky", "ada.example", "Ada", pinned="a0")
    config = site(folder, *threads(lang), toml=settings + SETTINGS)
    store.write(store.merge(ArchiveIndex(config.content), (), (profile,)))
    (config.content / "media").mkdir()
    (config.content / "media/a.png").write_bytes(saved(picture(), "PNG"))
    (config.content / "media/b.png").write_bytes(saved(picture(), "PNG")[:20])
    (config.content / "media/a.mp4").write_bytes(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
    (config.content / "media/a.mp3").write_bytes(b"ID3\x03\0\0\0\0\0\0")
    titled = next(path for path in config.content.rglob("*.md") if "quoting" in path.name)
    text = re.sub(r"(?m)^title: .*", f'title: "{WORD} own title"', titled.read_text("utf-8"))
    titled.write_text(text, "utf-8")
    builds.build(config)
    return config


class Words(NamedTuple):
    """A text of a page or a feed with the nearest `lang` and `dir` around it, if there are."""

    text: str
    lang: str | None
    direction: str | None


def words_in(element: ET.Element, lang: str | None, direction: str | None) -> Iterator[Words]:
    """Yield the texts in an element, and the attributes of it that are read aloud."""
    lang = element.get("lang", lang)
    direction = element.get("dir", "auto" if element.tag == "bdi" else direction)
    for text in (element.text, element.get("alt"), element.get("aria-label")):
        if text and text.strip():
            yield Words(text, lang, direction)
    for child in element:
        yield from words_in(child, lang, direction) if isinstance(child.tag, str) else ()
        if child.tail and child.tail.strip():
            yield Words(child.tail, lang, direction)


def texts_of_one_direction(element: ET.Element) -> Iterator[str]:
    """Yield the texts of an element but for those in elements with a direction of their own."""
    if element.text and element.text.strip():
        yield element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag != "bdi" and not child.get("dir"):
            yield from texts_of_one_direction(child)
        if child.tail and child.tail.strip():
            yield child.tail


def words_of_pages(output: Path) -> Iterator[tuple[str, Words]]:
    for path in sorted(output.rglob("*.html")):
        root = html_trees.parse(path.read_text("utf-8"))
        body = root.find("body")
        assert body is not None
        for words in words_in(body, None, None):
            yield path.relative_to(output).as_posix(), words


def words_of_feeds(output: Path) -> Iterator[tuple[str, Words]]:
    """Yield the texts of entries, with the language of the entry as that of its title."""
    for path in sorted(output.rglob("*.xml")):
        for entry in ET.fromstring(path.read_text("utf-8")).iter(f"{ATOM}entry"):
            yield path.name, Words(entry.findtext(f"{ATOM}title", ""), entry.get(XML_LANG), None)
            yield from _words_of_html(path.name, entry.findtext(f"{ATOM}content", ""))
    for path in sorted(output.rglob("*.json")):
        for item in json.loads(path.read_text("utf-8"))["items"]:
            yield path.name, Words(item["title"], item.get("language"), None)
            yield from _words_of_html(path.name, item["content_html"])


def _words_of_html(name: str, html: str) -> Iterator[tuple[str, Words]]:
    body = html5lib.parse(f"<body>{html}", namespaceHTMLElements=False).find("body")
    assert body is not None
    for words in words_in(body, None, None):
        yield name, words


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["cy-GB", "ar"])
def test_every_word_of_a_post_says_its_language_and_no_word_of_sitegen_does(
    archive: Archive, lang: str
) -> None:
    config = archive(lang, "en")
    pages, feeds = [*words_of_pages(config.output)], [*words_of_feeds(config.output)]
    for name, words in (*pages, *feeds):
        assert words.lang == (lang if WORD in words.text else None), (name, words)
    kinds = {name.split("/")[0] for name, words in pages if WORD in words.text}
    listings = {
        "posts",
        "collection",
        "posts.html",
        "threads.html",
        "replies.html",
        "reposts.html",
        "pictures.html",
    }
    assert kinds == listings | {
        "index.html",
        "page",
        "thread",
        "date",
        "day",
        "tag",
        "person",
        "site",
        "profile",
        "insights.html",
    }
    assert {name.rpartition(".")[2] for name, words in feeds if WORD in words.text} == {
        "xml",
        "json",
    }
    moved = [words for name, words in pages if FORMER in name]
    assert [words.text for words in moved if WORD in words.text] == [f"{WORD} renamed"]
    assert differences(tree(config.output), cold(config)) == []


@pytest.mark.parametrize(("language", "lang"), [("en", "ar"), ("ar", "en"), ("en", "")])
def test_no_word_of_sitegen_has_the_direction_of_a_post(
    archive: Archive, language: str, lang: str
) -> None:
    config = archive(lang, language)
    for path in sorted(config.output.rglob("*.html")):
        root = html_trees.parse(path.read_text("utf-8"))
        for element in root.findall("body//*[@dir]"):
            texts = [*texts_of_one_direction(element)]
            assert len({WORD in text for text in texts}) <= 1, (path.name, texts)
    front = (config.output / "index.html").read_text("utf-8")
    assert front.count('<section class="highlights">') == 2
    day = (config.output / "day/02-03.html").read_text("utf-8")
    assert "<bdi>Author not known</bdi>" in day or language != "en"


def test_titles_and_quotes_from_right_to_left_say_so(archive: Archive) -> None:
    config = archive("ar", "en")
    places = (
        ".//h1",
        ".//nav//bdi",
        ".//blockquote/p",
        ".//a[@class='line-title u-url p-name']",
        ".//summary",
    )
    for path in sorted(config.output.rglob("*.html")):
        root = html_trees.parse(path.read_text("utf-8"))
        for place in places:
            for element in root.findall(place):
                shown = [words for words in words_in(element, None, None) if WORD in words.text]
                assert {words.direction for words in shown} <= {"rtl"}, (path.name, place)


@pytest.mark.parametrize("lang", ["ar", "AR"])
def test_words_in_the_language_of_the_site_say_nothing(archive: Archive, lang: str) -> None:
    config = archive(lang, "ar")
    stated = {
        found
        for name, data in tree(config.output).items()
        if name.endswith((".html", ".xml", ".json"))
        for found in re.findall(r"<[^>]*\blang=[^>]*>", data.decode())
    }
    assert stated == {'<html lang="ar" dir="rtl">', f'<feed xmlns="{ATOM[1:-1]}" xml:lang="ar">'}
    feed = json.loads((config.output / "feed.json").read_text("utf-8"))
    assert feed["language"] == "ar"
    assert not any("language" in item for item in feed["items"])
