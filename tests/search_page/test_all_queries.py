"""The search page in a real browser finds for each query what a plain scan finds, in its order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checkers import chromium
from search_page.archive import PEOPLE, Archive
from search_page.queries import all_queries
from test_build import site

from sitegen.config import queries as config_queries
from sitegen.config.schema import Config
from sitegen.errors import QueryError
from sitegen.languages import language as languages
from sitegen.model import Post
from sitegen.query.accounts import AccountNames
from sitegen.query.facts import ThreadFacts
from sitegen.query.matching import compile_query
from sitegen.query.parser import parse_leniently
from sitegen.selection import hide_rules, queried_posts
from sitegen.site import build as builds
from sitegen.site import urls

POSTS = 10_000
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="Chromium is not installed"),
]
# Answers queries by the scripts of the page: the addresses of the posts in the order of each.
ANSWER = """
(async () => {
  const index = new sitegen.Index(sitegen.loadFile);
  await index.open();
  const all = [...Array(index.directory.posts).keys()];
  const paths = (await index.results(all)).map(({ path }) => path);
  const answers = {};
  for (const text of %s) {
    answers[text] = [];
    for await (const found of index.search(sitegen.parseQuery(text))) answers[text].push(...found);
  }
  return { paths, answers };
})()
"""


class Scan:
    """All posts of a site, to be asked one after the other."""

    def __init__(self, config: Config) -> None:
        clock = languages.clock(config)
        threads = [*queried_posts._open_threads(config, hide_rules.load(config, clock))]
        statements = queried_posts._statements(config, threads)
        self.names = AccountNames(statements, config_queries.people(config))
        self.posts = [
            facts
            for thread in threads
            for facts in ThreadFacts(
                thread.posts, clock, thread.hidden,
                date=thread.heading.date, tags=thread.heading.tags,
            )
        ]  # fmt: skip

    def found(self, text: str) -> set[str]:
        """Return the addresses of the posts that a query matches."""
        try:
            matcher = compile_query(parse_leniently(text).query)
        except QueryError:  # there are no topics yet
            return set()
        return {address(each.post) for each in self.posts if matcher.matches(each, self.names)}


def address(post: Post) -> str:
    return urls.iri(urls.post(post.network, post.id))


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(POSTS)


@pytest.fixture(scope="module")
def config(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Return a built site with the archive."""
    config = site(tmp_path_factory.mktemp("site"), *archive.threads, toml=PEOPLE)
    builds.build(config)
    return config


def test_the_page_finds_what_a_scan_finds(archive: Archive, config: Config, tmp_path: Path) -> None:
    queries = all_queries(archive)
    assert len(queries) > 200
    with (
        chromium.running(tmp_path / "profile") as browser,
        chromium.opened(browser, f"file://{config.output}/search.html") as tab,
    ):
        result = tab.value(ANSWER % json.dumps(queries))
        assert tab.problems == []
    scan = Scan(config)
    wrong = {}
    for text, found in result["answers"].items():
        paths = [result["paths"][number] for number in found]
        if len(paths) != len(set(paths)) or set(paths) != scan.found(text):
            wrong[text] = (len(paths), len(scan.found(text)))
    assert wrong == {}
