"""Citations: whatever a title or a name is, every form is well-formed and says the same."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_build import site, thread

from sitegen.site import build as builds
from sitegen.site import urls
from sitegen.site.render.citations import IN_BIBTEX, cite
from sitegen.site.views.links import NOBODY, Writer
from sitegen.site.views.template_values import SiteView
from sitegen.text.printing import printable

SITE = SiteView("Fog", "", "en", "ltr", "https://a.example/", None, (), (), (), (), (), (), "")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
WORDS = st.text() | st.text('{}\\%#$&_~^"@,=\n[]()<>`*|', max_size=12) | st.just("a &amp; b")


def fields(entry: str) -> dict[str, str]:
    """Parse a BibTeX entry, as BibTeX does: a value ends where its braces are balanced."""
    head = re.match(r"@misc\{([A-Za-z0-9-]+),\n", entry)
    assert head
    found, at = {"key": head[1]}, head.end()
    while entry[at:] != "}":
        name = re.compile(r"  ([a-z]+) = \{").match(entry, at)
        assert name, entry[at:]
        start = at = name.end()
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[at], 0)
            at += 1
        found[name[1]] = entry[start : at - 1]
        assert entry[at : at + 2] == ",\n"
        at += 2
    return found


def plain(value: str) -> str:
    """Return what LaTeX shows of a field."""
    commands = {command: chr(code) for code, command in IN_BIBTEX.items()}
    pattern = "|".join(re.escape(c) for c in sorted(commands, key=len, reverse=True))
    return re.sub(pattern, lambda match: commands[match[0]], value)


def one_line(text: str) -> str:
    return " ".join(printable(text).split())


@given(WORDS, WORDS, WORDS)
def test_bibtex_is_balanced_and_has_title_and_names_whole(
    title: str, name: str, place: str
) -> None:
    entry = cite(title, Writer(name, None, None), NOON, "thread/x-1.html", _site(place)).bibtex
    found = fields(entry)
    expected = {
        "author": one_line(name) and f"{{{one_line(name)}}}",
        "title": one_line(title) and f"{{{one_line(title)}}}",
        "howpublished": one_line(place),
    }
    texts = {field: plain(found.pop(field)) for field in expected if field in found}
    assert texts == {field: text for field, text in expected.items() if text}
    url = "https://a.example/thread/x-1.html"
    assert found == {"key": "x-1", "year": "2024", "date": "2024-05-01", "url": url}


@given(WORDS)
def test_markdown_shows_the_title_as_it_is(title: str) -> None:
    made = cite(title, NOBODY, None, "thread/x-1.html", SITE).markdown
    link = re.fullmatch(
        r"\[((?:\\.|[^\\\[\]])*)\]\(https://a\.example/thread/x-1\.html\), Fog", made
    )
    assert link
    assert html.unescape(re.sub(r"\\(.)", r"\1", link[1])) == one_line(title)


@given(st.text(min_size=1), st.text(min_size=1))
@example("a.b", "a-b")
def test_a_key_is_of_plain_characters_and_differs_with_the_post(one: str, other: str) -> None:
    paths = {urls.post("x", one), urls.post("x", other)}
    keys = {fields(cite("", NOBODY, None, path, SITE).bibtex)["key"] for path in paths}
    assert len(keys) == len(paths)


def _site(title: str) -> SiteView:
    return SiteView(title, "", "en", "ltr", SITE.base_url, None, (), (), (), (), (), (), "")


@pytest.mark.parametrize(
    ("author", "date", "expected"),
    [
        (Writer("Wren", "w", None), NOON, "Wren (2024-05-01). Ice. Fog. "),
        (Writer(None, "w", None), None, "@w. Ice. Fog. "),
        (NOBODY, NOON, "2024-05-01. Ice. Fog. "),
        (NOBODY, None, "Ice. Fog. "),
        (Writer("Fog", None, None), NOON, "Fog (2024-05-01). Ice. "),
    ],
)
def test_the_text_leaves_out_what_is_not_known(
    author: Writer, date: datetime | None, expected: str
) -> None:
    text = cite("Ice", author, date, "thread/x-1.html", SITE).text
    assert text == f"{expected}https://a.example/thread/x-1.html"


def test_threads_are_cited_where_there_is_an_address(tmp_path: Path) -> None:
    for name, toml in (("with", '[site]\nbase_url = "https://a.example/"\n'), ("without", "")):
        config = site(tmp_path / name, thread("a", "One.", "Two."), toml=toml)
        builds.build(config)
        pages = [(config.output / f"thread/bluesky-a{n}.html").read_text("utf-8") for n in (0, 1)]
        cited = ['<details class="cite">' in page for page in pages]
        assert cited == [name == "with", False]
