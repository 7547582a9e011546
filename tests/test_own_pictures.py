"""Pictures that a person adds to a thread's file, in its block and within its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from media.pictures import picture, saved
from test_build import site, thread

from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.errors import ContentError
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


def test_a_missing_file_is_not_taken_for_one_whose_name_contains_its_name(config: Config) -> None:
    (config.content / "media" / "1.png.png").write_bytes(PNG)
    (config.content / "media" / "11.png").write_bytes(PNG)
    write_body(
        config, "![](../../media/1.png.png)\n![](../../media/11.png)\n![](../../media/1.png)"
    )
    lines = source(config).read_text("utf-8").split("\n")
    line = lines.index("![](../../media/1.png)") + 1
    assert builds.build(config).warnings == (
        f"{source(config)}:{line}: there is no media/1.png; its description is shown instead",
    )


@pytest.mark.parametrize(
    ("address", "place_named"),
    [
        ("heron.png", "threads/2024/heron.png"),
        ("../../heron.png", "heron.png"),
        ("../media-of-mine/heron.png", "threads/media-of-mine/heron.png"),
        ("..\\media\\heron.png", "threads/2024/..\\media\\heron.png"),
    ],
)
@pytest.mark.parametrize("place", ["\n\n{}", " {} there", "\n\n{}\n\n![](../../media/heron.png)"])
def test_a_picture_in_the_wrong_folder_is_a_warning_with_its_line(
    config: Config, address: str, place_named: str, place: str
) -> None:
    write_body(config, "Heron words" + place.format(f"![A heron]({address})"))
    lines = source(config).read_text("utf-8").split("\n")
    (line,) = [number for number, words in enumerate(lines, 1) if f"({address})" in words]
    (warning,) = builds.build(config).warnings
    assert warning == (
        f"{source(config)}:{line}: there is no {place_named}, so its description is shown instead;"
        " did you mean ../../media/heron.png?"
    )
    assert "[A heron]" in page(config)


@pytest.mark.parametrize("address", ["https://weir.example/a.png", "/static/a.png", "#a"])
def test_a_picture_at_another_address_is_no_warning(config: Config, address: str) -> None:
    write_body(config, f"Heron words ![A heron]({address})")
    assert builds.build(config).warnings == ()


@pytest.mark.parametrize("before", ["Heron words\n\n", "Heron words "])
def test_a_number_sign_in_the_name_of_a_picture_begins_no_fragment(
    config: Config, before: str
) -> None:
    (config.content / "media" / "heron #2?.png").write_bytes(PNG)
    write_body(config, f"{before}![My heron](../../media/heron%20%232%3F.png)")
    assert 'src="../media/heron%20%232%3F.png"' in page(config)


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


def test_a_broken_file_of_counts_is_one_error_for_all_threads(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "Heron words"), thread("b", "Other words"))
    path = config.content / "counts" / "2024.csv"
    path.parent.mkdir(exist_ok=True)
    for name in ("2024", "2020", "undated"):
        path.with_stem(name).write_text("bluesky,a0,many,,,\n", "utf-8")
    with pytest.raises(ContentError) as caught:
        builds.build(config)
    found = str(caught.value).splitlines()
    assert len(found) == len({*found}) >= 1
    assert "counts" in found[0]
