"""The reference of themes is that of today's code, and says something about everything in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import theme_reference
from test_themes import built, site
from theme_reference import CONTEXTS, THEME, VALUES, Field

SHEETS = ("style.css", "insights.css")
TEMPLATES = {path.name for path in (THEME / "templates").iterdir()}
VARIABLES = sorted({name for kind in CONTEXTS.values() for name in kind.__struct_fields__})
PROBE = "".join(f"{{{{ '{name} ' if {name} is defined }}}}" for name in VARIABLES)


def test_the_committed_reference_is_that_of_the_code() -> None:
    committed = theme_reference.REFERENCE.read_text("utf-8")
    assert committed == theme_reference.reference(), "again: python -m tests.theme_reference"


@pytest.mark.parametrize("kind", [*VALUES, *dict.fromkeys(CONTEXTS.values())])
def test_every_field_is_described_or_of_a_described_type(kind: type) -> None:
    def is_clear(field: Field) -> bool:
        return bool(field.text) or "](#" in field.type or f"`{field.name}`" in (kind.__doc__ or "")

    assert [field.name for field in theme_reference.fields(kind) if not is_clear(field)] == []
    assert theme_reference.summary_of(kind)


def test_every_template_block_filter_macro_and_variable_is_described() -> None:
    assert {*CONTEXTS, "base.html", "parts.html", "charts.html"} == TEMPLATES
    assert theme_reference.filters().keys() == theme_reference.EXAMPLES.keys()
    described = (
        *[text for blocks in theme_reference.all_blocks().values() for text in blocks.values()],
        *theme_reference.macros("parts.html").values(),
        *theme_reference.macros("charts.html").values(),
        *[text for _, _, text in theme_reference.variables().values()],
    )
    assert all(described)
    css = "".join((THEME / "static" / name).read_text("utf-8") for name in SHEETS)
    used = set(re.findall(r"var\(--([\w-]+)", css))
    of_classes = set(re.findall(r"\.[\w-]+ \{ --([\w-]+):", css))
    assert theme_reference.variables().keys() == used - of_classes


def test_every_class_of_the_default_theme_is_described_and_no_other() -> None:
    of_templates = theme_reference.elements_of_classes().keys()
    assert of_templates == theme_reference.classes().keys()
    assert all(theme_reference.classes().values())
    sheets = "".join((THEME / "static" / name).read_text("utf-8") for name in SHEETS)
    css = re.sub(r"(?s)/\*.*?\*/|\{.*?\}", "", sheets)
    styled = {name for name in re.findall(r"\.([a-z][\w-]*)", css) if name != "svg"}
    of_texts = {"address", "admonition", "admonition-title", "hashtag", "mention"}
    microformats = {"h-card", "p-author", "p-name", "e-content"}
    numbered = tuple([name for name in of_templates if name.endswith("-")])
    unknown = {name for name in styled - of_templates if not name.startswith(numbered)}
    assert unknown <= of_texts | microformats


def test_templates_use_no_field_that_the_reference_leaves_out() -> None:
    left_out = {name for names in theme_reference.INTERNAL.values() for name in names}
    shown = {field.name for kind in VALUES for field in theme_reference.fields(kind)}
    for name in TEMPLATES:
        text = (THEME / "templates" / name).read_text("utf-8")
        code = " ".join(re.findall(r"\{[{%].*?[%}]\}", text, re.S))
        used = set(re.findall(r"\b[a-z_]+\.([a-z_]+)\b", re.sub(r'"[^"]*"', "", code)))
        assert used & (left_out - shown) == set(), name


THREADS = {
    f"content__threads__{identity}_dot_md": (
        f'---\ntitle: "Fog"\nnetwork: "bluesky"\nid: "{identity}0"\ndate: "202{day}-05-0{day}"\n'
        'tags: ["fog"]\naccount: {"handle": "ada.example"}\nposts:\n'
        f'  - {{"id": "{identity}0", "mentions": ["bo.example"], "links": ["https://moor.example/"]}}\n  - {{"id": "{identity}1"}}\n---\n\n'
        f"<!-- post {identity}0 -->\n\n@bo.example https://moor.example/\n\n<!-- post {identity}1 -->\n\nMore\n\n![A hill](../media/hill.svg)\n"
    )
    for day, identity in enumerate(("x", "y"), 1)
}
THREADS |= {  # enough for insights
    f"content__threads__z{month}_dot_md": f'---\nnetwork: "bluesky"\nid: "z{month}"\ndate: "2022-{month:02}-01"\n'
    f'account: {{"handle": "ada.example"}}\nposts:\n  - {{"id": "z{month}"}}\n---\n\n<!-- post z{month} -->\n\nFog\n'
    for month in range(1, 13)
}
THREADS["content__media__hill_dot_svg"] = '<svg xmlns="http://www.w3.org/2000/svg"/>'
THREADS["content__topics_dot_toml"] = '[[topic]]\nname = "More"\n'
COLLECTION = '[[collection]]\ntitle = "Collection"\nquery = "-nothing"\n[topics]\nmin_posts = 2\n'
PROFILE = '---\nnetwork: "bluesky"\nid: "{}"\nhandle: "ada.example"\n---\n'


def test_every_template_receives_what_the_reference_says(tmp_path: Path) -> None:
    pages = {f"content__page{n}_dot_md": "Page\n" for n in range(13)}
    probes = {f"templates__{name.replace('.', '_dot_')}": f"[{name}: {PROBE}]" for name in CONTEXTS}
    profiles = {
        "content__profiles__ada_dot_md": PROFILE.format("did:plc:ada"),
        "content__profiles__old_dot_md": PROFILE.format("ada.example"),
    }
    toml = f"[build]\npage_size = 1\n{COLLECTION}"
    files = built(site(tmp_path, toml, **THREADS, **pages, **profiles, **probes))
    found = {
        match[1]: set(match[2].split())
        for text in files.values()
        if (match := re.fullmatch(r"\[([\w.]+): ([\w ]*)\]", text))
    }
    assert found == {name: {*kind.__struct_fields__} for name, kind in CONTEXTS.items()}


def test_a_template_fills_every_block_that_the_reference_names(tmp_path: Path) -> None:
    blocks = {n: f for n, f in theme_reference.all_blocks().items() if f and n != "base.html"}
    overrides = {
        f"templates__{template.replace('.', '_dot_')}": f'{{% extends "default/{template}" %}}'
        + "".join(f"{{% block {name} %}}[{template} {name}]{{% endblock %}}" for name in found)
        for template, found in blocks.items()
    }
    profile = {"content__profiles__ada_dot_md": PROFILE.format("did:plc:ada")}
    page = {"content__page_dot_md": "Page\n"}
    files = built(site(tmp_path, COLLECTION, **THREADS, **profile, **page, **overrides))
    html = "".join(text for name, text in files.items() if name.endswith(".html"))
    filled = {tuple(match) for match in re.findall(r"\[([\w.]+\.html) (\w+)\]", html)}
    assert filled == {(template, name) for template, found in blocks.items() for name in found}
