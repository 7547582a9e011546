"""Topics on the site: their pages, addresses that stay, and warm builds that equal cold ones."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_build import cold, site
from trees import differences, tree

import sitegen
from sitegen.config.schema import Config
from sitegen.content import store
from sitegen.content.archive_index import ArchiveIndex
from sitegen.errors import ContentError, UsageError
from sitegen.ingest.pipeline import FINDING_TOPICS
from sitegen.model import Counts, Post
from sitegen.selection import topic_posts
from sitegen.site import build as builds
from sitegen.site.plan.page_types.topics.word_map import _width, word_map
from sitegen.site.views.topics.values import TopicView
from sitegen.topics import found_file, own_file
from sitegen.topics.found_file import Recorded
from sitegen.topics.topic import Topic
from topics import archives

FERRY = Topic("harbour ferry", ("harbour ferry",), group="harbour ferry")
SEAWEED = Topic("seaweed", ("seaweed",), ("seaweed",), group="harbour ferry")
TELESCOPE = Topic("telescope", ("telescope", "telescopes"), former=("spyglass",))


def tagged(post: Post) -> Post:
    """Return a post with a tag if it has seaweed."""
    return replace(post, tags=("Seaweed",)) if "eaweed" in post.text else post


POSTS = [*map(tagged, archives.posts(archives.ENGLISH, "en"))]


def archive(folder: Path, *posts: Post, toml: str = "", own: str = "") -> Config:
    """Return a site with these posts, the three topics, and a person's changes."""
    config = site(folder, *archives.threads(posts or POSTS), toml=toml)
    found_file.write(config.content, Recorded((FERRY, SEAWEED, TELESCOPE), ("fog",), 3, 1))
    if own:
        (config.content / own_file.NAME).write_text(own, "utf-8")
    return config


def names(pages: dict[str, bytes]) -> set[str]:
    """Return the addresses of the pages of topics that are no redirects."""
    found = {path for path in pages if re.fullmatch(r"topic/[^/]+\.html", path)}
    return {path for path in found if b'http-equiv="refresh"' not in pages[path]}


def main_of(page: bytes) -> str:
    return page.decode().partition("<main")[2].partition("</main>")[0]


def text_of(page: bytes) -> str:
    """Return the words of a page's main part."""
    shown = re.sub(r'<div class="topic-map".*?</div>\n</div>', "", main_of(page), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", shown.partition(">")[2]).split())


def target(page: bytes) -> str:
    """Return where a redirect leads."""
    found = re.search(r'content="0; url=([^"]+)"', page.decode())
    return found[1] if found else ""


def test_a_topic_has_its_posts_and_all_topics_have_a_list(tmp_path: Path) -> None:
    pages = cold(archive(tmp_path))
    assert names(pages) == {f"topic/{n}.html" for n in ("harbour-ferry", "seaweed", "telescope")}
    start = "Topics telescope 6 posts, 17% of all, 2020 5 Jul 2020 With the telescope we counted"
    assert text_of(pages["topic/telescope.html"]).startswith(start)
    listed = re.findall(r"thread/bluesky-(\w+)\.html", main_of(pages["topic/telescope.html"]))
    assert [*dict.fromkeys(listed)] == ["p012", "p011", "p010", "p009", "p008", "p007"]
    assert text_of(pages["topics.html"]) == (
        "Topics 3 topics, found in the words of the posts."
        " harbour ferry harbour ferry 7 seaweed 6 Other topics telescope 6"
        " How topics are found A topic is a word or a phrase that these posts have far more often"
        " than their language does. It is shown if at least 5 posts are about it. Names of people"
        " who have no account here are no topics. Not shown: 3 topics of too few posts, 1 names of"
        " people, 0 topics left out by hand."
    )
    assert b'<a href="topics.html">Topics</a>' in pages["index.html"]
    assert "static/topics.css" in pages


def test_the_map_has_every_topic_and_needs_no_style_of_its_own(tmp_path: Path) -> None:
    pages = cold(archive(tmp_path))
    page = pages["topics.html"].decode()
    drawn = re.findall(
        r'<a href="(topic/[\w-]+\.html)" tabindex="-1"><text x="\d+" y="\d+" font-size="\d+">', page
    )
    assert {*drawn} == names(pages)
    assert " style=" not in page + pages["topic/telescope.html"].decode()


def test_years_kinds_likes_and_near_topics_are_shown(tmp_path: Path) -> None:
    both = Post(
        "z1",
        "bluesky",
        "Seaweed on the harbour ferry",
        "2024-05-01T10:00:00Z",
        archives.ADA,
        counts=Counts(likes=40),
    )
    reply = Post("z2", "bluesky", "Seaweed?", "2024-05-02T10:00:00Z", archives.ADA, reply_to="gone")
    pages = cold(archive(tmp_path, *POSTS, both, reply))
    page = main_of(pages["topic/seaweed.html"])
    assert "8 posts, 21% of all, 2020 to 2024" in page
    bars = re.findall(r'(?:<span class="unseen">|title=")(\d+: \d+ posts?)["<]', page)
    assert bars == [
        "2020: 6 posts",
        "2021: 0 posts",
        "2022: 0 posts",
        "2023: 0 posts",
        "2024: 2 posts",
    ]
    assert 'href="../date/2024.html"' in page
    assert re.findall(r'<rect class="part-(\w+)" x="([\d.]+)%" width="([\d.]+)%"', page) == [
        ("posts", "0.0", "87.5"), ("replies", "87.5", "12.5"),
    ]  # fmt: skip
    assert "Related topics: harbour ferry" in text_of(pages["topic/seaweed.html"])
    assert page.index("Most liked") < page.index("40 likes")


def test_a_topic_of_too_few_shown_posts_has_no_page(tmp_path: Path) -> None:
    pages = cold(archive(tmp_path, toml="[topics]\nmin_posts = 7\n"))
    assert names(pages) == {"topic/harbour-ferry.html"}
    assert "1 topic, found" in text_of(pages["topics.html"])
    assert "Not shown: 5 topics" in text_of(pages["topics.html"])
    pages = cold(archive(tmp_path, toml="[topics]\nmin_posts = 8\n"))
    assert names(pages) == set()
    assert not {"topics.html", "static/topics.css", "topic/spyglass.html"} & pages.keys()
    assert b"Topics" not in pages["index.html"]


def test_hidden_posts_do_not_count(tmp_path: Path) -> None:
    hide = "[privacy]\nhide = ['\"telescope shows\"', '\"telescopes\"']\n"
    pages = cold(archive(tmp_path, toml=hide))
    assert names(pages) == {"topic/harbour-ferry.html", "topic/seaweed.html"}
    counted = topic_posts.count_posts(sitegen.load_config(tmp_path / "sitegen.toml"))
    assert counted.posts == {"harbour-ferry": 7, "seaweed": 6, "telescope": 4}
    assert counted.total == len(POSTS) - 2
    update = topic_posts.find_update(sitegen.load_config(tmp_path / "sitegen.toml"))
    assert [each.name for each in update.after.topics] == ["seaweed", "harbour ferry"]
    assert update.gone == ("telescope",)


def test_no_topics_are_built_if_nobody_wants_them(tmp_path: Path) -> None:
    pages = cold(archive(tmp_path, toml="[build]\ntopics = false\n"))
    assert not [path for path in pages if "topic" in path]


def test_a_tag_of_the_same_name_is_joined(tmp_path: Path) -> None:
    pages = cold(archive(tmp_path, toml="[build]\npage_size = 2\n"))
    assert target(pages["tag/seaweed.html"]) == "../topic/seaweed.html"
    assert target(pages["tag/seaweed/1.html"]) == "../../topic/seaweed.html"
    assert {"tag/seaweed.xml", "topic/seaweed/1.html"} <= pages.keys()
    assert b'<a href="topic/seaweed.html"><bdi>#Seaweed</bdi></a>' in pages["tags.html"]


def test_former_names_lead_on(tmp_path: Path) -> None:
    pages = cold(archive(tmp_path, own='[rename]\n"harbour ferry" = "The ferry"\n'))
    assert target(pages["topic/harbour-ferry.html"]) == "../topic/the-ferry.html"
    assert target(pages["topic/spyglass.html"]) == "../topic/telescope.html"
    assert target(pages["topic/fog.html"]) == "../topics.html"
    assert "topic/spyglass.html" not in cold(archive(tmp_path, own='hide = ["telescope"]'))


@pytest.mark.parametrize(
    ("own", "hide"),
    [
        ('hide = ["harbour ferry", "fog"]', ""),
        ('hide = ["fog"]', "[privacy]\nhide = ['\"harbour ferry\"']\n"),
    ],
)
def test_what_is_hidden_names_no_group_and_no_address(tmp_path: Path, own: str, hide: str) -> None:
    lemon = Topic("lemon", ("lemon",), group="harbour ferry")
    extra = [Post(f"s{at}", "bluesky", "A lemon", None, archives.ADA) for at in range(9)]
    config = archive(tmp_path, *POSTS, *extra, toml=hide, own=own)
    found_file.write(config.content, Recorded((FERRY, SEAWEED, TELESCOPE, lemon), ("fog",)))
    pages = cold(config)
    assert names(pages) == {f"topic/{n}.html" for n in ("seaweed", "lemon", "telescope")}
    assert "topic/fog.html" not in pages
    heading = '<h2 class="listing-head"><bdi>lemon</bdi></h2>'
    assert heading in pages["topics.html"].decode()
    assert "harbour" not in main_of(pages["topics.html"])
    if hide:  # the posts, too
        traces = [n for n, data in pages.items() if b"harbour" in n.encode() + data.lower()]
        assert traces == []


def test_a_group_of_one_shown_topic_is_none_unless_it_was_named(tmp_path: Path) -> None:
    pages = cold(archive(tmp_path, own='hide = ["harbour ferry"]'))
    assert "of the posts. All topics seaweed 6 telescope 6" in text_of(pages["topics.html"])
    own = 'hide = ["harbour ferry"]\n[[topic]]\nname = "seaweed"\ngroup = "Shore"\n'
    page = cold(archive(tmp_path, own=own))["topics.html"]
    assert "of the posts. Shore seaweed 6 Other topics telescope 6" in text_of(page)


def test_former_names_that_no_shown_post_has_are_forgotten(tmp_path: Path) -> None:
    hide = "[privacy]\nhide = ['\"harbour ferry\"', 'spyglass']\n"
    spyglass = [Post(f"s{at}", "bluesky", "My spyglass", None, archives.ADA) for at in range(6)]
    config = archive(tmp_path, *POSTS, *spyglass, toml=hide)
    update = topic_posts.find_update(config)
    assert {"harbour ferry"} <= {*update.gone}
    assert "harbour ferry" not in update.after.former
    assert not [name for each in update.after.topics for name in each.former]
    shown = topic_posts.find_update(archive(tmp_path, *POSTS, *spyglass))
    assert shown.gone == ()
    assert shown.after.former == ()


def test_a_former_name_that_a_person_uses_is_kept(tmp_path: Path) -> None:
    config = archive(tmp_path, own='[rename]\n"spyglass" = "Sights"\n')
    found_file.write(config.content, topic_posts.find_update(config).after)
    pages = cold(config)
    assert "topic/sights.html" in names(pages)
    assert target(pages["topic/spyglass.html"]) == "../topic/sights.html"


def test_few_posts_are_less_than_one_percent(tmp_path: Path) -> None:
    rain = [Post(f"r{at}", "bluesky", "Rain", None, archives.ADA) for at in range(1_200)]
    pages = cold(archive(tmp_path, *POSTS, *rain))
    assert text_of(pages["topic/seaweed.html"]).startswith("Topics seaweed 6 posts, &lt;1% of all")


def test_a_page_of_ones_own_keeps_its_address(tmp_path: Path) -> None:
    config = archive(tmp_path)
    (config.content / "topics.md").write_text("# My topics\n", "utf-8")
    pages = cold(config)
    assert b"My topics" in pages["topics.html"]
    (other,) = [path for path in pages if re.fullmatch(r"topics-\w+\.html", path)]
    assert f'href="../{other}"'.encode() in pages["topic/telescope.html"]


def test_topics_in_queries(tmp_path: Path) -> None:
    toml = '[[collection]]\ntitle = "Dry"\nslug = "dry"\nquery = "topic:spyglass,Seaweed -lemon -topic:\'harbour ferry\'"\n'
    config = archive(tmp_path, toml=toml.replace("'", '\\"'))
    page = main_of(cold(config)["collection/dry.html"])
    assert len({*re.findall(r"thread/bluesky-(\w+)", page)}) == 11
    lines = sitegen.export_posts(config, query="topic:telescope craters").splitlines()
    assert len(lines) == 1
    with pytest.raises(UsageError, match="there is no topic 'fogs'"):
        sitegen.export_posts(config, query="topic:fogs")


@pytest.mark.parametrize(
    ("setting", "why"),
    [("", "there is no such topic"), ("[build]\ntopics = false\n", "[build] topics is false")],
)
def test_a_collection_of_an_unknown_topic_is_noted(tmp_path: Path, setting: str, why: str) -> None:
    toml = '[[collection]]\ntitle = "Dry"\nquery = "Fog -topic:fogs"\n' + setting
    warnings = builds.build(archive(tmp_path, toml=toml)).warnings
    assert warnings == (
        f"{tmp_path}/sitegen.toml:1: [[collection]] Dry asks for topic:fogs, but {why};"
        " `sitegen topics` lists them",
    )


def test_a_mistake_in_either_file_stops_a_build(tmp_path: Path) -> None:
    config = archive(tmp_path, own="hide = 3")
    with pytest.raises(ContentError, match="hide must be a list of strings"):
        builds.build(config)


EDITS = (
    'hide = ["seaweed"]',
    '[rename]\n"seaweed" = "Algae"\n',
    '[merge]\n"Sea" = ["seaweed", "harbour ferry"]\n',
    '[[topic]]\nname = "Weather"\nquery = "rain* -is:repost"\ngroup = "harbour ferry"\n[[topic]]\nname = "keys"\n',
    "",
)


@pytest.mark.slow
def test_warm_is_cold_for_every_edit_of_topics_and_threads(tmp_path: Path) -> None:
    config = archive(tmp_path, toml="[topics]\nmin_posts = 2\n[build]\njobs = 1\n")

    def check() -> None:
        builds.build(config)
        assert not differences(tree(config.output), cold(config))
        assert builds.build(config).written == ()

    check()
    for text in EDITS:
        (config.content / own_file.NAME).write_text(text, "utf-8")
        check()
    found_file.write(config.content, Recorded((FERRY, TELESCOPE), ("fog", "seaweed"), 4, 0))
    check()
    found_file.write(config.content, Recorded((FERRY, TELESCOPE), ("seaweed",), 5, 0))
    check()
    file = next(config.content.glob("threads/*/*telescope*.md"))
    text = file.read_text("utf-8")
    for edited in (text.replace("elescope", "ens"), text + "\nAlso by harbour ferry.\n", text):
        file.write_text(edited, "utf-8")
        check()
    more = Post("q9", "bluesky", "A telescope by the harbour", "2025-01-01T10:00:00Z", archives.ADA)
    store.write(store.merge(ArchiveIndex(config.content), archives.threads([more]), ()))
    check()
    for name in (own_file.NAME, found_file.NAME):
        (config.content / name).unlink()
    check()
    assert not (config.output / "topics.html").exists()


def test_an_import_finds_topics_and_records_them_once(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    config = sitegen.load_config(tmp_path / "sitegen.toml")
    from sitegen import exchange

    source = tmp_path / "posts.jsonl"
    source.write_text(exchange.lines(tuple(archives.threads(POSTS))), "utf-8")
    said: list[str] = []
    sitegen.import_sources(config, [source], dry_run=True, say=said.append)
    assert not (config.content / found_file.NAME).exists()
    sitegen.import_sources(config, [source], say=said.append)
    recorded = (config.content / found_file.NAME).read_bytes()
    assert [each.name for each in found_file.read(config.content).topics] == [
        "harbour ferry", "seaweed", "telescope",
    ]  # fmt: skip
    assert said[-1] == "topics: 3 found (`sitegen topics` lists them)"
    sitegen.import_sources(config, [source], say=said.append)
    assert len(said) == 1
    assert sitegen.update_topics(config).new == ()
    assert (config.content / found_file.NAME).read_bytes() == recorded


def test_topics_are_found_by_the_next_import_if_one_was_stopped_before(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    config = sitegen.load_config(tmp_path / "sitegen.toml")
    from sitegen import exchange

    source = tmp_path / "posts.jsonl"
    source.write_text(exchange.lines(tuple(archives.threads(POSTS))), "utf-8")

    def stop(step: str, done: int, total: int) -> None:
        if step == FINDING_TOPICS:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sitegen.import_sources(config, [source], progress=stop)
    assert len(sitegen.read_threads(config)) == len(archives.threads(POSTS))
    assert not (config.content / found_file.NAME).exists()
    result = sitegen.import_sources(config, [source])
    assert not result.changes.created
    assert len(found_file.read(config.content).topics) == 3
    steps: list[str] = []
    sitegen.import_sources(config, [source], progress=lambda step, done, total: steps.append(step))
    assert FINDING_TOPICS not in steps


def test_topics_are_found_by_the_next_import_that_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    config = sitegen.load_config(tmp_path / "sitegen.toml")
    from sitegen import exchange

    source = tmp_path / "posts.jsonl"
    source.write_text(exchange.lines(tuple(archives.threads(POSTS))), "utf-8")
    said: list[str] = []
    off = config._replace(build=config.build._replace(topics=False))
    sitegen.import_sources(off, [source], say=said.append)
    assert said == []
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "wordfreq", None)  # as if it were not installed
        sitegen.import_sources(config, [source], say=said.append)
        assert said == []
    sitegen.import_sources(config, [source], say=said.append)
    assert said == ["topics: 3 found (`sitegen topics` lists them)"]


def test_an_import_says_once_what_finding_topics_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitegen.toml").write_text("", "utf-8")
    config = sitegen.load_config(tmp_path / "sitegen.toml")
    from sitegen import exchange

    source, said = tmp_path / "posts.jsonl", list[str]()
    monkeypatch.setitem(sys.modules, "wordfreq", None)
    threads = tuple(archives.threads(POSTS))
    for count in (1, len(threads), len(threads)):
        source.write_text(exchange.lines(threads[:count]), "utf-8")
        sitegen.import_sources(config, [source], say=said.append)
    cure = "pip install 'sitegen-archive[topics]' (70 MB)."
    assert said == [f"topics are found once wordfreq is installed. hint: {cure}"]
    assert not (config.content / found_file.NAME).exists()


@given(
    st.lists(st.tuples(st.text("abmWij 東ع", min_size=1, max_size=40), st.integers(1, 500)), min_size=1, max_size=60),
)  # fmt: skip
def test_the_words_of_a_map_stay_within_it_and_apart(listed: list[tuple[str, int]]) -> None:
    topics = [TopicView(name, str(at), count) for at, (name, count) in enumerate(listed)]
    words, width, height = word_map(topics, 500)
    assert sorted(word.path for word in words) == sorted(topic.path for topic in topics)
    boxes = []
    for word in words:
        half = _width(word.name, word.size) / 2
        boxes.append((word.x - half, word.x + half, word.y - word.size / 2, word.y + word.size / 2))
    for at, (left, right, top, bottom) in enumerate(boxes):
        assert left >= -1
        assert right <= width + 1
        assert top >= -1
        assert bottom <= height + 1
        for other in boxes[:at]:
            assert right <= other[0] or left >= other[1] or bottom <= other[2] or top >= other[3]


@pytest.mark.parametrize(("name", "width"), [
    ("شاي", 1.93), ("خسوف", 3.06), ("شمس", 2.69), ("سمك", 2.28), ("ضباب", 2.53), ("مطر", 1.91),
    ("تلسكوب", 3.51), ("موسيقى", 3.53), ("خورشید", 3.28), ("کشمیر", 2.8), ("ٹیلیفون", 3.0),
])  # fmt: skip
def test_the_width_of_a_word_in_arabic_letters_is_that_of_a_wide_font(
    name: str, width: float
) -> None:
    assert _width(name, 1_000) >= 1_000 * width * 0.95  # in DejaVu Sans or Noto Sans Arabic


def edit(config: Config, number: int) -> None:
    """Add a word to a post as a person does."""
    path = sorted((config.content / "threads").rglob("*.md"))[number]
    path.write_text(f"{path.read_text('utf-8').rstrip()} Indeed.\n", "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("is_linked", [False, True], ids=["file", "link"])
def test_a_change_of_topics_is_seen_among_edits_of_posts(tmp_path: Path, is_linked: bool) -> None:
    """The last build knows the topics, so that most builds need not read their files."""
    config = archive(tmp_path)
    found = config.content / found_file.NAME
    if is_linked:
        found = found.rename(tmp_path / "topics")
        (config.content / found_file.NAME).symlink_to(found)
    changes: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: found.write_text(found.read_text("utf-8").replace('["telescope"', '["towels"')),
        lambda: (config.content / own_file.NAME).write_text('hide = ["seaweed"]\n', "utf-8"),
        lambda: (config.content / own_file.NAME).unlink(),
    )
    builds.build(config)
    for number, change in enumerate(changes):
        change()
        edit(config, number)
        builds.build(config)
        assert not differences(tree(config.output), cold(config)), number


@pytest.mark.slow
def test_topics_that_were_off_are_read_when_they_are_on(tmp_path: Path) -> None:
    config = archive(tmp_path)
    without = config._replace(build=config.build._replace(topics=False))
    for number, now in enumerate((without, config, without, config)):
        edit(config, number)
        builds.build(now)
        assert not differences(tree(config.output), cold(now)), number
