"""Pages of one's own with a template of one's own: `template:` and other keys in front matter."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_themes import built, site
from trees import tree

from sitegen.errors import ContentError, SeveralErrors, ThemeError
from sitegen.site import build as builds

POSTER = """\
{% extends "base.html" %}
{% block main %}
<h1>{{ document.title }}</h1>
{% for place in document.fields.places %}
<p>{{ place.name }} {{ place.at }}</p>
{% endfor %}
{% for key, value in document.fields.items() if key != "places" %}
<p>{{ key }}: {{ value }}</p>
{% endfor %}
{{ document | document }}
{% endblock %}
"""
PAGE = """\
---
title: The <open> night
description: Come & see
nav: false
date: 2026-05-01
template: poster.html
places:
  - {name: Hut, at: [19, 30]}
  - {name: Dome, at: null}
starts: 2026-05-01 19:30:00
"free?": yes
number: 123456789012345678901234567890
small: -1
share: 1.50
open: true
---

Bring *warm* clothes.
"""
MAIN = """\
<h1>The &lt;open&gt; night</h1>
<p>Hut (19, 30)</p>
<p>Dome None</p>
<p>starts: 2026-05-01T19:30:00</p>
<p>free?: yes</p>
<p>number: 123456789012345678901234567890</p>
<p>small: -1</p>
<p>share: 1.5</p>
<p>open: True</p>
<p>Bring <em>warm</em> clothes.</p>
"""


def main(page: str) -> str:
    """Return what is in the main element of a page."""
    return page.split('<main id="main" tabindex="-1">\n')[1].split("</main>")[0]


def test_a_page_with_a_template_of_its_own_shows_its_own_keys(tmp_path: Path) -> None:
    files = built(site(tmp_path, content__night_dot_md=PAGE, templates__poster_dot_html=POSTER))
    assert main(files["night.html"]) == MAIN
    head = files["night.html"].split("</head>")[0]
    assert "<title>The &lt;open&gt; night · " in head
    assert 'content="Come &amp; see"' in head
    assert '<body class="kind-document">' in files["night.html"]


def test_pages_that_do_not_name_a_template_are_made_as_ever(tmp_path: Path) -> None:
    plain = built(site(tmp_path, content__about_dot_md="---\nplace: Moor\n---\n# About\n"))
    for head in ("template:", 'template: ""', "template: document.html"):
        page = f"---\nplace: Moor\n{head}\n---\n# About\n"
        assert built(site(tmp_path, content__about_dot_md=page)) == plain


def test_only_the_pages_of_a_changed_template_are_made_anew(tmp_path: Path) -> None:
    config = site(
        tmp_path,
        content__a_dot_md="---\ntemplate: poster.html\n---\nA\n",
        content__b_dot_md="---\ntemplate: poster.html\n---\nB\n",
        content__c_dot_md="C\n",
        templates__poster_dot_html='{% include "part.html" %}',
        templates__part_dot_html="{{ document.title }}",
    )
    assert built(config)["a.html"] == "a"
    (tmp_path / "templates/part.html").write_text("{{ document.title | upper }}")
    assert set(builds.build(config).written) == {"a.html", "b.html"}
    (tmp_path / "content/b.md").write_text("B\n")
    assert builds.build(config).written == ("b.html",)
    (tmp_path / "templates/part.html").unlink()
    (tmp_path / "templates/poster.html").write_text("{{ document.fields.word }}")
    (tmp_path / "content/a.md").write_text("---\ntemplate: poster.html\nword: Mist\n---\nA\n")
    assert builds.build(config).written == ("a.html",)
    assert built(config)["a.html"] == "Mist"


def test_the_menu_marks_a_page_in_a_folder_whatever_its_template(tmp_path: Path) -> None:
    files = {f"content__notes__{n}_dot_md": "---\ntemplate: poster.html\n---\n" for n in "abc"}
    pages = built(site(tmp_path, templates__poster_dot_html="{% extends 'base.html' %}", **files))
    for name in "abc":
        assert f'<a href="../notes/{name}.html" aria-current="page">' in pages[f"notes/{name}.html"]
        assert pages[f"notes/{name}.html"].count("aria-current") == 1


def test_a_template_that_is_missing_is_an_error_with_the_names_that_there_are(
    tmp_path: Path,
) -> None:
    config = site(
        tmp_path,
        content__a_dot_md="---\ntitle: A\ntemplate: postr.html\n---\n",
        content__b_dot_md="---\ntemplate: ../poster.html\n---\n",
        content__hidden_dot_md="---\ntemplate: none.html\nhide: true\n---\n",
        templates__poster_dot_html="",
        templates__poster_dot_txt="",
    )
    with pytest.raises(SeveralErrors) as caught:
        builds.build(config)
    first, second = caught.value.errors
    assert (first.location, first.message) == (
        f"{tmp_path / 'content/a.md'}:3", "there is no template postr.html",
    )  # fmt: skip
    assert first.hint
    assert first.hint.startswith("there is: poster.html, post.html, ")
    assert first.hint.endswith(", ….")
    assert second.location == f"{tmp_path / 'content/b.md'}:2"
    assert not config.output.exists()


def test_a_template_that_goes_leaves_the_site_as_it_is(tmp_path: Path) -> None:
    page = "---\ntemplate: poster.html\n---\n"
    config = site(tmp_path, content__a_dot_md=page, templates__poster_dot_html="Mine")
    before = built(config)
    (tmp_path / "templates/poster.html").unlink()
    with pytest.raises(ContentError):
        builds.build(config)
    assert {name: data.decode() for name, data in tree(config.output).items()} == before


def test_the_introduction_of_the_front_page_has_no_template_of_its_own(tmp_path: Path) -> None:
    page = "---\ntitle: Hello\ntemplate: poster.html\n---\nHello\n"
    config = site(tmp_path, content__index_dot_md=page, templates__poster_dot_html="Mine")
    with pytest.raises(ContentError) as caught:
        builds.build(config)
    assert caught.value.location == f"{tmp_path / 'content/index.md'}:3"
    assert "templates/index.html" in (caught.value.hint or "")


@pytest.mark.parametrize("value", ["3", "true", "[poster.html]", "{a: b}"])
def test_a_template_that_is_no_name_is_an_error(tmp_path: Path, value: str) -> None:
    config = site(tmp_path, content__a_dot_md=f"---\ntitle: A\n\ntemplate: {value}\n---\n")
    with pytest.raises(ContentError) as caught:
        builds.build(config)
    assert caught.value.location == f"{tmp_path / 'content/a.md'}:4"
    assert caught.value.message.endswith(" is not the name of a template")
    assert caught.value.hint == 'write it like template: "poster.html".'


@pytest.mark.parametrize(
    "change",
    [
        "document.fields.update(a=1)",
        "document.fields.list.append(1)",
        "document.fields.map.clear()",
    ],
)
def test_a_template_cannot_change_what_it_sees(tmp_path: Path, change: str) -> None:
    config = site(
        tmp_path,
        content__a_dot_md="---\ntemplate: poster.html\nlist: [1]\nmap: {b: 2}\n---\n",
        templates__poster_dot_html="{{ " + change + " }}",
    )
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    assert caught.value.location == f"{tmp_path / 'templates/poster.html'}:1"


@pytest.mark.parametrize(("template", "is_shown"), [("template: poster.html", True), ("", False)])
def test_a_picture_of_a_hidden_post_is_shown_where_the_page_of_a_template_names_it(
    tmp_path: Path, template: str, is_shown: bool
) -> None:
    hidden = (
        '---\nnetwork: "bluesky"\nid: "2"\nhide: true\nposts:\n  - {"id": "2"}\n---\n\n'
        "<!-- post 2 -->\n\n![The dome](../media/dome.png)\n"
    )
    config = site(
        tmp_path,
        content__threads__hidden_dot_md=hidden,
        content__media__dome_dot_png="picture",
        content__a_dot_md=f"---\n{template}\npictures: [{{file: media/dome.png}}]\n---\n",
        templates__poster_dot_html="<img src='{{ document.fields.pictures[0].file | href(page) }}'>",
    )
    files = built(config)
    assert ("media/dome.png" in files) == is_shown
    assert ("media/dome.png" in files["a.html"]) == is_shown
