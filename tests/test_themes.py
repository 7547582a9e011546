"""Themes as a person meets them: one variable, one template, a theme of one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from trees import tree

from sitegen.config import scaffold
from sitegen.config import settings as configs
from sitegen.config.schema import Config, Theme
from sitegen.errors import ConfigError, SitegenError, ThemeError
from sitegen.site import build as builds
from sitegen.site.render import theme as themes

PROJECT = Path(__file__).parent.parent
BUNDLED = sorted(path.parent.name for path in PROJECT.glob("themes/*/theme.toml"))
THREAD = (
    '---\ntitle: "Fog"\nnetwork: "bluesky"\nid: "1"\nposts:\n  - {"id": "1"}\n---\n\n'
    "<!-- post 1 -->\n\nFog on the moor\n"
)
PAGE = "thread/bluesky-1.html"


def site(folder: Path, toml: str = "", **files: str) -> Config:
    """Write a site with one thread, and these files with "__" for "/"."""
    all_files = {"content/threads/a.md": THREAD, "sitegen.toml": toml}
    all_files |= {name.replace("__", "/").replace("_dot_", "."): v for name, v in files.items()}
    for name, text in all_files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return configs.load(folder / "sitegen.toml")


def built(config: Config) -> dict[str, str]:
    """Build and return the site's texts."""
    builds.build(config)
    return {name: data.decode() for name, data in tree(config.output).items()}


def sheets(page: str) -> list[str]:
    """Return the style sheets of a page in their order."""
    return re.findall(r'<link rel="stylesheet" href="(?:\.\./)*([^"?]+)', page)


@pytest.mark.parametrize(
    "name",
    [name if name == "default" else pytest.param(name, marks=pytest.mark.slow) for name in BUNDLED],
)
def test_a_bundled_theme_makes_the_sample_site_without_a_warning(name: str, tmp_path: Path) -> None:
    config = configs.load(PROJECT / "sitegen.toml", tmp_path / "public")
    config = config._replace(
        paths=config.paths._replace(cache=str(tmp_path / "cache")),
        theme=Theme(name),
    )
    report = builds.build(config)
    assert report.warnings == ()
    assert report.posts > 50
    css = "".join(p.read_text("utf-8") for p in (tmp_path / "public/static").glob("*.css"))
    assert not re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", css)


@pytest.mark.parametrize("name", BUNDLED)
def test_a_theme_has_no_code_and_says_who_it_is(name: str) -> None:
    folder = PROJECT / "themes" / name
    suffixes = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert suffixes <= {".toml", ".html", ".css", ".svg", ".xml", ".txt", ".js"}
    for path in (folder / "templates").glob("*"):
        assert not re.search(r"<script(?! src=)|\son\w+=", path.read_text("utf-8")), path


def test_one_variable_is_overridden_by_a_sheet_that_comes_later(tmp_path: Path) -> None:
    files = built(site(tmp_path, '[theme.variables]\ncolor-link = "#0a6"\n'))
    assert files["static/variables.css"] == ":root {\n  --color-link: #0a6;\n}\n"
    assert sheets(files[PAGE]) == ["static/style.css", "static/variables.css"]


def test_a_variable_that_no_style_sheet_has_is_an_error_with_the_right_spelling(
    tmp_path: Path,
) -> None:
    toml = '[theme.variables]\nsize-text = "1rem"\n\ncolor-lnk = "#0a6"\ncolour-page = "#fff"\nxyz = "1"\n'
    with pytest.raises(SitegenError) as caught:
        builds.build(site(tmp_path, toml))
    file, unknown = tmp_path / "sitegen.toml", "is no variable of the theme"
    assert str(caught.value).split("\n") == [
        f"{file}:4: error: [theme.variables] color-lnk {unknown}. hint: did you mean color-link?",
        f"{file}:5: error: [theme.variables] colour-page {unknown}. hint: did you mean color-page?",
        f"{file}:6: error: [theme.variables] xyz {unknown}. hint: there is: font-text, font-aside,"
        " font-code, size-text, size-aside, size-small, size-title, size-heading, leading,"
        " leading-aside, measure, margin-column, ….",
    ]
    assert caught.value.exit_code == 2
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize(
    "css", [":root { --accent: red }", "p { color: var( --accent, red ) }", "p{--accent:red}"]
)
def test_a_variable_of_any_style_sheet_may_be_set(tmp_path: Path, css: str) -> None:
    toml = '[theme.variables]\naccent = "#0a6"\n'
    with pytest.raises(ConfigError):
        builds.build(
            site(tmp_path, toml, static__custom_dot_css="/* --accent: red */ a--accent {}")
        )
    files = built(site(tmp_path, toml, static__custom_dot_css=css))
    assert files["static/variables.css"] == ":root {\n  --accent: #0a6;\n}\n"


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ('[theme]\nvariables = { accent = "red" }\n', 2),
        ('theme.variables.accent = "red"\n', 1),
        ('[theme]\nname = "ink"\nvariables."accent" = "red"\n', 3),
    ],
)
def test_the_line_of_an_unknown_variable_is_found(tmp_path: Path, toml: str, line: int) -> None:
    with pytest.raises(ConfigError) as caught:
        builds.build(site(tmp_path, toml))
    assert (caught.value.path, caught.value.line) == (str(tmp_path / "sitegen.toml"), line)


def test_the_variables_that_the_docs_name_exist() -> None:
    css = (PROJECT / "themes/default/static/style.css").read_text("utf-8")
    docs = (PROJECT / "docs/themes.md").read_text("utf-8") + scaffold.CONFIG
    named = re.findall(r"(?m)^(?:# )?((?:color|font|size)-[a-z-]+) = ", docs)
    assert named
    for name in named:
        assert re.search(rf"(?m)^  --{name}:", css), name


def test_one_template_is_overridden_and_the_rest_stays(tmp_path: Path) -> None:
    override = '{% extends "base.html" %}{% block main %}<p>Mine</p>{% endblock %}'
    plain = built(site(tmp_path))
    files = built(site(tmp_path, templates__thread_dot_html=override))
    assert "<p>Mine</p>" in files[PAGE]
    changed = {name for name in files if files[name] != plain[name]}
    assert changed == {PAGE}


POLICY = """\
{% extends "default/base.html" %}
{% block policy %}{{ super() | replace("img-src", "img-src https://images.example") }}{% endblock %}
"""


def policy(page: str) -> list[str]:
    """Return the content security policies of a page."""
    return re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)


def test_a_template_extends_the_one_that_it_overrides(tmp_path: Path) -> None:
    (plain,) = policy(built(site(tmp_path))[PAGE])
    files = built(site(tmp_path, templates__base_dot_html=POLICY))
    mine = plain.replace("img-src", "img-src https://images.example")
    assert plain != mine
    pages = {name for name, text in files.items() if "</main>" in text}
    assert {PAGE, "index.html", "404.html"} <= pages
    assert all(policy(files[name]) == [mine] for name in pages)


def test_a_page_may_have_no_policy(tmp_path: Path) -> None:
    override = '{% extends "default/base.html" %}{% block policy %}{% endblock %}'
    assert policy(built(site(tmp_path, templates__base_dot_html=override))[PAGE]) == []


def test_each_theme_of_a_chain_extends_the_template_of_the_next(tmp_path: Path) -> None:
    def footer(parent: str, word: str) -> str:
        return f'{{% extends "{parent}" %}}{{% block footer %}}{{{{ super() }}}} {word}{{% endblock %}}'

    config = site(
        tmp_path, '[theme]\nname = "own"\n[site]\nfooter = "First"\n',
        themes__own__theme_dot_toml='extends = "ink"\n',
        themes__own__templates__base_dot_html=footer("ink/base.html", "second"),
        templates__base_dot_html=footer("own/base.html", "third"),
    )  # fmt: skip
    end = built(config)[PAGE].split("<footer")[1]
    assert re.sub(r"<[^>]*>|\s+", " ", end).split()[-3:] == ["First", "second", "third"]
    (tmp_path / "themes/own/templates/base.html").write_text(footer("default/base.html", "2nd"))
    assert PAGE in builds.build(config).written
    assert "2nd" in built(config)[PAGE]


@pytest.mark.parametrize(
    ("files", "place", "what", "hint"),
    [
        ({"templates/base.html": '\n{% extends "base.html" %}'}, "templates/base.html:2",
         "base.html extends itself", 'write {% extends "own/base.html" %}.'),
        ({"themes/own/templates/base.html": '{% extends "base.html" %}'}, "themes/own/templates/base.html:1",
         "base.html extends itself", 'write {% extends "default/base.html" %}.'),
        ({"templates/a.html": '{% extends "b.html" %}', "templates/b.html": '{% extends "a.html" %}'},
         "templates/b.html:1", "a.html extends itself through b.html", "remove one `extends`."),
        ({"templates/a.html": "{% extends 'a.html' %}"}, "templates/a.html:1",
         "a.html extends itself", "remove one `extends`."),
        ({"templates/base.html": '{% extends "own/base.html" %}',
          "themes/own/templates/base.html": '{% extends "own/base.html" %}'}, "themes/own/templates/base.html:1",
         "own/base.html extends itself", 'write {% extends "default/base.html" %}.'),
    ],
)  # fmt: skip
def test_a_template_that_extends_itself_is_an_error_with_the_cure(
    tmp_path: Path, files: dict[str, str], place: str, what: str, hint: str
) -> None:
    config = site(
        tmp_path, '[theme]\nname = "own"\n', themes__own__theme_dot_toml='extends = "default"\n'
    )
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    assert (caught.value.location, caught.value.message, caught.value.hint) == (
        str(tmp_path / place), what, hint,
    )  # fmt: skip


UNUSED = ("x.html", "deep/x.html", "default/x.html")


@pytest.mark.parametrize("name", UNUSED)
def test_a_template_that_no_page_uses_makes_no_page_anew(tmp_path: Path, name: str) -> None:
    config = site(tmp_path, templates__404_dot_html="{% include 'mine.html' ignore missing %}")
    before = built(config)
    rendered: list[tuple[int, int]] = []
    path = tmp_path / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for text in ("{% extends 'base.html' %}", "{% include 'parts.html' %}", None):
        path.write_text(text) if text else path.unlink()
        report = builds.build(config, lambda done, total: rendered.append((done, total)))
        assert (report.written, report.removed, rendered) == ((), (), [])
        assert built(config) == before


def test_a_template_that_a_page_only_looks_for_makes_it_anew(tmp_path: Path) -> None:
    config = site(tmp_path, templates__404_dot_html="{% include 'mine.html' ignore missing %}")
    builds.build(config)
    (tmp_path / "templates/mine.html").write_text("Mine")
    assert builds.build(config).written == ("404.html",)


def test_a_broken_template_is_an_error_whether_a_page_uses_it_or_not(tmp_path: Path) -> None:
    config = site(tmp_path)
    before = built(config)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/x.html").write_text("{% if %}")
    for _ in range(2):
        with pytest.raises(ThemeError) as caught:
            builds.build(config)
        assert caught.value.location == f"{tmp_path / 'templates/x.html'}:1"
    assert {name: data.decode() for name, data in tree(config.output).items()} == before


def test_own_static_files_come_along_and_own_css_has_the_last_word(tmp_path: Path) -> None:
    config = site(
        tmp_path,
        '[theme.variables]\ncolor-link = "red"\n',
        static__custom_dot_css="p {}",
        static__a__CNAME="x",
    )
    files = built(config)
    assert files["static/custom.css"] == "p {}"
    assert files["static/a/CNAME"] == "x"
    assert sheets(files[PAGE]) == ["static/style.css", "static/variables.css", "static/custom.css"]


def test_a_theme_of_ones_own_extends_another(tmp_path: Path) -> None:
    config = site(
        tmp_path, '[theme]\nname = "own"\n',
        themes__own__theme_dot_toml='name = "own"\nextends = "ink"\n',
        themes__own__templates__404_dot_html='{% extends "base.html" %}{% block main %}Lost{% endblock %}',
        themes__own__static__moon_dot_svg="<svg/>",
    )  # fmt: skip
    files = built(config)
    assert "Lost" in files["404.html"]
    assert files["static/moon.svg"] == "<svg/>"
    assert sheets(files[PAGE]) == ["static/style.css", "static/theme.css"]  # default's, ink's


def test_an_own_theme_may_have_the_name_of_a_bundled_one(tmp_path: Path) -> None:
    mine = '{% extends "base.html" %}{% block main %}Mine{% endblock %}'
    config = site(
        tmp_path, '[theme]\nname = "ink"\n',
        themes__ink__theme_dot_toml='extends = "default"\n', themes__ink__templates__404_dot_html=mine,
    )  # fmt: skip
    assert "Mine" in built(config)["404.html"]


def test_an_edit_of_a_part_makes_the_pages_anew_that_use_it(tmp_path: Path) -> None:
    config = site(
        tmp_path,
        templates__thread_dot_html='{% from "small.html" import hail %}{{ hail() }}',
        templates__small_dot_html="{% macro hail() %}Hail{% endmacro %}",
    )
    assert built(config)[PAGE] == "Hail"
    (tmp_path / "templates/small.html").write_text("{% macro hail() %}Snow{% endmacro %}")
    assert builds.build(config).written == (PAGE,)
    assert built(config)[PAGE] == "Snow"


@pytest.mark.parametrize(
    ("files", "place", "what"),
    [
        ({}, "sitegen.toml", "there is no theme own"),
        ({"theme.toml": '# mine\nextends = "other"'}, "theme.toml:2", "there is no theme other"),
        ({"theme.toml": "'extends' = '../x'"}, "theme.toml:1", "'../x' is not the name of a theme"),
        ({"theme.toml": 'extends = "own"'}, "theme.toml:1", "the theme own extends itself"),
        ({"theme.toml": "\nextends = 3"}, "theme.toml:2", "extends must be a string, not 3"),
        ({"theme.toml": "name = ['own']"}, "theme.toml:1", "name must be a string, not ['own']"),
        ({"theme.toml": "\nextends =\n"}, "theme.toml:2", "not valid TOML: Invalid value"),
        ({"theme.toml": 'name = "own"'}, "theme.toml", "the theme has no template 404.html (for 404.html), "),
        ({"theme.toml": "name = '\udcff'"}, "theme.toml", "cannot be read: "),
        ({"theme.toml": "", "templates/a.html": "\udcff"}, "a.html", "cannot be read: "),
        ({"theme.toml": 'extends = "default"', "templates/404.html": "\n{% block %}"}, "404.html", "TemplateSyntaxError"),
        ({"theme.toml": 'extends = "default"', "templates/404.html": '{% include "no.html" %}'}, "404.html:1", "there is no template no.html"),
    ],
)  # fmt: skip
def test_a_broken_theme_is_named_with_its_file(
    tmp_path: Path, files: dict[str, str], place: str, what: str
) -> None:
    config = site(tmp_path, '[theme]\nname = "own"\n')
    for name, text in files.items():
        path = tmp_path / "themes/own" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SitegenError) as caught:
        builds.build(config)
    assert caught.value.path
    assert Path(caught.value.location if ":" in place else caught.value.path).name == place
    assert caught.value.message.startswith(what)
    assert caught.value.hint
    assert not config.output.exists()


@pytest.mark.parametrize(
    ("toml", "line", "key", "hint"),
    [
        ('name = "own"\nextend = "default"\n', 2, "extend", "did you mean extends?"),
        ('extends = "default"\n\ncolour = "red"\n', 3, "colour", "there is: name, description, extends."),
        ('extends = "default"\n[variables]\nink = "red"\n', 2, "variables", "there is: name, description, extends."),
    ],
)  # fmt: skip
def test_an_unknown_key_of_a_theme_is_an_error_with_the_right_spelling(
    tmp_path: Path, toml: str, line: int, key: str, hint: str
) -> None:
    config = site(tmp_path, '[theme]\nname = "own"\n', themes__own__theme_dot_toml=toml)
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    place = f"{tmp_path / 'themes/own/theme.toml'}:{line}"
    assert str(caught.value) == f"{place}: error: unknown key {key}. hint: {hint}"


@pytest.mark.parametrize("name", ["../default", "/", "a/b", ".", "a.b", "-x"])
def test_the_name_of_a_theme_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"sitegen\.toml:2: .* is not the name of a theme"):
        themes.load(site(tmp_path, f'[theme]\nname = "{name}"\n'))


def test_hidden_files_and_links_of_a_theme_stay_out(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    config = site(tmp_path, static__seen_dot_txt="x", static___dot_git__HEAD="ref")
    (tmp_path / "static/link.txt").symlink_to("../secret")
    files = built(config)
    assert "static/seen.txt" in files
    assert not [name for name in files if "link" in name or ".git" in name]
