"""What a data card says about an export: values, for README and Croissant alike."""

from __future__ import annotations

import re
from typing import NamedTuple

from sitegen.config.schema import Config
from sitegen.opendata.anonymity.anonymous_posts import AnonymousPosts
from sitegen.opendata.columns import ANONYMOUS_COLUMNS, POST_COLUMNS, Column
from sitegen.opendata.counts import COUNT_COLUMNS, Counts
from sitegen.opendata.request import Format
from sitegen.opendata.summary import Summary, count_of, list_counts
from sitegen.query.values import Query
from sitegen.selection.queried_posts import Selected

_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
NAMES_SOMEBODY = "It is stated where the posts come from, and would name somebody here."


class DataFile(NamedTuple):
    """The file of an export: its name, its size in bytes and its digest."""

    name: str
    format: Format
    size: int
    sha256: str


class Dataset(NamedTuple):
    """An export as others need to know it.

    `record` is what a row is called. `facts` are sentences on what there is and where it is from,
    `anonymity` on what was replaced and left out. `license` is "" if none is stated.
    """

    title: str
    record: str
    columns: tuple[Column, ...]
    facts: tuple[str, ...]
    anonymity: tuple[str, ...] = ()
    license: str = ""
    license_note: str = ""
    url: str = ""

    @property
    def license_url(self) -> str:
        """The address of the licence, or its words; "" if none is stated."""
        is_identifier = _SPDX.fullmatch(self.license)
        return f"https://spdx.org/licenses/{self.license}" if is_identifier else self.license


def describe_public(config: Config, query: Query, selected: tuple[Selected, ...]) -> Dataset:
    """Describe the public posts that a query matches."""
    site = config.site
    facts = [*Summary(selected).facts(1), site.description]
    if query.terms:
        facts.append(f"There are more posts; these match the query: {query}")
    if site.base_url:
        facts.append(f"They are from {site.base_url}, which shows them.")
    title = f"Posts of {site.title}" if site.title else "Public posts"
    return Dataset(
        title, "post", POST_COLUMNS, tuple(filter(None, facts)), license=site.license,
        url=site.base_url,
    )  # fmt: skip


def describe_anonymous(config: Config, query: Query, posts: AnonymousPosts) -> Dataset:
    """Describe anonymous posts, after all of them were read."""
    facts = [*posts.summary.facts(posts.min_posts), *_fact_on_query(query)]
    replaced = list_counts(posts.replaced)
    left_out = list_counts(posts.left_out)
    anonymity = (
        "Accounts, posts and addresses have pseudonyms, made with HMAC-SHA-256 and a key that is"
        " not here. An account has one pseudonym, which is the same in other exports made with"
        " that key.",
        "In texts, known names and handles, mentions, addresses, e-mail addresses and long numbers"
        f" are replaced by such pseudonyms, too: {replaced}.",
        f"Times are cut to the day. Tags, sites, languages and topics that fewer than"
        f" {posts.min_posts} posts have, or that name somebody, are left out, and topics of fewer"
        f" than {count_of(posts.min_authors, 'author')}: {left_out}. So are all media files.",
        "This is not perfect. People without an account, nicknames and misspelt names may still be"
        " in the texts. And whoever looks up a public text on its network finds who wrote it.",
    )
    return _without_names(config, posts, Dataset(
        "Anonymous posts", "post", ANONYMOUS_COLUMNS, tuple(facts), anonymity
    ))  # fmt: skip


def describe_counts(config: Config, query: Query, posts: AnonymousPosts, counts: Counts) -> Dataset:
    """Describe numbers of posts."""
    kind = counts.subject
    left_out = count_of(posts.left_out[kind] + counts.subjects_left_out, kind)
    few, authors = posts.min_posts, count_of(posts.min_authors, "author")
    rule = {
        "topic": f"Topics that fewer than {few} posts or fewer than {authors} wrote about, or that"
        " name somebody",
        "tag": f"Tags that fewer than {few} posts have, or that name somebody",
    }
    anonymity = (
        f"Numbers under {posts.min_posts} are left out, and others from which these could be"
        f" computed: {counts.numbers_left_out:,} in all. A number that is not here may be 0.",
        f"{rule[kind]}, are left out: {left_out}.",
        "Whoever has two such files, of different days, queries or smallest numbers, can compare"
        " them.",
    )
    by = {"topic": "topic. A post may be about several", "tag": "tag, since none has topics"}
    fact = f"How many posts there are of each month, kind and {by[kind]}."
    facts = (fact, *_fact_on_query(query))
    return _without_names(config, posts, Dataset(
        "Numbers of posts", "number", COUNT_COLUMNS, facts, anonymity
    ))  # fmt: skip


def _without_names(config: Config, posts: AnonymousPosts, dataset: Dataset) -> Dataset:
    """Return an anonymous data set with the licence, unless that names somebody."""
    stated = config.site.license
    if posts.names_somebody(stated):
        return dataset._replace(license_note=NAMES_SOMEBODY)
    return dataset._replace(license=stated)


def _fact_on_query(query: Query) -> list[str]:
    """Return a sentence that does not say whom a query is about."""
    return ["There are more posts: these match a query."] if query.terms else []
