"""The examples of docs/themes.md: each is written into a site and built, and its pages compared.

`pytest tests/test_theme_examples.py --refresh` writes the expected pages anew; read the diff.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_themes import PAGE, POLICY, built, site
from trees import differences, replace, tree

from sitegen.errors import ConfigError
from sitegen.site.outputs.style_sheets import compact

DOCUMENT = Path(__file__).parent.parent / "docs" / "themes.md"
EXPECTED = Path(__file__).parent / "theme_examples"
SETTINGS = '[site]\ntitle = "Fennick Moor"\nfooter = "Till soon."\n'
LONG = "thread/bluesky-5/2.html"
CARD = "thread/bluesky-9.html"
# The pages of each example that show what it is about.
EXAMPLES = {
    "Larger titles": (PAGE,),
    "The whole page of a thread": (PAGE, LONG),
    "Other macros": (CARD,),
    "Another front page": ("index.html", "page/1.html"),
    "A page of your own": ("visit.html", "index.html"),
    "A whole small theme": ("index.html", PAGE, "404.html", "tags.html", "tag/weather.html"),
}
MORE = {
    f"content/threads/{word.lower()}.md": (
        f'---\ntitle: "{word}"\nnetwork: "bluesky"\nid: "{n}"\ndate: "2024-05-0{n}"\n'
        f'tags: ["weather"]\naccount: {{"handle": "ada.example"}}\nposts:\n  - {{"id": "{n}"}}\n---\n\n'
        f"<!-- post {n} -->\n\n{word} on the moor\n"
    )
    for n, word in enumerate(("Rain", "Hail"), 2)
}
LONG_THREAD = (
    '---\ntitle: "Frost"\nnetwork: "bluesky"\nid: "5"\ndate: "2024-05-05"\n'
    'account: {"handle": "ada.example"}\nposts:\n'
    + "".join(f'  - {{"id": "{n}"}}\n' for n in (5, 6, 7))
    + "---\n"
    + "".join(f"\n<!-- post {n} -->\n\nIce on day {n}\n" for n in (5, 6, 7))
)
WITH_A_CARD = (
    '---\ntitle: "Thaw"\nnetwork: "bluesky"\nid: "9"\ndate: "2024-05-09"\n'
    'account: {"handle": "ada.example"}\nposts:\n'
    '  - {"id": "9", "counts": {"likes": 3}, '
    '"card": {"title": "Tides", "url": "https://tides.example/today"}}\n'
    "---\n\n<!-- post 9 -->\n\nThe ice is gone\n"
)


def section(title: str) -> str:
    """Return the text below a heading of the document."""
    return re.split(r"(?m)^## ", DOCUMENT.read_text("utf-8").split(f"\n## {title}\n")[1])[0]


def files_of(title: str) -> dict[str, str]:
    """Return the files that a section of the document shows, by name."""
    found = re.findall(r"(?ms)^`([^`\n]+)`:\n\n```\w+\n(.*?)^```$", section(title))
    assert len(found) == section(title).count("```") // 2
    return dict(found)


def example(title: str, folder: Path) -> dict[str, str]:
    """Write the files of a section into a site, build, and return its texts."""
    files = files_of(title)
    toml = SETTINGS + files.pop("sitegen.toml", "") + "[build]\npage_size = 2\nthread_size = 2\n"
    files |= {**MORE, "content/threads/frost.md": LONG_THREAD}
    if CARD in EXAMPLES[title]:
        files["content/threads/thaw.md"] = WITH_A_CARD
    return built(site(folder, toml, **{name.replace("/", "__"): t for name, t in files.items()}))


@pytest.mark.parametrize("title", EXAMPLES)
def test_an_example_makes_the_pages_that_it_should(
    title: str, tmp_path: Path, refresh: bool
) -> None:
    files = example(title, tmp_path)
    pages = {name: files[name].encode() for name in EXAMPLES[title]}
    folder = EXPECTED / title.lower().replace(" ", "-")
    if refresh:
        replace(folder, pages)
    assert not "\n".join(differences(pages, tree(folder)))


def test_the_theme_keeps_what_it_does_not_have_and_replaces_what_it_has(tmp_path: Path) -> None:
    files = example("A whole small theme", tmp_path)
    own = files_of("A whole small theme")
    sheet = own["themes/slate/static/style.css"].encode()
    assert files["static/style.css"].encode() == compact(sheet)
    assert "static/favicon.svg" in files
    pages = [text for name, text in files.items() if name.endswith(".html") and "<main" in text]
    assert len(pages) > 8
    assert all("<p>Set on slate.</p>" in text for text in pages)


@pytest.mark.parametrize(("name", "is_known"), [("ink", True), ("color-mark", False)])
def test_the_theme_has_the_variables_of_its_own_style_sheet(
    tmp_path: Path, name: str, is_known: bool
) -> None:
    files = {k.replace("/", "__"): t for k, t in files_of("A whole small theme").items()}
    toml = files.pop("sitegen.toml") + f'[theme.variables]\n{name} = "red"\n'
    config = site(tmp_path, toml, **files)
    if is_known:
        assert f"--{name}: red;" in built(config)["static/variables.css"]
    else:
        with pytest.raises(ConfigError):
            built(config)


def test_the_policy_of_the_document_is_the_one_that_is_tested() -> None:
    assert f"```html\n{POLICY}```" in section("Load from other hosts")
