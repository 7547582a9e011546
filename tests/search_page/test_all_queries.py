"""The search page in a real browser finds for each query what a plain scan finds, in its order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checkers import chromium
from search_page.archive import PEOPLE, Archive
from search_page.queries import all_queries
from search_page.scan import Scan
from test_build import site

from sitegen.site import build as builds
from sitegen.topics import found_file
from sitegen.topics.found_file import Recorded

POSTS = 10_000
# The search and the pages that its results lead to.
SETTINGS = """
[build]
date_pages = false
day_pages = false
tag_pages = false
people_pages = false
host_pages = false
kind_pages = false
json_feeds = "none"
site_feeds = false
profile_feeds = false
"""
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
  const paths = (await Promise.all(index.results(all))).map(({ path }) => path);
  const answers = {};
  for (const text of %s) {
    answers[text] = [];
    for await (const found of index.search(sitegen.parseQuery(text))) answers[text].push(...found);
  }
  return { paths, answers };
})()
"""


def test_the_page_finds_what_a_scan_finds(tmp_path: Path) -> None:
    archive = Archive(POSTS)
    queries = all_queries(archive)
    assert len(queries) > 250
    config = site(tmp_path, *archive.threads, toml=SETTINGS + PEOPLE)
    found_file.write(config.content, Recorded(archive.topics))
    builds.build(config)
    with (
        chromium.running(tmp_path / "profile") as browser,
        chromium.opened(browser, f"file://{config.output}/search.html") as tab,
    ):
        result = tab.value(ANSWER % json.dumps(queries))
        assert tab.problems == []
    scan = Scan(config)
    answers = {
        text: [result["paths"][number] for number in found]
        for text, found in result["answers"].items()
    }
    assert answers.keys() == {*queries}
    assert {text for text, found in answers.items() if found != scan.answer(text)} == set()
    assert sum(map(bool, answers.values())) > 200
