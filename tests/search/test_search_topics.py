"""Topics in the search index: it finds what a scan finds, and no byte names one that is not shown."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from random import Random
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from search.index_reader import IndexReader
from search.test_search_index import NO_PAGES, Indexed, Scan, rewrite
from test_build import cold, site
from topics import archives
from topics.shown import shown_topics
from trees import differences, tree

from sitegen.config import settings as configs
from sitegen.config.schema import Config
from sitegen.model import Post
from sitegen.query.parser import parse
from sitegen.selection.topics import TopicMatcher
from sitegen.site import build as builds
from sitegen.site.incremental import search_edits, search_index
from sitegen.site.search import records, topics
from sitegen.topics import found_file, own_file
from sitegen.topics.found_file import Recorded
from sitegen.topics.topic import Topic

FOUND = (
    Topic("harbour  ferry", ("harbour ferry",), group="boats"),
    Topic("seaweed", ("seaweed",), ("seaweed",), group="boats", former=("kelp",)),
    Topic("Téléscope", ("telescope", "telescopes"), former=("Spy Glass", "Okapi")),
    Topic("天気", ("天気",), former=("空模様",)),
    Topic("quagga", ("recipe",), former=("okapi",)),  # in too few posts
    Topic("zebra", ("harbour",), former=("aardvark",)),  # which the person hides
)
OWN = """hide = ["Zebra"]
[rename]
"seaweed" = "Algae & weeds"
[merge]
"Weather" = ["天気"]
[[topic]]
name = "Bright nights"
query = "tele* -moth"
[[topic]]
name = "Short"
query = "is:reply -tag:seaweed"
"""
QUERIES = (
    'topic:"harbour ferry"', "topic:Harbour-Ferry", 'topic:"HARBOUR FERRY" -piano', "topic:seaweed", "topic:kelp,telescope",
    "topic:telescope", 'topic:"spy glass"', "-topic:téléscope", "topic:Weather", "topic:天気", "topic:空模様", "topic:bright-nights",
    '-topic:"bright nights",algae', 'topic:"algae & weeds" year:2020', "topic:short", "topic:quagga", "topic:okapi", "topic:zebra",
    "topic:aardvark", "-topic:zebra", "topic:nothing", "topic:kelp topic:harbour-ferry", "seaweed -topic:seaweed",
)  # fmt: skip
HIDDEN = (b"quagga", b"zebra", b"okapi", b"aardvark")


def posts() -> list[Post]:
    japanese = archives.posts(["今日の天気は霧", "天気図を見た", "天気", "よい天気"], "ja", "j")
    both = ("Seaweed on the harbour ferry", "A harbour  ferry? Seaweed! And a téléscope")
    return [*archives.posts(archives.ENGLISH, "en"), *japanese, *archives.posts(both, "en", "b")]


def archive(folder: Path, *listed: Post, toml: str = NO_PAGES, own: str = OWN) -> Config:
    """Return a site with posts, the recorded topics, and a person's changes."""
    config = site(folder, *archives.threads(listed), toml=f"[topics]\nmin_posts = 3\n{toml}")
    found_file.write(config.content, Recorded(FOUND, ("fog",), 3, 1))
    (config.content / own_file.NAME).write_text(own, "utf-8")
    return config


class TopicScan(Scan):
    """All shown posts, of which queries ask for topics that are shown."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        shown = shown_topics(config)
        self.topics = shown.topics
        matcher = TopicMatcher(shown)
        for thread in self.threads:
            thread.topics_of = matcher.names_of


class IndexedTopics(Indexed):
    """A site that was built, to which a scan belongs that knows topics."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.scan = TopicScan(config)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> IndexedTopics:
    config = archive(tmp_path_factory.mktemp("topics"), *posts())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "MAX_CHARACTERS", 20)
        builds.build(config)
    return IndexedTopics(config)


def test_the_help_has_an_example_of_the_largest_topic(made: IndexedTopics, tmp_path: Path) -> None:
    examples = r'\?q=topic%3A([^"]*)" dir="auto">'
    (slug,) = re.findall(examples, (made.config.output / "search.html").read_text("utf-8"))
    sizes = [
        len(made.scan.find(parse(f"topic:{each.slug}"))) for each in TopicScan(made.config).topics
    ]
    assert len(made.find(parse(f"topic:{unquote(slug)}"))) == max(sizes)
    without = site(tmp_path, *archives.threads(posts()))
    builds.build(without)
    assert not re.findall(examples, (without.output / "search.html").read_text("utf-8"))


def test_it_finds_what_a_scan_finds(made: IndexedTopics) -> None:
    found = {text: made.find(parse(text)) for text in QUERIES}
    # A former name that another topic has, which is not shown, is none: it would name that one.
    expected = {text: made.scan.find(parse(text)) for text in QUERIES} | {"topic:okapi": set()}
    assert found == expected
    assert sum(map(bool, found.values())) > len(QUERIES) * 0.6


def test_the_topics_have_their_names_and_addresses(made: IndexedTopics) -> None:
    assert [[*each] for each in made.reader.topics] == [
        ["harbour  ferry", "topic/harbour-ferry.html", ["harbour ferry", "harbour-ferry"]],
        ["Algae & weeds", "topic/algae-weeds.html", ["algae & weeds", "algae-weeds", "kelp", "seaweed"]],
        ["Téléscope", "topic/téléscope.html", ["spy glass", "telescope"]],
        ["Bright nights", "topic/bright-nights.html", ["bright nights", "bright-nights"]],
        ["Weather", "topic/weather.html", ["weather", "天気", "空模様"]],
    ]  # fmt: skip
    assert made.reader.load("search/topics")[1] == [2, 3]
    pages = {path for path in tree(made.config.output) if path.startswith("topic/")}
    assert {unquote(path) for _, path, _ in made.reader.topics} <= pages


def test_no_byte_names_a_topic_that_is_not_shown(made: IndexedTopics) -> None:
    files = {name: data.lower() for name, data in tree(made.config.output / "search").items()}
    assert [(n, word) for n, data in files.items() for word in HIDDEN if word in data] == []


def test_without_shown_topics_there_are_no_files_of_topics(tmp_path: Path) -> None:
    for toml in ("[topics]\nmin_posts = 99\n", "[build]\ntopics = false\n"):
        config = archive(tmp_path, *posts()[:3])
        (tmp_path / "sitegen.toml").write_text(toml, "utf-8")
        config = configs.load(tmp_path / "sitegen.toml")
        builds.build(config)
        reader = IndexReader(config.output)
        assert reader.directory["topics"] == ""
        assert not [*config.output.glob("search/**/topics*.js")]
        assert reader.find(parse("topic:seaweed")) == set()


def few(texts: dict[str, str]) -> list[Post]:
    """Return a post of each text, a day apart."""
    return [
        Post(name, "x", text, f"2024-03-{at:02}T10:00:00Z", archives.ADA)
        for at, (name, text) in enumerate(texts.items(), 1)
    ]


FEW = {
    "a": "Fog on the harbour ferry", "b": "The harbour ferry is late", "c": "A harbour ferry, twice",
    "d": "Seaweed soup", "e": "More seaweed", "f": "Nothing at all", "g": "Seaweed and a recipe",
}  # fmt: skip


@pytest.fixture
def segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give segments three posts."""
    for module in (records, search_edits, search_index):
        monkeypatch.setattr(module, "POSTS_PER_SEGMENT", 3)


def named(config: Config) -> list[str]:
    """Return the names of the topics of a built index."""
    return [name for name, _, _ in IndexReader(config.output).topics]


@pytest.mark.usefixtures("segments")
def test_topics_that_come_and_go_leave_all_else_as_it_is(tmp_path: Path) -> None:
    config = archive(tmp_path, *few(FEW), own="")

    def check(names: list[str]) -> set[str]:
        """Build on top of what there is, compare it, and return the written files of the index."""
        written = {path for path in builds.build(config).written if path.startswith("search/")}
        new = cold(config)
        assert not differences(tree(config.output), new)
        assert named(config) == names
        return {path for path in written if not path.startswith("search/posts/")}

    check(["harbour  ferry", "seaweed", "zebra"])
    of_topics = {
        "search/index.js",
        "search/topics.js",
        *(f"search/{n}/topics-0.js" for n in range(3)),
    }
    (config.content / own_file.NAME).write_text('hide = ["zebra"]', "utf-8")
    assert of_topics - {"search/2/topics-0.js"} <= check(["harbour  ferry", "seaweed"])
    before = IndexReader(config.output).directory

    rewrite(config, "harbour ferry is", "ferry is")  # which leaves it too few posts
    written = check(["seaweed"])
    assert of_topics - {"search/index.js"} <= written
    assert {path for path in written if "keys" in path or "facets" in path} == set()
    after = IndexReader(config.output).directory
    versions = [[each["version"] for each in found["segments"]] for found in (before, after)]
    assert versions[0][1:] == versions[1][1:]
    assert after["topics"] != before["topics"]

    rewrite(config, "The ferry is", "The ferry is a")  # and is about no topic before and after
    assert not check(["seaweed"]) & of_topics - {"search/index.js"}
    rewrite(config, "Nothing at", "The harbour ferry at")
    check(["harbour  ferry", "seaweed"])
    rewrite(config, "The harbour ferry at", "Nothing of seaweed at")
    check(["seaweed"])
    (tmp_path / "sitegen.toml").write_text(f"[topics]\nmin_posts = 2\n{NO_PAGES}", "utf-8")
    config = configs.load(tmp_path / "sitegen.toml")
    check(["seaweed", "harbour  ferry"])


WORDS = ("fog", "harbour ferry", "seaweed", "telescope", "recipe", "moth")
CHANGES = st.one_of(
    st.tuples(st.integers(0, 6), st.lists(st.sampled_from(WORDS), max_size=3).map(" and ".join)),
    st.sampled_from(["", OWN, 'hide = ["seaweed", "telescope"]', '[rename]\n"quagga" = "Moth"\n']),
    st.integers(2, 4),
)


@pytest.mark.slow
@long_law
@given(
    st.lists(CHANGES, min_size=1, max_size=6), st.integers(2, 4), st.sampled_from([4, 8, 100]),
    st.randoms(),
)  # fmt: skip
def test_warm_is_cold_and_the_index_finds_what_a_scan_finds(
    changes: list[tuple[int, str] | str | int], size: int, most: int, random: Random
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        for module in (records, search_edits, search_index):
            patch.setattr(module, "POSTS_PER_SEGMENT", size)
        patch.setattr(topics, "MAX_CHARACTERS", most)
        texts = [" ".join(random.choices(WORDS, k=3)) for _ in range(7)]
        config = archive(Path(name), *few({f"p{at}": f"P{at}. {t}" for at, t in enumerate(texts)}))
        for change in changes:
            if isinstance(change, str):
                (config.content / own_file.NAME).write_text(change, "utf-8")
            elif isinstance(change, int):
                toml = f"[topics]\nmin_posts = {change}\n{NO_PAGES}"
                (Path(name) / "sitegen.toml").write_text(toml, "utf-8")
                config = configs.load(Path(name) / "sitegen.toml")
            else:
                at, text = change
                path = next(p for p in config.content.glob("threads/*/*.md") if f"P{at}. " in p.read_text("utf-8"))  # fmt: skip
                lines = path.read_text("utf-8").split("\n")
                kept = [f"P{at}. {text}" if each.startswith(f"P{at}. ") else each for each in lines]
                path.write_text("\n".join(kept), "utf-8")
            builds.build(config)
            assert not differences(tree(config.output), cold(config))
            made = IndexedTopics(config)
            scan = TopicScan(config)
            for text in ("topic:seaweed", "topic:harbour-ferry", "-topic:telescope", "topic:moth"):
                assert made.find(parse(text)) == scan.find(parse(text))
            shown = {name for each in scan.topics for name in each.names}
            assert {n for _, _, names in made.reader.topics for n in names} <= shown
