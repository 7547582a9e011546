"""Select posts of content/ by a query, for an export: posts that are left out are not there for it.

What is selected says nothing about them either: no post answers, quotes or repeats one of them.
Left out are hidden posts, and for a public export what `public_posts` says.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from sitegen import timestamps
from sitegen.config import queries
from sitegen.config.schema import Config
from sitegen.content import content_folder
from sitegen.content.format.heading import heading
from sitegen.content.format.stored import Heading, StoredPost, inline_media
from sitegen.content.format.thread_file import ThreadFile
from sitegen.errors import QueryError, UsageError
from sitegen.languages import site_language
from sitegen.model import Media, Post
from sitegen.query.accounts import AccountNames, Statement
from sitegen.query.facts import Clock, ThreadFacts
from sitegen.query.matching import Matcher, compile_query
from sitegen.query.parser import parse
from sitegen.query.values import Query, Sort
from sitegen.selection import hide_rules
from sitegen.selection.edited_post import edited_post
from sitegen.selection.hide_rules import HideRules
from sitegen.selection.topics import TopicMatch, TopicMatcher
from sitegen.threads import Key, copies_of, key
from sitegen.threads.kinds import Kind
from sitegen.topics import load
from sitegen.topics.site_topics import NO_TOPICS

# Returns of each post of a thread whether it is left out; `hide` has been marked by rules.
LeavesOut = Callable[[ThreadFile, tuple[StoredPost, ...]], list[bool]]


class Selected(NamedTuple):
    """A post, and its place from 1 among the posts of its thread that are not left out.

    `post` has the date and the tags that count, see `edited_post`.
    `day` is its day on the clock of the site, "2025-09-15"; "" if it is not known. `topics` are the
    names of the topics that it is about, of those that the site shows.
    """

    post: Post
    thread: str
    position: int
    kind: Kind
    day: str
    topics: tuple[str, ...] = ()


class _OpenThread(NamedTuple):
    """The posts of a thread that are not left out, with media in their texts, and the others."""

    heading: Heading
    posts: tuple[Post, ...]
    hidden: tuple[Post, ...]
    inline: Sequence[Sequence[Media]] = ()


def parse_options(query: str | None, since: str | None) -> Query:
    """Parse the query and the first day of an export, as far as they are given.

    Raises UsageError.
    """
    found = _parse("--query", query or "")
    if since is None:
        return found
    _refuse_other_charsets("--since", since)
    first = _parse("--since", f"since:{since}" if since.strip() else "")
    if len(first.terms) != 1 or first.sort:
        raise UsageError(f"--since: {since!r} is no date", hint="write it like 2019-05-31.")
    return Query((*found.terms, *first.terms), found.sort)


def _parse(option: str, text: str) -> Query:
    _refuse_other_charsets(option, text)
    try:
        query = parse(text)
        compile_query(query)
    except QueryError as error:
        raise UsageError(f"{option}: {error.message}", hint=error.hint) from error
    if query.sort == "best":
        what = f"{option}: sort:best is for a search, which ranks what it finds"
        raise UsageError(what, hint="write sort:new, sort:old or sort:likes.")
    return query


def _refuse_other_charsets(option: str, text: str) -> None:
    """Raise UsageError for bytes of a command line that are not UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        what = f"{option}: is not UTF-8, at character {error.start + 1}"
        raise UsageError(what, hint="type it in a terminal that writes UTF-8.") from error


def leave_out_hidden(file: ThreadFile, stored: tuple[StoredPost, ...]) -> list[bool]:
    """Return of each post of a thread whether it is hidden."""
    return [file.is_held_back or each.hidden for each in stored]


def select_posts(
    config: Config, query: Query, leaves_out: LeavesOut = leave_out_hidden
) -> tuple[Selected, ...]:
    """Return the posts that a query matches: in the order of the archive, or in the query's.

    Raises ContentError, and ConfigError for an unknown time zone.
    """
    clock = site_language.clock(config)
    threads = tuple(_open_threads(config, hide_rules.load(config, clock), leaves_out))
    names = AccountNames(_statements(config, threads), queries.people(config))
    matcher, topics = compile_query(query), _topics(config, query)
    facts = partial(map, partial(_facts, clock, topics), threads)  # each thread's only for a moment
    hidden = _hidden_keys(threads)
    shown = _shown_topics(config, topics, facts())
    found = (
        each
        for thread, own in zip(facts(), shown, strict=True)
        for each in _matches(thread, own, matcher, names, hidden)
    )
    return _sort(found, query.sort)


def _hidden_keys(threads: Sequence[_OpenThread]) -> frozenset[Key]:
    """Return the keys of what is left out, and of its copies that are no other posts."""
    own = {key(post) for thread in threads for post in thread.hidden}
    copies = {copy for thread in threads for post in thread.hidden for copy in copies_of(post)}
    return frozenset(own | copies - {key(post) for thread in threads for post in thread.posts})


def _open_threads(config: Config, rules: HideRules, leaves_out: LeavesOut) -> Iterator[_OpenThread]:
    for file, stored in hide_rules.read_threads(config, rules):
        is_out = leaves_out(file, stored)
        marked = [
            replace(each, hidden=True) if out else each
            for each, out in zip(stored, is_out, strict=True)
        ]
        shown = [each for each, out in zip(stored, is_out, strict=True) if not out]
        yield _OpenThread(
            heading(file, marked),
            tuple([each.post for each in shown]),
            tuple([each.post for each, out in zip(stored, is_out, strict=True) if out]),
            inline_media(shown),
        )


def _statements(config: Config, threads: Iterable[_OpenThread]) -> Iterator[Statement]:
    """Yield what posts and profiles that are not hidden state of accounts."""
    for _, stored in content_folder.read_profiles(config.content):
        if not stored.hidden:
            profile = stored.profile
            yield Statement(profile.network, profile.author)
    for thread in threads:
        yield from (Statement(post.network, post.author) for post in thread.posts)


def _topics(config: Config, query: Query) -> TopicMatcher:
    """Return the matcher of topics. Raises UsageError if a query names unknown ones."""
    wanted = query.values_of("topic")
    is_needed = bool(wanted) or config.build.topics
    matcher = TopicMatcher(load.load(config.content) if is_needed else NO_TOPICS)
    for name in wanted:
        if not matcher.is_known(name):
            what = f"--query: there is no topic {name!r}"
            raise UsageError(what, hint="`sitegen topics` lists them.")
    return matcher


def _facts(clock: Clock, topics: TopicMatcher, thread: _OpenThread) -> ThreadFacts:
    date, tags = thread.heading.date, thread.heading.tags
    return ThreadFacts(
        thread.posts, clock, thread.hidden, date=date, tags=tags, inline=thread.inline,
        topics_of=topics.names_of,
    )  # fmt: skip


def _shown_topics(
    config: Config, topics: TopicMatcher, threads: Iterable[ThreadFacts]
) -> list[Mapping[int, list[str]]]:
    """Return of each thread the names of its posts' topics by position, as far as they are shown.

    A topic is shown if at least `[topics] min_posts` posts that are not left out are about it.
    """
    matched = [topics.matches(thread) if config.build.topics else () for thread in threads]
    counts = Counter([match.slug for found in matched for match in found])
    least = config.topics.min_posts
    names = {topic.slug: topic.name for topic in topics.listed if counts[topic.slug] >= least}
    return [_by_position(found, names) if found else {} for found in matched]


def _by_position(
    matched: Iterable[TopicMatch], names: Mapping[str, str]
) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for match in matched:
        if match.slug in names:
            found[match.position].append(names[match.slug])
    return found


def _matches(
    thread: ThreadFacts, topics: Mapping[int, Sequence[str]], matcher: Matcher,
    names: AccountNames, hidden: Collection[Key],
) -> Iterator[Selected]:  # fmt: skip
    """Yield the posts of a thread that a query matches, with their topics."""
    first = thread.posts[0].id if thread.posts else ""
    for each in thread:
        if matcher.matches(each, names, hidden):
            post = _without_hidden(edited_post(each), hidden)
            own = tuple(topics.get(each.position, ()))
            yield Selected(post, first, each.position + 1, each.kind, each.day, own)


def _without_hidden(post: Post, hidden: Collection[Key]) -> Post:
    """Return a post without its references to hidden posts."""
    names = ("reply_to", "repost_of", "quote_of")
    ids = {i for name in names if (i := getattr(post, name)) and (post.network, i) in hidden}
    elsewhere, also = (
        tuple(
            [other for other in others if (other.network or post.network, other.id) not in hidden]
        )
        for others in (post.elsewhere, post.also)
    )
    if not ids and (elsewhere, also) == (post.elsewhere, post.also):
        return post
    lost = dict.fromkeys(name for name in names if getattr(post, name) in ids)
    return replace(post, elsewhere=elsewhere, also=also, **lost)


def _sort(found: Iterable[Selected], order: Sort | None) -> tuple[Selected, ...]:
    """Sort posts as the search page does, those without a time or likes last.

    The newest are first; of the same time, the first by network and id, and the last of these if
    the oldest are first.
    """
    if order is None:
        return tuple(found)
    newest = sorted(found, key=_newest_first)
    if order == "likes":
        newest.sort(key=_likes, reverse=True)  # stable: of equal likes, the newest stays first
    if order == "old":
        dated = [each for each in newest if _is_dated(each)]
        newest = [*reversed(dated), *(each for each in newest if not _is_dated(each))]
    return tuple(newest)


def _newest_first(selected: Selected) -> tuple[bool, float, Key]:
    is_unknown, time = timestamps.sort_key(selected.post.created_at)
    return is_unknown, -time, key(selected.post)


def _is_dated(selected: Selected) -> bool:
    return timestamps.parse(selected.post.created_at) is not None


def _likes(selected: Selected) -> int:
    """Return the likes, -1 if they are not known; those of a repost are of the original."""
    likes = selected.post.counts.likes
    return -1 if likes is None or selected.kind == "repost" else likes
