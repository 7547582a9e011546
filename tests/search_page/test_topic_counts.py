"""Topics on the search page, in a real browser: queries, counts that narrow them, what is loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checkers import chromium
from checkers.chromium import Tab
from search import test_search_topics as cases
from search_page.scan import Scan
from search_page.test_all_queries import ANSWER
from search_page.test_page import FACETS, FIELD, LOADED, NARROW, STATUS, search

from sitegen.config.schema import Config
from sitegen.site import build as builds
from sitegen.site.search import topics

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed"),
]
TOPICS = f"{FACETS}.Topics"
MORE = "document.querySelector('.facet-more')"
LINKS = "[...document.querySelectorAll('.search-meaning a')].map((e) => [e.textContent, e.pathname.split('/').slice(-2).join('/')])"  # fmt: skip
# Nine more topics; the name of one has signs that no query can quote.
MORE_TOPICS = "".join(
    f"[[topic]]\nname = '{name}'\nwords = ['{name.split()[0]}']\n"
    for name in ("a", "my", "it", "with", "and", "for", "in", "we", 'the "best" word')
)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    own = f"{cases.OWN}{MORE_TOPICS}"
    made = cases.archive(tmp_path_factory.mktemp("site"), *cases.posts(), own=own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "MAX_CHARACTERS", 83)  # those of ten topics
        builds.build(made)
    return made


@pytest.fixture(scope="module")
def output(config: Config) -> Path:
    return config.output


def click(tab: Tab, topic: str) -> None:
    name = json.dumps(f"{topic} ")
    tab.value(f"[...document.querySelectorAll('.facet button')].find((e) => e.textContent.startsWith({name})).click()")  # fmt: skip


def test_queries_by_topic_find_what_a_scan_finds(tab: Tab, config: Config, address: str) -> None:
    asked = [text for text in cases.QUERIES if "okapi" not in text]
    tab.go(f"{address}/search.html")
    result = tab.value(ANSWER % json.dumps(asked))
    scan = Scan(config)
    answers = {t: [result["paths"][n] for n in found] for t, found in result["answers"].items()}
    assert answers == {text: scan.answer(text) for text in asked}
    assert tab.problems == []


def test_counts_by_topic_narrow_and_widen_the_query(tab: Tab, address: str) -> None:
    search(tab, address, "")
    tab.until(f"{TOPICS}.length")
    first = [
        'the "best" word 20', "harbour  ferry 9", "Algae & weeds 8", "a 8", "Téléscope 7", "and 7", "Bright nights 6", "for 5",
        "my 5", "we 5", "More topics",
    ]  # fmt: skip
    assert tab.value(TOPICS) == first
    tab.value(f"{MORE}.focus()")
    tab.press("Enter")
    tab.until(f"{TOPICS}.includes('Fewer topics')")
    assert tab.value(TOPICS) == [*first[:-1], "Weather 4", "in 3", "Fewer topics"]
    assert tab.value(f"{MORE}.ariaExpanded") == "true"
    tab.press("Enter")
    tab.until(f"{TOPICS}.includes('More topics')")
    assert tab.value(TOPICS) == first
    assert tab.value(f"document.activeElement === {MORE}")

    click(tab, "Téléscope")
    tab.until(f"{STATUS} === '7 posts'")
    assert tab.value(f"{FIELD}.value") == "topic:Téléscope"
    assert tab.value(LINKS) == [["The page of the topic “Téléscope”", "topic/t%C3%A9l%C3%A9scope.html"]]  # fmt: skip
    tab.until(f"{TOPICS}.includes('+Téléscope 7')")
    click(tab, "harbour  ferry")
    tab.until(f"{STATUS} === '15 posts'")
    assert tab.value(f"{FIELD}.value") == 'topic:Téléscope,"harbour ferry"'
    assert len(tab.value(LINKS)) == 2


def test_a_topic_is_meant_by_each_of_its_names(tab: Tab, address: str) -> None:
    search(tab, address, 'topic:kelp,"SPY glass" -moth')
    tab.until(f"{TOPICS}.includes('+Algae & weeds 8')")
    click(tab, "Téléscope")
    tab.until(f"{STATUS} === '8 posts'")
    assert tab.value(f"{FIELD}.value") == "topic:kelp -moth"
    click(tab, "Algae & weeds")
    tab.until(f"{FIELD}.value === '-moth'")
    click(tab, 'the "best" word')
    tab.until(f"{FIELD}.value === '-moth topic:the-best-word'")
    tab.until(f"{TOPICS}.includes('+the \"best\" word 19')")


def test_topics_are_loaded_when_they_are_used(tab: Tab, address: str) -> None:
    tab.resize(*NARROW)
    loaded = f"{LOADED}.map((name) => name.split('/search/')[1]).filter((name) => name.includes('topics'))"
    search(tab, address, "moth")
    assert tab.value(loaded) == []
    search(tab, address, "moth -topic:seaweed")
    assert tab.value(loaded) == ["0/topics-0.js", "topics.js"]
    assert tab.value(LINKS) == []
    search(tab, address, "topic:weather")
    assert tab.value(loaded) == ["0/topics-1.js", "topics.js"]
    tab.value("document.querySelector('.search-narrow').open = true")
    tab.until(f"{TOPICS}.includes('+Weather 4')")
    assert tab.value(loaded) == ["0/topics-0.js", "0/topics-1.js", "topics.js"]
    search(tab, address, "topic:nothing")
    assert tab.value(loaded) == ["topics.js"]
    assert tab.problems == []
