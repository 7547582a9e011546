"""What a person holds back, or misspells: never published, or said; and dates that are obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_build import cold, site, thread

from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import ContentError
from sitegen.model import Profile
from sitegen.site import build as builds
from sitegen.site import run

PROFILE = "content/profiles/ada.md"
DOCUMENT = "content/about.md"
HELD_BACK = ("hide: true", "draft: true", "visibility: followers", "visibility: direct")
MISTAKES = (
    "hdie: true", "Draft: true", "visibilty: direct", "visibility: nobody", "draft: yes",
    "params: {draft: true}", "template: wide.html", "extra: {hide: true}", "publised: false",
    "prviate: true", "visable: no", "state: draft", "status: privat", "not_public: true",
    "h\u0456de: true", "\u04bb\u0456\u0501\u0435: true", "v\u0456s\u0456b\u0456l\u0456ty: private",
    "h\u00efd\u00e9: true", "\u0111r\u0430ft: true", "h\u200bide\u00a0: true",
)  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return the config of a site with two threads, a profile and a page of one's own."""
    found = site(tmp_path, thread("a", "Heron words"), thread("b", "Kept", day=9))
    profile = Profile("ada", "bluesky", "ada.example", "Ada", bio="Heron words")
    store.write(store.merge(ArchiveIndex(found.content), (), (profile,)))
    (tmp_path / DOCUMENT).write_text("---\ntitle: About\n---\n\nHeron words\n", "utf-8")
    return found


def files(config: Config) -> dict[str, Path]:
    """Return a file of each kind that says the words."""
    found = (p for p in config.content.rglob("*.md") if "Heron words" in p.read_text("utf-8"))
    return {path.relative_to(config.content).parts[0]: path for path in found}


def with_line(path: Path, line: str) -> int:
    """Add a line to front matter; return its number."""
    text = path.read_text("utf-8").replace("---\n", f"---\n{line}\n", 1)
    path.write_text(text, "utf-8")
    return 2


@pytest.mark.parametrize("line", HELD_BACK)
def test_what_is_held_back_is_in_no_byte_of_the_site(config: Config, line: str) -> None:
    builds.build(config)
    for path in files(config).values():
        with_line(path, line)
    builds.build(config)
    for made in (cold(config), {p.name: p.read_bytes() for p in config.output.rglob("*.html")}):
        assert made
        assert not [name for name, data in made.items() if b"Heron words" in data]


@pytest.mark.parametrize("line", MISTAKES)
@pytest.mark.parametrize("kind", ["threads", "profiles", "about.md"])
def test_a_mistake_in_what_may_hide_stops_the_build(config: Config, kind: str, line: str) -> None:
    path = files(config)[kind]
    number = with_line(path, line)
    with pytest.raises(ContentError) as caught:
        builds.build(config)
    assert (caught.value.path, caught.value.line) == (str(path), number)
    assert caught.value.hint
    assert not config.output.exists() or not list(config.output.rglob("*.html"))


@pytest.mark.parametrize(
    "text",
    [
        "\n----\nhide: true\n---\n\nHeron words\n",
        "+++\ndraft = true\n+++\n\nHeron words\n",
        "\n\n---\ntitle: One\nhdie: true\n---\n\nHeron words\n",
        "——\nvisibility: direct\n---\nHeron words\n",
    ],
)
def test_front_matter_that_is_none_publishes_nothing(config: Config, text: str) -> None:
    path = config.content / "about.md"
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        builds.build(config)
    assert "is in no front matter" in caught.value.message
    line = text.split("\n")[(caught.value.line or 0) - 1]
    assert line.split()[0].strip(":") in ("hide", "draft", "hdie", "visibility")


LOST = (
    "hide: true\n\nHeron words\n",
    "title: One\nhide: true\n---\n\nHeron words\n",
    "Title: One\nStatus: draft\n\nHeron words\n",
    "# One\n---\nhide: true\n---\n\nHeron words\n",
    "---\ntitle: One\n---\nhide: true\n---\n\nHeron words\n",
    "---\ntitle: One\n---\n\nDraft: yes\n\nHeron words\n",
    '---json\n{"title": "One", "hide": true}\n---\n\nHeron words\n',
    '{\n  "title": "One", "draft": true\n}\n\nHeron words\n',
    "---\rhide: true\r---\rHeron words\r",
    "---\u2028hide: true\u2028---\u2028Heron words",
    "\u200b---\nhide: true\n---\n\nHeron words\n",
    "\u2010\u2010\u2010\nhide: true\n---\n\nHeron words\n",
    "<!-- hide: true -->\n\nHeron words\n",
    ":draft: true\n\nHeron words\n",
    "---\nhide: true\n---\nHeron words\n".encode("utf-16-le").decode(),
)


@pytest.mark.parametrize("text", LOST)
def test_a_page_whose_front_matter_is_elsewhere_publishes_nothing(
    config: Config, text: str
) -> None:
    (config.content / "about.md").write_bytes(text.encode())
    with pytest.raises(ContentError) as caught:
        builds.build(config)
    assert caught.value.path == str(config.content / "about.md")
    line = text.split("\n")[(caught.value.line or 0) - 1].lower()
    assert any(word in line for word in ("hide", "draft", "h\0i\0d\0e", "-\0"))


@pytest.mark.parametrize(
    "text",
    [
        "# How to hide\n\n```yaml\nhide: true\n```\n",
        "# How to hide\n\n    hide: true\n",
        "Hide: nobody saw the heron.\n",
        "# Plan\n\nStatus: draft\n",
        "---\ntitle: A\n---\n\n---\n\nDraft beer: two kinds.\nhide: false\n",
        "{% raw %}\nHide: and seek, the old way.\n",
    ],
)
def test_text_about_hiding_is_text(config: Config, text: str) -> None:
    (config.content / "about.md").write_text(text, "utf-8")
    assert not builds.build(config).warnings


@pytest.mark.parametrize(
    "part",
    [
        '"media": [{"kind": "image", "origin": "a.png", "hide": true}]',
        '"author": {"handle": "ada.example", "hide": true}',
        '"card": {"url": "https://example.org/", "title": "A", "private": true}',
        '"poll": {"options": [{"text": "A", "votes": 1, "hdie": true}]}',
    ],
)
def test_a_part_of_a_post_cannot_be_hidden_alone(config: Config, part: str) -> None:
    path = files(config)["threads"]
    path.write_text(
        path.read_text("utf-8").replace('"id": "a0"', f'"id": "a0", {part}', 1), "utf-8"
    )
    with pytest.raises(ContentError, match=r"within .* hides nothing"):
        builds.build(config)


def test_what_says_hide_among_the_extra_is_hidden_whatever_it_says(config: Config) -> None:
    path = files(config)["threads"]
    text = path.read_text("utf-8").replace('"id": "a0"', '"id": "a0", "extra": {"hide": "true"}', 1)
    path.write_text(text, "utf-8")
    assert not [name for name in cold(config) if "a0" in name]


def test_media_that_only_what_is_held_back_names_stay_out(config: Config) -> None:
    found = files(config)
    names = ("face.txt", "wide.txt", "bio.txt", "my page.txt", "post.txt", "both.txt", "free.txt")
    (config.content / "media").mkdir()
    for name in names:
        (config.content / "media" / name).write_text(name)
    with_line(found["profiles"], 'avatar: "media/face.txt"\nbanner: "media/wide.txt"')
    with found["profiles"].open("a") as file:
        file.write("\n![](../media/bio.txt)\n")
    with found["about.md"].open("a") as file:
        file.write('\n![a](media/my%20page.txt "A") <img src="media/both.txt">\n')
    with found["threads"].open("a") as file:
        file.write("\n<b>!</b> ![](media/post.txt)\n")
    (config.content / "shown.md").write_text("[Both](media/both.txt)\n")

    def media(made: dict[str, bytes]) -> set[str]:
        return {name.removeprefix("media/") for name in made if name.startswith("media/")}

    assert media(cold(config)) == {*names}
    builds.build(config)
    for path in found.values():
        with_line(path, "hide: true")
    assert media(cold(config)) == {"both.txt", "free.txt"}
    builds.build(config)
    assert {path.name for path in (config.output / "media").iterdir()} == {"both.txt", "free.txt"}


def test_a_rule_at_the_top_of_a_page_is_no_front_matter(config: Config) -> None:
    (config.content / "about.md").write_text("***\n\nhide: true is how to hide.\n", "utf-8")
    assert not builds.build(config).warnings


def test_misspelt_keys_are_warned_of_with_their_line_in_every_build(config: Config) -> None:
    found = files(config)
    for kind, line in {
        "threads": "titel: A",
        "profiles": "handel: b",
        "about.md": "Nav: no",
    }.items():
        with_line(found[kind], line)
    wanted = (
        f"{found['about.md']}:2: 'Nav' is no key that sitegen reads; was 'nav' meant?",
        f"{found['profiles']}:2: 'handel' is no key that sitegen reads; was 'handle' meant?",
        f"{found['threads']}:2: 'titel' is no key that sitegen reads; was 'title' meant?",
    )
    assert builds.build(config).warnings == wanted
    again = builds.build(config)
    assert (again.warnings, again.written) == (wanted, ())
    assert run.strict_error(again)
    text = found["threads"].read_text("utf-8")
    found["threads"].write_text(text.replace("titel: A\n", ""), "utf-8")
    assert builds.build(config).warnings == wanted[:2]


def test_the_words_of_other_generators_are_no_mistakes(config: Config) -> None:
    words = """layout: post\nslug: a\npermalink: /a/\nweight: 3\naliases: [b]\ncategories: [c]
summary: d\ntype: note\nlastmod: 2024-01-01\npublishDate: 2024-01-01\nexpiryDate: 2030-01-01
keywords: [e]\ncover: https://f.example/f.png\nstatus: published\npublished: true\nmyown: g"""
    for path in files(config).values():
        with_line(path, words)
    assert builds.build(config).warnings == ()


@pytest.mark.parametrize("date", ["2031-05-06", "2031-05-06T07:08:09Z", "6 May 2031", "2031/05/06"])
def test_the_date_in_front_matter_is_obeyed(config: Config, date: str) -> None:
    builds.build(config)
    path = files(config)["threads"]
    lines = path.read_text("utf-8").split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("date: "))
    path.write_text("\n".join([*lines[:at], f"date: {date}", *lines[at + 1 :]]), "utf-8")
    builds.build(config)
    made = cold(config)
    index, page = (made[name].decode() for name in ("index.html", "thread/bluesky-a0.html"))
    assert index.index("Heron words") < index.index("Kept")
    assert "2031-05-06" in index
    assert "2031-05-06" in page
    assert "2031-05-06" in made["feed.xml"].decode()
    assert "date/2031-05.html" in made
    assert {p.name for p in config.output.rglob("*.html")} == {
        Path(name).name for name in made if name.endswith(".html")
    }


def test_a_page_of_ones_own_shows_its_date(config: Config) -> None:
    with_line(files(config)["about.md"], "date: 2 May 2024")
    builds.build(config)
    assert (
        '<time class="dt-published" datetime="2024-05-02">' in cold(config)["about.html"].decode()
    )


@pytest.mark.parametrize(
    "date", ["soon", "2031-13-01", "03/04/2031", "true", "[2031-01-01]", "20310"]
)
@pytest.mark.parametrize("kind", ["threads", "about.md"])
def test_a_date_that_is_none_is_an_error(config: Config, kind: str, date: str) -> None:
    path = files(config)[kind]
    lines = [line for line in path.read_text("utf-8").split("\n") if not line.startswith("date: ")]
    path.write_text("\n".join(["---", f"date: {date}", *lines[1:]]), "utf-8")
    with pytest.raises(ContentError) as caught:
        builds.build(config)
    assert (caught.value.path, caught.value.line) == (str(path), 2)
