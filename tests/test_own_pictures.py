"""Pictures that a person adds to a thread's file, in its block and within its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from media.pictures import picture, saved
from test_build import site, thread

from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.site import build as builds
from sitegen.site import run

PNG = saved(picture(), "PNG")
BLOCK = "![My heron](../../media/heron.png)"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return the config of a site with a thread, and a picture that no post shows yet."""
    found = site(tmp_path, thread("a", "Heron words"))
    (found.content / "media").mkdir()
    (found.content / "media" / "heron.png").write_bytes(PNG)
    return found


def source(config: Config) -> Path:
    (path,) = (config.content / "threads").rglob("*.md")
    return path


def write_body(config: Config, text: str) -> None:
    """Replace the post's section."""
    path = source(config)
    head, _, _ = path.read_text("utf-8").rpartition("Heron words")
    path.write_text(head + text + "\n", "utf-8")


def page(config: Config) -> str:
    builds.build(config)
    return (config.output / "thread" / "bluesky-a0.html").read_text("utf-8")


def test_a_picture_added_to_the_block_is_shown_as_any_other(config: Config) -> None:
    write_body(config, f"Heron words\n\n{BLOCK}")
    shown = page(config)
    assert re.findall(r'<img class="u-photo" src="([^"]+)"[^>]* alt="([^"]+)"', shown) == [
        ("../media/heron.png", "My heron")
    ]
    assert "![" not in shown
    (found,) = content_folder.read_archive(config.content)
    assert [(m.kind, m.path, m.alt) for m in found.posts[0].media] == [
        ("image", "media/heron.png", "My heron")
    ]


def test_a_picture_within_the_text_stays_there_and_leads_there_from_every_page(
    config: Config,
) -> None:
    write_body(config, f"Heron\n\n{BLOCK}\n\nwords")
    assert page(config).count('<img alt="My heron" src="../media/heron.png">') == 1
    index = (config.output / "index.html").read_text("utf-8")
    assert index.count('<img alt="My heron" src="media/heron.png">') == 1


@pytest.mark.parametrize(
    "text",
    [
        "Heron words\n\n![My heron](../../media/gone.png)",
        "Heron\n\n![My heron](<../../media/gone.png>)\n\nwords",
    ],
)
def test_a_missing_file_is_a_warning_with_its_line_and_is_described(
    config: Config, text: str
) -> None:
    write_body(config, text)
    lines = source(config).read_text("utf-8").split("\n")
    (line,) = [number for number, words in enumerate(lines, 1) if "gone.png" in words]
    report = builds.build(config)
    assert report.warnings == (
        f"{source(config)}:{line}: there is no media/gone.png; its description is shown instead",
    )
    assert run.strict_error(report)
    shown = (config.output / "thread" / "bluesky-a0.html").read_text("utf-8")
    assert "My heron" in shown
    assert "gone.png" not in re.sub(
        "<title>.*?</title>", "", "".join(re.findall("<img[^>]*>", shown))
    )


def test_an_address_that_leads_nowhere_is_read_by_its_end_with_a_warning(config: Config) -> None:
    write_body(config, "Heron words\n\n![My heron](../media/heron.png)")
    report = builds.build(config)
    line = (
        source(config).read_text("utf-8").split("\n").index("![My heron](../media/heron.png)") + 1
    )
    (warning,) = report.warnings
    assert warning.startswith(f"{source(config)}:{line}: ")
    assert "../../media/heron.png" in warning
    assert '<img class="u-photo" src="../media/heron.png"' in page(config)


def test_a_far_picture_becomes_a_link_and_raw_html_is_cleaned(config: Config) -> None:
    write_body(
        config,
        'Heron words <img src="../../media/heron.png" onerror="x()">\n\n'
        "![Far](https://far.example/media/a.png)",
    )
    shown = page(config)
    assert '<a href="https://far.example/media/a.png" rel="' in shown
    assert "onerror" not in shown
    assert '<img src="../media/heron.png">' in shown


@pytest.mark.parametrize(
    "text",
    [
        BLOCK,
        f"{BLOCK}\n\nwords",
        "![](<../../media/my heron (1).png>)\n\nwords",
        "![](../../media/my%20heron%20%281%29.png)",
    ],
)
def test_media_that_only_a_hidden_post_names_are_not_copied(config: Config, text: str) -> None:
    (config.content / "media" / "my heron (1).png").write_bytes(PNG)
    name = "my heron (1).png" if "my" in text else "heron.png"
    write_body(config, text)
    builds.build(config)
    assert (config.output / "media" / name).exists()
    path = source(config)
    written = path.read_text("utf-8")
    path.write_text(written.replace('{"id": "a0"', '{"id": "a0", "hide": true', 1), "utf-8")
    builds.build(config)
    assert not (config.output / "media" / name).exists()


def test_a_picture_that_a_shown_text_has_too_is_copied(config: Config) -> None:
    write_body(config, BLOCK)
    path = source(config)
    written = path.read_text("utf-8")
    second = written.replace('"a0"', '"b0"').replace("post a0", "post b0")
    second = second.replace(BLOCK, f"{BLOCK}\n\nwords")
    (path.parent / "second.md").write_text(second, "utf-8")
    path.write_text(written.replace('{"id": "a0"', '{"id": "a0", "hide": true', 1), "utf-8")
    builds.build(config)
    assert (config.output / "media" / "heron.png").exists()
