"""Themes that extend none: which templates they need, and how they do without some."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from media.pictures import picture, saved
from test_build import site
from trees import tree

from sitegen.config.schema import Config
from sitegen.errors import ThemeError
from sitegen.model import Author, Elsewhere, Media, Post, Thread
from sitegen.site import build as builds
from sitegen.site.plan.page_types.templates import SETTINGS

THEMES = Path(__file__).parent.parent / "docs/themes.md"
DEFAULT = Path(__file__).parent.parent / "themes/default"
ADA, BEN = Author("ada.example", None, "Ada"), Author("ben.example", None, "Ben")


def everything() -> list[Thread]:
    """Return threads that need every template with a setting."""

    def post(identity: str, when: str | None, **more: object) -> Post:
        fields = {"id": identity, "network": "bluesky", "text": "Fog", "author": ADA}
        return Post(**fields, created_at=when, **more)  # type: ignore[arg-type]

    media = (Media("image", "media/a.png", "Fog"),)
    stranger = (Elsewhere("gone", author=BEN),)
    posts = [
        (post("a", "2023-05-01"), post("aa", "2023-05-01", reply_to="a")),
        (post("b", "2024-05-01", tags=("fog",), mentions=("ben.example",), media=media),),
        (post("c", None, links=("https://moor.example/",)),),
        (post("d", "2024-05-02", reply_to="gone", elsewhere=stranger),),
    ]
    posts += [(post(f"m{n}", f"2022-{n:02}-01"),) for n in range(1, 13)]  # enough for insights
    return [Thread(each[0].id, "bluesky", each) for each in posts]


def own_theme(folder: Path, without: list[str], build: str = "") -> Config:
    """Write a site whose theme is the default one without some templates."""
    config = site(folder, *everything(), toml=f'[theme]\nname = "own"\n[build]\n{build}')
    (config.content / "media").mkdir()
    (config.content / "media/a.png").write_bytes(saved(picture(), "PNG"))
    (config.content / "topics.toml").write_text('[[topic]]\nname = "Fog"\nquery = "fog"\n')
    own = folder / "themes/own"
    shutil.copytree(DEFAULT, own)
    for name in without:
        (own / "templates" / name).unlink()
    return config


def test_every_missing_template_is_named_at_once_with_what_makes_it_needless(
    tmp_path: Path,
) -> None:
    config = own_theme(tmp_path, ["404.html", *SETTINGS])
    with pytest.raises(ThemeError) as caught:
        builds.build(config)
    error = caught.value
    assert error.path == str(tmp_path / "themes/own/theme.toml")
    assert set(re.findall(r"([\w.]+) \(for ", error.message)) == {"404.html", *SETTINGS}
    assert "day.html (for day/01-01.html)" in error.message
    assert error.hint == (
        'write them, or inherit: extends = "default". Or leave these pages out, under [build]: '
        "date_pages = false (dates.html, month.html, undated.html, year.html), "
        "day_pages = false (day.html, days.html), host_pages = false (host.html, hosts.html), "
        "insights = false (insights.html), "
        "kind_pages = false (kind.html, pictures.html), "
        "people_pages = false (people.html, person.html), post_pages = false (post.html), "
        "profile_pages = false (profile.html, profiles.html), tag_pages = false (tag.html, tags.html), "
        "topics = false (topic.html, topics.html)."
    )
    assert not config.output.exists()


def test_the_documented_settings_are_those_that_work() -> None:
    rows = re.findall(r"(?m)^  \| `(\w+) = false` \| (.*) \|$", THEMES.read_text("utf-8"))
    documented = {name: key for key, cell in rows for name in re.findall(r"`([\w.]+)`", cell)}
    assert documented == SETTINGS


def test_a_theme_needs_no_template_of_pages_that_are_left_out(tmp_path: Path) -> None:
    settings = "".join(f"{key} = false\n" for key in sorted({*SETTINGS.values()}))
    config = own_theme(tmp_path, [*SETTINGS], settings)
    assert builds.build(config).warnings == ()
    assert {"index.html", "404.html", "thread/bluesky-a.html"} <= tree(config.output).keys()


def test_a_theme_needs_no_template_of_pages_that_a_site_does_not_have(tmp_path: Path) -> None:
    config = own_theme(tmp_path, ["documents.html", "moved.html"])
    builds.build(config)
    assert "date/undated.html" in tree(config.output)
