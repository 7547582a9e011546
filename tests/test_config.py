"""sitegen.toml: every key, every mistake with its line, and folders that may not be mixed up."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.config import scaffold
from sitegen.config import settings as configs
from sitegen.config.schema import TABLES, Config
from sitegen.config.validation import is_language
from sitegen.errors import ConfigError, SeveralErrors, SitegenError, UsageError

FILE = Path("sitegen.toml")
DEFAULTS: dict[str, dict[str, Any]] = {name: kind()._asdict() for name, (_, kind) in TABLES.items()}


def refused(text: str) -> list[str]:
    """Return what is said of a config file that cannot be."""
    with pytest.raises(SitegenError) as caught:
        configs.parse(text, FILE)
    return str(caught.value).split("\n")


def test_without_a_file_the_defaults_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = configs.load(None)
    assert config == Config(root=Path())
    assert (config.content, config.output) == (Path("content"), Path("public"))


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[paths]\noutput = "../site"\ncontent = "/srv/posts"\n')
    config = configs.load(tmp_path / "a.toml")
    assert config.output == tmp_path / "../site"
    assert config.content == Path("/srv/posts")


def test_the_command_line_has_the_last_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.toml").write_text('[site]\nbase_url = "https://a.example"\n')
    config = configs.load(Path("sub/a.toml"), Path("out"), "https://b.example")
    assert config.site.base_url == "https://b.example"
    assert config.output == tmp_path / "out"  # relative to where one stands, as any command's


def test_a_file_from_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b'\xef\xbb\xbf[site]\r\ntitle = "A"\r\n')
    assert configs.load(tmp_path / "a.toml").site.title == "A"


def written(tables: dict[str, dict[str, Any]]) -> str:
    """Return tables as TOML."""

    def value(of: Any) -> str:
        if isinstance(of, dict):
            return "{" + ", ".join(f"{key} = {value(v)}" for key, v in of.items()) + "}"
        of = list(of) if isinstance(of, tuple) else of
        return str(of).lower() if isinstance(of, (bool, int)) else repr(of)

    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {value(v)}\n" for key, v in table.items())
        for name, table in tables.items()
    )


def test_every_key_can_be_set() -> None:
    other: dict[str, dict[str, Any]] = {
        "site": {"title": "T", "description": "D", "language": "pt-BR", "timezone": "Asia/Tokyo", "base_url": "https://a.example/b/", "account": "a.example", "footer": "F", "license": "CC0-1.0", "front": ("replies",), "show": ("posts", "replies")},
        "paths": {"content": "c", "output": "o", "static": "s", "root": "r", "templates": "t", "messages": "m", "cache": "k", "inbox": "i"},
        "theme": {"name": "ink", "variables": {"accent": "#0a6"}},
        "build": {
            **{key: (not value if isinstance(value, bool) else 7) for key, value in DEFAULTS["build"].items()},
            "image_widths": (320, 1), "image_format": "avif", "json_feeds": "all",
        },
        "markdown": {"extensions": ("toc", "smarty")},
        "import": {"account": "b.example", "vanished": "purge", "crossposts": "merge"},
        "privacy": {"hide": ("#private", "fog")},
        "topics": {"min_posts": 3, "min_authors": 1},
        "bluesky": {"resolver": "https://a.example", "plc": "https://b.example"},
    }  # fmt: skip
    assert {name: set(table) for name, table in other.items()} == {
        name: set(table) for name, table in DEFAULTS.items()
    }
    config = configs.parse(written(other), FILE)
    for name, (attribute, _) in TABLES.items():
        table = getattr(config, attribute)
        assert table._asdict() == other[name]


def test_the_file_of_a_new_site_shows_every_key_with_its_default() -> None:
    text = scaffold.first_files()["sitegen.toml"]
    assert configs.parse(text, FILE) == Config(root=Path(), file=FILE)
    shown = tomllib.loads(re.sub(r"(?m)^# ([\w-]+ = )", r"\1", text))
    assert shown["theme"].pop("variables") == {
        "color-link": "light-dark(#7a1f1f, #f0a8a8)"
    }  # an example: it has no default
    expected = {name: dict(table) for name, table in DEFAULTS.items()}
    expected["build"]["image_widths"] = list(expected["build"]["image_widths"])
    expected["markdown"]["extensions"] = []
    expected["privacy"]["hide"] = []
    expected["site"] |= {key: list(expected["site"][key]) for key in ("front", "show")}
    del expected["theme"]["variables"]
    assert shown == expected


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_key_refuses_another_type(name: str) -> None:
    for key, default in DEFAULTS[name].items():
        wrong = "3" if isinstance(default, (dict, tuple)) else "[1]"
        (message,) = refused(f"# a comment\n[{name}]\n\n{key} = {wrong}\n")
        assert message.startswith(f"sitegen.toml:4: error: [{name}] {key} must be ")
        assert ". hint: write it like " in message
    assert refused(f"{name} = 3\n") == [
        f"sitegen.toml:1: error: {name} must be a table. hint: write [{name}]."
    ]


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_slip_of_the_finger_is_understood(name: str) -> None:
    for key in DEFAULTS[name]:
        slip = key[:-2] + key[-1] + key[-2]
        if slip != key:
            hint = f"hint: did you mean {key}?"
            assert refused(f"[{name}]\n{slip} = 1\n") == [
                f"sitegen.toml:2: error: unknown key [{name}] {slip}. {hint}"
            ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[build]\npage_size = 5\n[site]\n"titel" = 1\n', 4),
        ("site.titel = 1\n", 1),
        ("\n[ site ] # titel = 2\ntitel=1\n", 3),
        ("[site]\n# titel\n  titel.x = 1\n", 3),
        ("site = {titel = 1}\n", None),
        ('[theme.variables]\nx = ""\n[them]\n', 3),
    ],
)
def test_the_line_of_a_mistake_is_found_however_it_is_written(text: str, line: int | None) -> None:
    with pytest.raises(ConfigError) as caught:
        configs.parse(text, FILE)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[site]\nbase_url = "example.org"', "sitegen.toml:2: error: [site] base_url is not an address"),
        ('[site]\nbase_url = "https://a.example/?q"', "sitegen.toml:2: error: [site] base_url is not an address"),
        ('[site]\nbase_url = "https:///x"', "sitegen.toml:2: error: [site] base_url is not an address"),
        ('[site]\nlanguage = "en\\"><x"', "sitegen.toml:2: error: [site] language is not a language tag"),
        ('[site]\nlanguage = ""', "sitegen.toml:2: error: [site] language is not a language tag"),
        ("[build]\npage_size = 0", "sitegen.toml:2: error: [build] page_size must be at least 1"),
        ("[build]\nthread_size = 0", "sitegen.toml:2: error: [build] thread_size must be at least 1"),
        ("[build]\nfeed_size = -3", "sitegen.toml:2: error: [build] feed_size must be at least 1"),
        ("[build]\njobs = -1", "sitegen.toml:2: error: [build] jobs must be 0 to 256"),
        ("[build]\nimage_widths = [640, 0]", "sitegen.toml:2: error: [build] image_widths must be 1 to 8192"),
        ("[build]\nimage_widths = [640, true]", "sitegen.toml:2: error: [build] image_widths must be a list of whole numbers"),
        ("[build]\nimage_widths = 640", "sitegen.toml:2: error: [build] image_widths must be a list of whole numbers"),
        ("[build]\nimage_widths = [9000]", "sitegen.toml:2: error: [build] image_widths must be 1 to 8192"),
        ('[build]\nimage_format = "gif"', "sitegen.toml:2: error: [build] image_format cannot be 'gif'. hint: write one of webp, avif."),
        ("[markdown]\nextensions = [1]", "sitegen.toml:2: error: [markdown] extensions must be a list of strings, not [1]. hint: write it like extensions = []."),
        ('[markdown]\nextensions = ["toc", "abr"]', "sitegen.toml:2: error: [markdown] extensions: the extension 'abr' cannot be imported. hint: did you mean abbr?"),
        ('[markdown]\nextensions = ["markdown.extensions.tocs"]', "sitegen.toml:2: error: [markdown] extensions: the extension 'markdown.extensions.tocs' cannot be imported. hint: did you mean toc?"),
        ('[markdown]\nextensions = ["no_such.thing"]', "sitegen.toml:2: error: [markdown] extensions: the extension 'no_such.thing' cannot be imported. hint: there is: abbr, admonition, attr_list, def_list, extra, fenced_code, footnotes, legacy_em, md_in_html, nl2br, sane_lists, smarty, tables, toc; install the package of any other."),
        ('[markdown]\nextensions = ["json"]', "sitegen.toml:2: error: [markdown] extensions: 'json' is no extension of Python-Markdown"),
        ('[markdown]\nextensions = ["codehilite"]', "sitegen.toml:2: error: [markdown] extensions: the extension codehilite is not for a site. hint: code is highlighted"),
        ('[paths]\ncontent = ""', "sitegen.toml:2: error: [paths] content is not the name of a folder"),
        ('[paths]\ncache = "a\\u0000b"', "sitegen.toml:2: error: [paths] cache is not the name of a folder"),
        ('[theme.variables]\naccent = "red;} body{"', "sitegen.toml:2: error: [theme.variables] accent is not a CSS"),
        ('[theme.variables]\naccent = "red/*"', "sitegen.toml:2: error: [theme.variables] accent is not a CSS"),
        ('[theme.variables]\n"a b" = "red"', "sitegen.toml:2: error: [theme.variables] a b is not a CSS"),
        ("[theme]\nvariables = {accent = 3}", "sitegen.toml: error: [theme.variables] accent is not a CSS"),
        ("a = " + "[" * 5000, "sitegen.toml: error: not valid TOML"),
        ("a = 1" + "0" * 5000, "sitegen.toml: error: not valid TOML"),
        ("[site]\ntitle = 'a", "sitegen.toml: error: not valid TOML"),
    ],
)  # fmt: skip
def test_an_invalid_value_is_reported(text: str, what: str) -> None:
    (message,) = refused(text)
    assert message.startswith(what)
    assert ". hint: " in message


ADDRESSES = (
    "https://example.org", "http://localhost:8000/", "https://ada.example/café/a%20b", "https://ada.example/@ada",
    "https://b\u00fccher.example./x", "https://[2001:db8::1]:8443/a/", "https://192.0.2.1/~ada/(old)/",
)  # fmt: skip
NO_ADDRESSES = (
    r"https://\\evil.example/", r"https://ada.example\@evil.example/", r"https://ada.example/\evil", "https:/ada.example",
    "https://ada@evil.example/", "https://ada:word@evil.example/", "https://", "https:///x", "https://:8000/",
    "https://.", "https://a..example/", "https://-a.example/", "https://ada.example:99999/", "https://ada.example:/",
    "https://ada.example:x/", "https://ada example/", "https://ada.example/a b", "https://ada.example/a\u00a0b",
    "https://ada.example/a\tb", "https://ada.example/a\x00", "https://ada.example/\u202egro", "https://ada.example/?q",
    "https://ada.example/#a", "https://ada.example/%zz", 'https://ada.example/"x', "https://ada.example/<x>",
    "https://ada.example/{x}", "https://ada。example/", "https://[::1", "ftp://ada.example/", "javascript:alert(1)",
    "//ada.example/", "ada.example", "file:///x", "data:text/html,x", " https://ada.example/", "https://ada.example/\n",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_a_site_is_one(address: str) -> None:
    parsed = configs.parse(f"[site]\nbase_url = {json.dumps(address)}", FILE)
    assert parsed.site.base_url == address
    assert configs.load(None, base_url=address).site.base_url == address


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_browsers_read_in_several_ways_is_no_address(address: str) -> None:
    with pytest.raises(UsageError, match="not an address"):
        configs.load(None, base_url=address)
    (message,) = refused(f"[site]\nbase_url = {json.dumps(address)}")
    assert "base_url is not an address" in message


def test_all_invalid_values_are_reported_at_once() -> None:
    with pytest.raises(SeveralErrors) as caught:
        configs.parse('[site]\nlanguage = "?"\n[build]\njobs = -1\npage_size = 0\n', FILE)
    assert [error.line for error in caught.value.errors] == [2, 5, 4]
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("outer", "folder", "inner"),
    [
        ("cache", ".", "the site itself"),
        ("cache", "/", "the site itself"),
        ("cache", "content", "content"),
        ("cache", "content/../static", "static"),
        ("static", ".", "the site itself"),
        ("static", "public", "output"),
        ("root", ".", "the site itself"),
        ("root", "public", "output"),
        ("root", "inbox", "inbox"),
        ("root", "static", "static"),
        ("root", "content/..", "the site itself"),
        ("cache", "root", "root"),
        ("cache", "messages", "messages"),
        ("output", "root/site", "the root folder"),
        ("templates", "themes", "themes"),
        ("output", "static/site", "the static folder"),
        ("output", "themes/site", "the themes folder"),
        ("cache", "themes", "themes"),
        ("cache", "public/cache", "the output folder contains cache"),
        ("inbox", "public", "the output folder contains inbox"),
    ],
)
def test_folders_that_would_eat_each_other_are_refused(
    tmp_path: Path, outer: str, folder: str, inner: str
) -> None:
    path = tmp_path / "sitegen.toml"
    path.write_text(f'[paths]\n{outer} = "{folder}"\n')
    with pytest.raises(
        UsageError,
        match=f"the .* folder .* contains {inner}"
        if "folder" not in inner
        else inner.replace(" contains", " .* contains")
        if "contains" in inner
        else f"{inner} .* contains output",
    ):
        configs.load(path)


def test_a_link_does_not_hide_where_a_folder_is(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "shelf").symlink_to("content")
    (tmp_path / "sitegen.toml").write_text('[paths]\ncache = "shelf"\n')
    with pytest.raises(UsageError, match=r"the cache folder .* contains content"):
        configs.load(tmp_path / "sitegen.toml")


def test_neighbours_with_alike_names_are_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text('[paths]\nstatic = "pub"\ncache = "cont"\n')
    assert configs.load(tmp_path / "sitegen.toml").static == tmp_path / "pub"


@given(st.text(max_size=60))
def test_whatever_a_file_says_it_is_a_config_or_an_error(text: str) -> None:
    try:
        configs.parse(text, FILE)
    except ConfigError as error:
        assert error.hint


@pytest.mark.parametrize(
    "tag", ["en", "EN", "pt-BR", "zh-Hant-TW", "es-419", "sl-rozaj-biske", "de-CH-1901", "x-elvish",
            "zh-cmn-Hans-CN", "en-u-ca-gregory", "de-x-mine", "i-klingon", "mul"]
)  # fmt: skip
def test_a_language_is_named_as_browsers_read_it(tag: str) -> None:
    assert is_language(tag)


@pytest.mark.parametrize(
    "tag", ["", "e", "zhCn", "english", "en_US", "en-", "-en", "en--US", "en-US-", "x", "en-x", "i-me",
            "en\n", "en US", "ｅｎ", "en-US-GB", "é"]
)  # fmt: skip
def test_what_is_no_language_is_refused(tag: str) -> None:
    assert not is_language(tag)
    with pytest.raises(ConfigError, match="is not a language tag"):
        configs.parse(f"[site]\nlanguage = {json.dumps(tag)}\n", Path("sitegen.toml"))
