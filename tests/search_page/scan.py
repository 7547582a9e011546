"""A plain scan over the posts of a site, which says what a search must find."""

from __future__ import annotations

from topics.shown import shown_topics

from sitegen import timestamps
from sitegen.config import queries as config_queries
from sitegen.config.schema import Config
from sitegen.languages import site_language
from sitegen.model import Post
from sitegen.query.accounts import AccountNames
from sitegen.query.facts import PostFacts, ThreadFacts
from sitegen.query.matching import compile_query
from sitegen.query.parser import parse_leniently
from sitegen.query.values import Query, Words
from sitegen.selection import hide_rules, queried_posts
from sitegen.selection.topics import TopicMatcher
from sitegen.site import url_encoding, urls


class Scan:
    """All posts of a site that are not hidden, which are asked one after the other."""

    def __init__(self, config: Config) -> None:
        clock = site_language.clock(config)
        rules = hide_rules.load(config, clock)
        threads = [*queried_posts._open_threads(config, rules, queried_posts.leave_out_hidden)]
        statements = queried_posts._statements(config, threads)
        self.names = AccountNames(statements, config_queries.people(config))
        topics = TopicMatcher(shown_topics(config))
        self.posts = [
            facts
            for thread in threads
            for facts in ThreadFacts(
                thread.posts, clock, thread.hidden,
                date=thread.heading.date, tags=thread.heading.tags, topics_of=topics.names_of,
            )
        ]  # fmt: skip

    def found(self, query: Query) -> list[PostFacts]:
        """Return the posts that a query matches."""
        matcher = compile_query(query)
        return [each for each in self.posts if matcher.matches(each, self.names)]

    def answer(self, text: str) -> list[str]:
        """Return the addresses of the posts that a query matches, in the order that it states."""
        query = parse_leniently(text).query
        found = sorted(self.found(query), key=newest_first)
        if query.sort == "old":
            dated = [each for each in found if timestamps.parse(each.created_at)]
            found = [*reversed(dated), *(e for e in found if not timestamps.parse(e.created_at))]
        if query.sort in ("likes", "best"):
            found.sort(key=lambda each: -likes(each))
        if query.sort == "best":
            words = [str(t.condition) for t in query.terms if isinstance(t.condition, Words)]
            phrase = parse_leniently(f'"{" ".join(words)}"').query
            together = {id(each) for each in self.found(phrase)} if len(words) > 1 else set()
            found.sort(key=lambda each: id(each) not in together)
        return [address(each.post) for each in found]


def newest_first(facts: PostFacts) -> tuple[bool, float, str, str]:
    """Return what sorts posts as "sort:new" does: those without a time last, equal ones by id."""
    is_unknown, time = timestamps.sort_key(facts.created_at)
    return is_unknown, -time, facts.post.network, facts.post.id


def likes(facts: PostFacts) -> int:
    """Return the likes of a post, -1 where they are not known or are those of another post."""
    known = facts.post.counts.likes
    return -1 if known is None or facts.kind == "repost" else known


def address(post: Post) -> str:
    return url_encoding.iri(urls.post(post.network, post.id))
