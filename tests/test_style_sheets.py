"""Style sheets of themes are published without comments, and mean the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st
from test_build import ADA, site

from sitegen.model import Post, Thread
from sitegen.site import build as builds
from sitegen.site.outputs.style_sheets import compact

THEMES = Path(__file__).parent.parent / "themes"
SHEETS = sorted(THEMES.rglob("*.css"))
PIECES = (
    "a", ".b", "é", ":", ";", "{", "}", "(", ")", "/", "*", "!", "\\*", '"', "'", '"/* x */"', "'/*'",
    "url(", "url(a/*b*/c)", "url( x/*y )", 'url("/* z */")', " ", "\n", "\t", "/**/", "/* c */", "/* ' */",
    '/* " */', "/* ** */", "/*! kept */", "/*", "*/", "\\\n", "1px", "+", "-", ">", "@media", "#fff",
)  # fmt: skip


def meaning(style_sheet: bytes) -> list[Any]:
    """Return the tokens of a style sheet, a space for several, without comments."""
    nodes = tinycss2.parse_component_value_list(style_sheet.decode(), skip_comments=True)
    return _spaced(nodes)


def _spaced(nodes: list[Any]) -> list[Any]:
    """Return nested lists of types and texts, without the spaces that say nothing."""
    found: list[Any] = []
    for node in nodes:
        if node.type == "whitespace":
            found += [] if found[-1:] == [" "] else [" "]
        elif hasattr(node, "content") or hasattr(node, "arguments"):
            inner = node.content if hasattr(node, "content") else node.arguments
            found.append((node.type, getattr(node, "name", ""), _spaced(inner)))
        else:
            found.append((node.type, node.serialize()))
    around = zip([None, *found], found, [*found[1:], None], strict=False)
    return [each for before, each, after in around if each != " " or _is_needed(before, after)]


def _is_needed(before: Any, after: Any) -> bool:
    """Tell whether the space between two tokens says something."""
    marks = [*[("literal", mark) for mark in ";:,"], ("error", "}")]
    if before is None or after is None or before in marks:
        return False
    return "{} block" not in (before[0], after[0]) and after != ("error", "}")


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_a_compact_style_sheet_means_the_same(text: str) -> None:
    assert meaning(compact(text.encode())) == meaning(text.encode())


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_a_compact_style_sheet_stays_as_it_is(text: str) -> None:
    once = compact(text.encode())
    assert compact(once) == once


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: str(file.relative_to(THEMES)))
def test_no_sheet_of_a_theme_has_comments_where_it_is_published(file: Path) -> None:
    sheet = file.read_bytes()
    assert b"/*" in sheet
    assert b"/*" not in compact(sheet)
    assert meaning(compact(sheet)) == meaning(sheet)


def test_an_example() -> None:
    sheet = b"""/* A theme */
/*! by Ada */
a /* of links */ {
  color: red; /* as a kettle */
  background: url(fog.png) "/* no comment */";

  --empty:/* nothing */;
}
b/* and */.c { margin: 0 }
"""
    assert compact(sheet).decode() == (
        "/*! by Ada */ a{color:red;"
        'background:url(fog.png) "/* no comment */";--empty:;}b/**/.c{margin:0}'
    )


def test_sheets_of_the_site_itself_are_published_as_they_are(tmp_path: Path) -> None:
    config = site(tmp_path, Thread("a", "bluesky", (Post("a", "bluesky", "Fog.", None, ADA),)))
    own = b"/* Mine. */\n  a { color: red }\n"
    config.static.mkdir()
    (config.static / "custom.css").write_bytes(own)
    builds.build(config)
    assert (config.output / "static/custom.css").read_bytes() == own
    of_theme = (THEMES / "default/static/style.css").read_bytes()
    assert (config.output / "static/style.css").read_bytes() == compact(of_theme)


def test_a_changed_sheet_of_a_theme_is_published_again(tmp_path: Path) -> None:
    config = site(
        tmp_path,
        Thread("a", "bluesky", (Post("a", "bluesky", "Fog.", None, ADA),)),
        toml='[theme]\nname = "mine"\n',
    )
    sheet = config.root / "themes/mine/static/theme.css"
    sheet.parent.mkdir(parents=True)
    (config.root / "themes/mine/theme.toml").write_text('extends = "default"\n', "utf-8")
    for colour in (b"red", b"rebeccapurple"):
        sheet.write_bytes(b"/* %b */ a { color: %b }" % (colour, colour))
        builds.build(config)
        published = (config.output / "static/theme.css").read_bytes()
        assert published == b"a{color:%b}" % colour
