"""Pictures that a person adds to a thread's file, in its block and within its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from calls import count_calls
from media.pictures import picture, saved
from test_build import site, thread

from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.content.post_media import media_block
from sitegen.errors import ContentError
from sitegen.site import build as builds
from sitegen.site import run
from sitegen.site.markup.markdown import handwritten_html
from sitegen.text.code_samples import blank_out

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


SAMPLES = {
    "fenced": "```\n{}\n```",
    "fenced with a language": "~~~~ markdown\n\n{}\n\n~~~~",
    "indented": "Write:\n\n    {}",
    "indented with a tab": "Write:\n\n\t{}",
    "inline": "Write `{}`.",
    "inline with two": "Write `` `{}` ``.",
    "after more ticks than end it": "Write ```{}`.",
    "on two lines": "Write `this:\n{}`",
    "in an item": "- Write\n\n        {}",
    "after a list": "- Write\n\nthis:\n\n    {}",
}
PROSE = {
    "in an item": "- One\n\n    {}",
    "a second line": "Heron\n    {}",
    "in an inner item": "- One\n    - Two\n\n        {}",
    "a fence that never ends": "```\n\n{}",
    "a lone backtick": "a ` b {}",
    "ticks of which the last are more": "a ` b {} ``",
    "escaped ticks": r"a \` b {} \`",
    "ticks in two paragraphs": "a ` b\n\n{} `",
    "after code": "`a` {} `b`",
    "in a footnote": "a[^1]\n\n[^1]: b\n\n    {}",
}


@pytest.mark.parametrize("address", ["heron.png", "../../media/gone.png"])
@pytest.mark.parametrize("kind", SAMPLES)
def test_an_address_in_a_code_sample_is_no_picture(config: Config, kind: str, address: str) -> None:
    written = f"![A heron]({address})"
    write_body(config, f"{SAMPLES[kind].format(written)}\n\nHeron words")
    assert builds.build(config).warnings == ()
    shown = (config.output / "thread" / "bluesky-a0.html").read_text("utf-8")
    assert "<img" not in shown
    assert written in re.sub(r"</?span[^>]*>", "", shown)


@pytest.mark.parametrize("kind", PROSE)
def test_what_is_no_code_sample_has_pictures(config: Config, kind: str) -> None:
    text = PROSE[kind].format("![A heron](../../media/heron.png)")
    assert "<img" in handwritten_html(text, "x")
    assert [*media_block.inline_images(text)] == ["media/heron.png"]
    missing = {"media/heron.png"}
    assert "<img" not in handwritten_html(media_block.describe_images(text, missing, ""), "x")


def test_the_line_of_a_warning_is_not_that_of_a_code_sample(config: Config) -> None:
    images = "![A](a.png) ![B](../../media/gone.png)"
    write_body(config, f"`{images}`\n\n{images} is how\n\nHeron words")
    line = source(config).read_text("utf-8").split("\n").index(f"{images} is how") + 1
    assert [w.partition(": ")[0] for w in builds.build(config).warnings] == [
        f"{source(config)}:{line}"
    ] * 2


@pytest.mark.parametrize("piece", ["`", "`a", "```\n", "``` a\n", "    a\n\n", "`a``b", "~~~a\n\n"])
def test_code_samples_are_looked_for_in_linear_time(piece: str) -> None:
    def work(size: int) -> int:
        return count_calls(blank_out, piece * size)

    assert work(4_000) <= 2.2 * work(2_000)


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
    assert '<a href="https://far.example/media/a.png">' in shown
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
