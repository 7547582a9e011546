"""Find topics: the steps, from posts to named topics in groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sitegen.query.folding import fold, split_words
from sitegen.topics import topic as topics
from sitegen.topics.finding import groups, names, runs, tags
from sitegen.topics.finding.candidates import Candidate, bursts
from sitegen.topics.finding.languages import scripts
from sitegen.topics.finding.nesting import without_nested
from sitegen.topics.finding.samples import Sample
from sitegen.topics.finding.words import Words
from sitegen.topics.matching import WordMatcher, posts_by_topic
from sitegen.topics.topic import Topic

MAX_TOPICS = 200
MIN_POSTS_IN_LANGUAGE = 10  # with fewer, nothing can be said of how frequent a word is there
TAG_WEIGHT = 2.0  # how much more a topic counts of which all posts have the tag


class Found(NamedTuple):
    """The topics of an archive; how many have too few posts; names of people that are held back."""

    topics: tuple[Topic, ...]
    too_few: int
    names: tuple[str, ...]


def find(samples: Iterable[Sample], accounts: frozenset[str], min_posts: int) -> Found:
    """Find the topics of posts, in any order: those of at least `min_posts` of them.

    `accounts` are the folded names and handles of those who have an account in the archive.
    """
    ordered = sorted(samples)
    if len(ordered) < min_posts:  # no list of words need be read to find nothing
        return Found((), 0, ())
    languages = scripts.languages_of(ordered)
    least = max(2, min(min_posts, 3))
    known = accounts | {fold(tag) for each in ordered for tag in each.tags}
    listed: list[Candidate] = []
    people: dict[str, int] = {}
    counts = Counter(languages)
    main = max(sorted(counts), key=counts.__getitem__)
    for language, count in sorted(counts.items()):
        if language and count >= MIN_POSTS_IN_LANGUAGE:
            positions = [at for at, own in enumerate(languages) if own == language]
            found, held_back = _of_language(ordered, positions, language, main, least, known)
            listed += found
            people.update({each.name: len(each.posts) for each in held_back})
    listed += [each for _, each in tags.candidates(ordered, languages, least)]
    months = Counter([each.month for each in ordered if each.month])
    joined = [_weigh(each, ordered, months) for each in _join(listed)]
    joined.sort(key=lambda each: (-each.score, each.forms))
    enough = [each for each in joined if len(each.posts) >= min_posts][:MAX_TOPICS]
    too_few = sum([len(each.posts) < min_posts for each in joined])
    held = tuple(sorted([name for name, posts in people.items() if posts >= min_posts]))
    return Found(_named(enough, ordered, min_posts), too_few, held)


def _of_language(
    samples: Sequence[Sample], positions: Sequence[int], language: str, main: str, least: int,
    known: frozenset[str],
) -> tuple[list[Candidate], list[Candidate]]:  # fmt: skip
    """Return the candidates of the posts in a language, and the names of people among them.

    `main` is the language of most posts: some of the others are in that, too, as far as short
    posts tell their language.
    """
    if language in runs.LANGUAGES:
        own = runs.Runs(samples, positions, language, least)
        found = dict(own.candidates())
        return [*without_nested(found, own.posts, least).values()], []
    words = Words(samples, positions, language, least, main)
    phrases = dict(words.candidates())
    people = {phrase: c for phrase, c in phrases.items() if names.is_person(phrase, words, known)}
    shown = {
        phrase: each
        for phrase, each in phrases.items()
        if phrase not in people
        and not any(names.is_part_of_name(phrase, name, words) for name in people)
    }
    whole = [
        each
        for phrase, each in people.items()
        if not any(names.is_part_of_name(phrase, name, words) for name in people if name != phrase)
    ]
    return [*without_nested(shown, words.counted.posts, least).values()], whole


def _join(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Join candidates that are written alike, in several languages or as a tag."""
    joined: list[Candidate] = []
    by_form: dict[str, int] = {}
    for each in candidates:
        keys = [form.replace(" ", "") for form in each.forms]
        at = next((by_form[key] for key in keys if key in by_form), len(joined))
        if at == len(joined):
            joined.append(each)
        else:
            joined[at] = _joined(joined[at], each)
        by_form.update(dict.fromkeys(keys, at))
    return joined


def _joined(one: Candidate, other: Candidate) -> Candidate:
    spellings = one.spellings if other.is_tag else one.spellings + other.spellings
    return Candidate(
        forms=tuple(sorted({*one.forms, *other.forms})),
        spellings=spellings,
        posts=one.posts | other.posts,
        score=max(one.score, other.score),
        is_tag=one.is_tag or other.is_tag,
    )


def _weigh(each: Candidate, samples: Sequence[Sample], months: Counter[str]) -> Candidate:
    """Return a candidate that counts more if it comes in bursts, or is a tag."""
    keys = tags.joined(each.forms)
    tagged = sum([not keys.isdisjoint(map(fold, samples[at].tags)) for at in each.posts]) / len(
        each.posts
    )
    weight = (1 + bursts(each.posts, samples, months)) * (1 + (TAG_WEIGHT - 1) * tagged)
    return each._replace(score=each.score * weight)


def _named(
    candidates: Sequence[Candidate], samples: Sequence[Sample], min_posts: int
) -> tuple[Topic, ...]:
    """Return the topics of candidates, the first ones first, with the groups that they are in."""
    by_slug: dict[str, Topic] = {}
    for each in candidates:
        own_tags = tuple(sorted(tags.joined(each.forms))) if each.is_tag else ()
        topic = Topic(each.name, words=each.forms, tags=own_tags)
        by_slug.setdefault(topic.slug, topic)
    named = [*by_slug.values()]
    texts = [(split_words(sample.text), sample.tags) for sample in samples]
    posts = posts_by_topic(WordMatcher(named), texts)
    numbers = {thread: at for at, thread in enumerate(sorted({each.thread for each in samples}))}
    threads = [numbers[each.thread] for each in samples]
    enough = {topic: own for topic, own in posts.items() if len(own) >= min_posts}
    group_of = _group_names(groups.group(enough, threads, len(samples)), named, enough)
    return tuple(
        [
            Topic(each.name, each.words, each.tags, group=group_of.get(at, ""))
            for at, each in enumerate(named)
            if at in enough
        ]
    )


def _group_names(
    grouped: Iterable[Sequence[int]], named: Sequence[Topic], posts: Mapping[int, set[int]]
) -> dict[int, str]:
    """Return the name of the group of each topic: that of its topic with most posts."""
    names_of: dict[int, str] = {}
    for members in grouped:
        first = min(members, key=lambda at: (-len(posts[at]), topics.key(named[at].name)))
        names_of.update(dict.fromkeys(members, named[first].name))
    return names_of
