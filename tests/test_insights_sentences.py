"""What the sentences of insights say, and how they say it in every language."""

from __future__ import annotations

import math
import re
from datetime import timedelta
from pathlib import Path

import pytest
from english import ENGLISH
from hypothesis import example, given
from hypothesis import strategies as st
from test_insights import BO, SETTINGS, START, Built, built, single
from test_insights_counts import figures, fog

from sitegen.languages import catalog, locales
from sitegen.languages.language import Language
from sitegen.model import Elsewhere, Poll, PollOption, Thread
from sitegen.site.plan.insights.periods import periods
from sitegen.site.plan.insights.scales import percent
from sitegen.topics.topic import Topic

ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")


@example(1, 302)
@example(302, 1)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_part_is_nothing_or_all_only_if_it_is(part: int, rest: int) -> None:
    said = percent(part, part + rest, ENGLISH)
    assert (said == "0") == (part == 0)
    assert (said == "100") == (part > 0 and rest == 0)
    if said[0] not in "<>":
        assert math.isclose(int(said), 100 * part / ((part + rest) or 1), abs_tol=0.5000001)


def test_a_small_share_is_not_said_to_be_nothing(tmp_path: Path) -> None:
    answer = single("a", START, reply_to="gone", elsewhere=(Elsewhere("gone", author=BO),))
    threads = [single(f"p{n}", START + timedelta(days=n)) for n in range(302)]
    assert "<1% of them answer somebody: 1 reply." in figures(
        built(tmp_path, answer, *threads, topics=())
    ).replace("&lt;", "<")


def test_a_small_part_of_the_votes_is_not_said_to_be_nothing(tmp_path: Path) -> None:
    poll = Poll((PollOption("Fog", 302), PollOption("Frost", 1), PollOption("Hail", 0)))
    files = built(tmp_path, single("poll", START, poll=poll), topics=()).files
    html = files["thread/bluesky-poll.html"].decode()
    assert re.findall(r"<td>([^<]*)<svg", html) == [
        "302 votes, &gt;99%", "1 vote, &lt;1%", "0 votes, 0%",
    ]  # fmt: skip


def test_what_has_no_date_is_said_of_the_posts_that_count(tmp_path: Path) -> None:
    others = [single(f"bo{n}", START, author=BO) for n in range(3)]
    undated = [single(f"u{n}", None) for n in range(2)]
    said = figures(built(tmp_path, *fog(13), *others, *undated, topics=()))
    assert "3 posts by others are not counted. 2 of the posts counted have no date." in said


@pytest.mark.parametrize(
    ("tag", "wrong"),
    # Before a vowel, "de" is "d'"; "la" is before one hour, "las" before the others.
    [("fr", r"\b(de|que|le|la|ne|se|je) \{"), ("es", r"\blas? \{")],
)
def test_no_word_depends_on_what_takes_the_place_of_a_placeholder(tag: str, wrong: str) -> None:
    for key, message in catalog.read_bundled(tag).messages.items():
        for text in message.values() if isinstance(message, dict) else (message,):
            assert not (key.startswith("insights.") and re.search(wrong, str(text))), key


@pytest.mark.parametrize(("tag", "labels"), [
    ("en", ("2019", "2010–2019", "0009")), ("ja", ("2019年", "2010–2019年", "9年")),
    ("fr", ("2019", "2010–2019", "9")), ("ar", ("2019", "2010–2019", "9")),
])  # fmt: skip
def test_a_period_is_called_as_texts_of_the_language_call_a_year(
    tag: str, labels: tuple[str, ...]
) -> None:
    language = Language(tag, catalog.read_bundled(tag).messages)
    assert locales.of_language(tag)
    years, decades = periods(("2019-01", "2024-01"), 36), periods(("2010-01", "2099-01"), 36)
    early = periods(("0009-01", "0020-01"), 36)
    assert years
    assert decades
    assert early
    assert tuple([found.label(0, language) for found in (years, decades, early)]) == labels


def plain(made: Built) -> str:
    """Return the sentences and notes of the insights and its charts."""
    html = made.files["insights.html"].decode()
    return re.sub(r"<bdi[^>]*>.*?</bdi>|<[^>]+>", "", "".join(re.findall("<p.*?</p>", html)))


@pytest.mark.parametrize("tag", ["ar", "de"])
def test_a_name_keeps_its_direction_and_leaves_the_text_around_it_its_own(
    tmp_path: Path, tag: str
) -> None:
    names = ("telescope", "شاي")
    threads: list[Thread] = [
        single(
            f"{name}{n}", START + timedelta(days=31 * n), text=f"{name} {n}",
            langs=(("en", "ar")[n % 2],), network=("bluesky", "x")[n % 2], reply_to="gone",
            elsewhere=(Elsewhere("gone", author=BO),),
        )
        for name in names for n in range(20)
    ]  # fmt: skip
    toml = SETTINGS.replace("[site]", f'[site]\nlanguage = "{tag}"\ntimezone = "Europe/Berlin"')
    topics = tuple([Topic(name, (name,)) for name in names])
    made = built(tmp_path, *threads, toml=toml, topics=topics)
    around = ISOLATED.sub("", plain(made)).replace("CSV", "")
    foreign = "[a-zA-Z@]" if tag == "ar" else "[\u0600-\u06ff]"
    assert not re.findall(f"[^ ]*{foreign}+[^ ]*", around)
    assert ISOLATED.search(plain(made))
