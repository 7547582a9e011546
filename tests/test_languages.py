"""The words of the site in every language: complete, in its plurals, and on every page."""

from __future__ import annotations

import html
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import html_trees
import pytest
from babel import localedata
from english import ENGLISH
from hypothesis import given
from hypothesis import strategies as st
from test_build import cold, site, thread
from test_sites import NAMES, copied
from trees import differences, tree
from typer.testing import CliRunner

from sitegen.cli.app import app
from sitegen.config import settings as configs
from sitegen.config.schema import Config, Site
from sitegen.errors import ConfigError, SitegenError
from sitegen.languages import catalog, locales, new_file, site_language, zones
from sitegen.languages.catalog import Message
from sitegen.languages.direction import is_left_to_right, text_direction
from sitegen.languages.language import Language
from sitegen.model import Author, Post, Thread
from sitegen.query import folding
from sitegen.query.parser import parse
from sitegen.query.values import Field, Words
from sitegen.site import build as builds
from sitegen.site.render import template_filters
from sitegen.sources.bluesky.records.posts import FROM_KEY, FROM_SERVER
from sitegen.sources.feeds.items.posts import _EMBED_LOST
from sitegen.sources.meta.posts.posts import UNNAMED_PARENT
from sitegen.sources.meta.posts.threads import JOINED_BY_TIME, UNNAMED_OWN
from sitegen.sources.page_text.importer import _BY_WORDS
from sitegen.sources.page_text.page_breaks import CUT_OFF, SEVERAL
from sitegen.sources.page_text.reposts import OUT_OF_ORDER, OUTLIER, THIRD_PERSON

TAGS = ("ar", "de", "en", "es", "fr", "ja")
DATE = re.compile(
    rf"\d+ (?:{'|'.join(m[:3] for m in locales.MONTHS)})[a-z]*|(?:{'|'.join(locales.MONTHS)})(?: \d+)?"
    rf"|(?:{'|'.join(locales.WEEKDAYS)}) \d+"
)
SHOWN_ATTRIBUTES = ("alt", "title", "aria-label")
NAMES_OF_THINGS = {"Atom", "JSON", "Bluesky", "Mastodon", "X", "Threads", "Instagram", "Json_lines"}
DOUBTS = (
    OUT_OF_ORDER, THIRD_PERSON.format("{account}"), OUTLIER, _BY_WORDS, SEVERAL, CUT_OFF,
    UNNAMED_PARENT, UNNAMED_OWN, JOINED_BY_TIME, FROM_KEY, FROM_SERVER, _EMBED_LOST,
)  # fmt: skip


def of(tag: str, timezone: str = "") -> Language:
    return site_language.load(Config(root=Path(), site=Site(language=tag, timezone=timezone)))


def refused(config: Config) -> list[str]:
    with pytest.raises(SitegenError) as error:
        site_language.load(config, (config.messages,))
    return str(error.value).replace(f"{config.root}/", "").split("\n")


def texts(message: Message) -> dict[str, str]:
    return message if isinstance(message, dict) else {"other": message}


def test_sitegen_speaks_six_languages() -> None:
    assert catalog.bundled_languages() == TAGS


@pytest.mark.parametrize("tag", TAGS)
def test_a_language_has_every_message_with_its_plurals_and_placeholders(tag: str) -> None:
    messages, english = catalog.read_bundled(tag).messages, catalog.read_bundled("en").messages
    assert list(messages) == list(english)
    locale = locales.of_language(tag)
    assert locale
    for key, message in messages.items():
        assert isinstance(message, dict) == isinstance(english[key], dict), key
        if isinstance(message, dict):
            assert tuple(message) == locale.categories, key
        others = catalog.placeholders(texts(message)["other"])
        assert others == catalog.placeholders(texts(english[key])["other"]), key
        is_padded = key != "post.separator" and any(t != t.strip() for t in texts(message).values())
        assert all(texts(message).values()), key
        assert not is_padded, key
        assert key.rpartition(".")[2] not in locales.CATEGORIES
    assert of(tag).warnings == ()


@pytest.mark.parametrize("tag", [tag for tag in TAGS if tag != "en"])
def test_a_language_has_few_words_in_common_with_english(tag: str) -> None:
    messages, english = catalog.read_bundled(tag).messages, catalog.read_bundled("en").messages
    same = [str(message) for key, message in messages.items() if message == english[key]]
    words = [re.findall(r"[^\W\d_]+", re.sub(r"\{\w+\}", "", text)) for text in same]
    assert [found for found in words if len(found) > 2] == []
    assert len(same) < len(english) / 10


def test_every_doubt_that_a_source_states_has_a_message() -> None:
    english = catalog.read_bundled("en").messages
    assert [text for key, text in english.items() if key.startswith("doubt.")] == list(DOUBTS)
    assert (
        of("de").doubt(UNNAMED_PARENT)
        == "Er antwortet auf einen Beitrag, den der Export nicht nennt."
    )
    assert of("es").doubt(THIRD_PERSON.format("ada")).startswith("Habla de @ada como")
    assert of("ja").doubt("What nobody knows.") == "What nobody knows."
    assert {ENGLISH.doubt(reason) for reason in DOUBTS} == set(DOUBTS)


@pytest.mark.parametrize(
    ("tag", "day", "short_day", "month", "moment", "number"),
    [
        ("en", "5 March 2024", "5 Mar 2024", "March 2024", "5 March 2024, 17:04", "1,234,567"),
        ("de", "5. März 2024", "5. März 2024", "März 2024", "5. März 2024, 17:04", "1.234.567"),
        ("fr", "5 mars 2024", "5 mars 2024", "mars 2024", "5 mars 2024, 17:04", "1\u202f234\u202f567"),
        ("es", "5 de marzo de 2024", "5 mar 2024", "marzo de 2024", "5 de marzo de 2024, 17:04", "1.234.567"),
        ("ja", "2024年3月5日", "2024年3月5日", "2024年3月", "2024年3月5日 17:04", "1,234,567"),
        ("ar", "5 مارس 2024", "5 مارس 2024", "مارس 2024", "5 مارس 2024، 5:04 م", "1,234,567"),
    ],
)  # fmt: skip
def test_dates_and_numbers_are_those_of_the_language(
    tag: str, day: str, short_day: str, month: str, moment: str, number: str
) -> None:
    spoken, iso = of(tag), "2024-03-05T17:04:00Z"
    assert spoken.day(iso) == day
    assert spoken.short_day(iso) == short_day
    assert spoken.month("2024-03") == month
    assert spoken.moment(iso).replace("\u202f", " ") == moment.replace("\u202f", " ")
    assert spoken.moment("2024-03-05") == day
    assert spoken.moment(iso).endswith(spoken.time(iso))
    assert spoken.date(iso) == spoken.date("2024-03-05") == date(2024, 3, 5)
    assert (spoken.date("soon"), spoken.date(None)) == (None, None)
    assert (spoken.time("2024-03-05"), spoken.time("soon"), spoken.time(None)) == ("", "", "")
    assert spoken.number(1234567) == number
    assert (spoken.day("soon"), spoken.short_day(None), spoken.moment("soon")) == ("", "", "")


@pytest.mark.parametrize(
    ("tag", "month_name", "weekday", "day_of_year"),
    [
        ("en", "March", "Tuesday 5", "5 March"),
        ("de", "März", "Dienstag, 5.", "5. März"),
        ("fr", "mars", "mardi 5", "5 mars"),
        ("es", "marzo", "martes 5", "5 de marzo"),
        ("ja", "3月", "5日(火曜日)", "3月5日"),
        ("ar", "مارس", "الثلاثاء، 5", "5 مارس"),
        ("dv", "03", "2024-03-05", "03-05"),
    ],
)
def test_parts_of_dates_are_those_of_the_language(
    tag: str, month_name: str, weekday: str, day_of_year: str
) -> None:
    spoken = Language(tag, {})
    assert spoken.month_name("2024-03") == spoken.month_name("03") == month_name
    assert spoken.weekday("2024-03-05") == weekday
    assert spoken.day_of_year("03-05") == day_of_year
    assert spoken.day_of_year("02-29")


@pytest.mark.parametrize(
    ("tag", "day", "month", "moment"),
    [
        ("dv", "2024-03-05", "2024-03", "2024-03-05 17:04"),
        ("mic", "2024-03-05", "2024-03", "2024-03-05 17:04"),
    ],
)
def test_dates_are_numbers_where_the_cldr_has_no_names_of_months(
    tag: str, day: str, month: str, moment: str
) -> None:
    locale, when = locales.of_language(tag), datetime(2024, 3, 5, 17, 4, tzinfo=UTC)
    assert locale
    assert (locale.day(when), locale.short_day(when), locale.month(when)) == (day, day, month)
    assert locale.moment(when) == moment


@pytest.mark.slow
def test_no_language_of_the_cldr_calls_a_month_by_a_code() -> None:
    tags = [name for name in localedata.locale_identifiers() if "_" not in name]
    for tag in tags:
        locale = locales.of_language(tag)
        assert locale, tag
        for month in range(1, 13):
            when = datetime(2024, month, 15, 13, 4, tzinfo=UTC)
            written = (locale.day(when), locale.short_day(when), locale.month(when))
            parts = (locale.month_name(month), locale.weekday(when), locale.day_of_year(when))
            assert not re.search(
                rf"M{month:02}", " ".join((*written, *parts, locale.moment(when)))
            ), tag
    assert len(tags) > 100


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de", {0: "0 Beiträge", 1: "1 Beitrag", 2: "2 Beiträge", 1000: "1.000 Beiträge"}),
        ("fr", {0: "0 message", 1: "1 message", 2: "2 messages"}),
        ("ja", {0: "投稿0件", 1: "投稿1件"}),
        ("ar", {0: "لا منشورات", 1: "منشور واحد", 2: "منشوران", 3: "3 منشورات", 11: "11 منشورًا", 100: "100 منشور"}),
    ],
)  # fmt: skip
def test_plurals_are_those_of_the_language(tag: str, expected: dict[int, str]) -> None:
    spoken = of(tag)
    assert {count: spoken.text("count.posts", count) for count in expected} == expected


@given(st.dates(), st.times())
def test_english_needs_no_babel_and_writes_any_date(day: date, clock: time) -> None:
    for locale in (locales.English(), locales.of_language("ja")):
        assert locale
        assert str(day.day) in locale.day(day)
        assert f"{clock.minute:02}" in locale.moment(datetime.combine(day, clock))


def test_the_direction_is_that_of_the_script() -> None:
    assert [of(tag).direction for tag in TAGS] == ["rtl", "ltr", "ltr", "ltr", "ltr", "ltr"]


def test_a_text_of_an_arabic_post_runs_from_the_right_whatever_it_begins_with() -> None:
    assert text_direction("ar", "@ada مرحبا") == "rtl"
    assert text_direction("ar-EG", "https://a.example/ مرحبا") == "rtl"
    assert text_direction("he", "RT @x: שלום") == "rtl"
    assert text_direction("ar", "hello") == "auto"
    assert text_direction("en", "hello مرحبا") == "auto"
    assert text_direction(None, "مرحبا") == "auto"


def test_a_text_is_from_left_to_right_if_nothing_in_it_is_not() -> None:
    assert is_left_to_right("Fog, мгла, 霧 and 👩‍🚀…")
    opposite = [
        char for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.bidirectional(char) in ("R", "AL")
    ]  # fmt: skip
    assert len(opposite) > 2_500
    assert not [char for char in opposite if is_left_to_right(f"Fog {char} moor")]


def test_the_attribute_for_the_direction_is_left_out_where_the_page_says_it() -> None:
    texts = {"Fog": None, "مرحبا": "ar", "@ada مرحبا": "ar", "Fog, مرحبا": "en", "": None}
    english = template_filters.direction_filter(ENGLISH)
    assert [english(*each) for each in texts.items()] == [
        "", ' dir="rtl"', ' dir="rtl"', ' dir="auto"', "",
    ]  # fmt: skip
    arabic = template_filters.direction_filter(Language("ar", {}))
    assert [arabic(*each) for each in texts.items()] == [
        ' dir="auto"', ' dir="rtl"', ' dir="rtl"', ' dir="auto"', ' dir="auto"',
    ]  # fmt: skip


# On every page


def pseudo(message: Message) -> str:
    """Return TOML of a message in brackets, which show where it is on a page."""
    if isinstance(message, str):
        return json.dumps(f"⟦{message}⟧", ensure_ascii=False)
    return "{ " + ", ".join(f'{name} = "⟦{text}⟧"' for name, text in message.items()) + " }"


def shown(page: str) -> Iterator[str]:
    """Yield what readers see or hear of a page: all its text, and some attributes."""
    root = html_trees.parse(page)
    for element in root.iter():
        if element.tag in ("div", "dt") and element.get("translate") == "no":
            element.clear()  # citations, of names, titles and addresses; examples of queries
    yield "|".join(root.itertext())
    for element in root.iter():
        names = SHOWN_ATTRIBUTES if element.tag != "meta" else ()
        yield from (element.attrib[name] for name in names if name in element.attrib)
        if element.get("name") == "description" or element.get("property") == "og:title":
            yield element.attrib["content"]


def outside_brackets(text: str) -> Iterator[str]:
    """Yield the parts of a text that are in no message, nor a value in one."""
    depth = 0
    for part in re.split("([⟦⟧])", text):
        depth += {"⟦": 1, "⟧": -1}.get(part, 0)
        if not depth:
            yield part


def words(text: str) -> str:
    """Return the words of a text, without numbers, signs and escapes."""
    return " ".join(re.findall(r"[^\W\d_]+", html.unescape(text)))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_page_is_a_message_or_somebodys(name: str, tmp_path: Path) -> None:
    config = copied(name, tmp_path)
    sources = " ".join(data.decode("utf-8", "replace") for data in tree(tmp_path).values())
    linked = re.sub(r"\]\((?:<[^>]*>|[^)]*)\)", "]", sources)  # without addresses
    persons = words(f"{sources} {linked}".replace("\\n", " "))
    config.messages.mkdir()
    lines = [f"{key} = {pseudo(message)}" for key, message in ENGLISH.messages.items()]
    (config.messages / "en-XA.toml").write_text("\n".join(lines), "utf-8")
    config = config._replace(site=config.site._replace(language="en-XA"))
    builds.build(config)
    checked = 0
    for path in config.output.rglob("*.html"):
        for text in shown(path.read_text("utf-8")):
            checked += text.count("⟦")
            rest = "|".join(outside_brackets(text))
            pieces = [words(DATE.sub("|", piece)) for piece in re.split(r"[·|]", rest)]
            unknown = [p for p in pieces if p not in persons and p not in NAMES_OF_THINGS]
            assert unknown == [], path.name
    assert checked > 20


@pytest.mark.parametrize("tag", TAGS)
def test_examples_of_queries_ask_for_what_is_said_of_them(tag: str) -> None:
    messages = of(tag).messages
    asked = {
        name: [(term.condition, term.is_negated) for term in parse(str(messages[key])).terms]
        for name, key in ((n, f"search.query_{n}") for n in ("all", "phrase", "beginning", "without", "tag"))
    }  # fmt: skip
    (one, _), (other, _) = asked["all"]
    ((phrase, _),), ((beginning, _),) = asked["phrase"], asked["beginning"]
    ((without, is_without),), ((tagged, _),) = asked["without"], asked["tag"]
    texts = [each.text for each in (one, other, phrase, beginning, without) if type(each) is Words]
    assert len(texts) == 5
    assert len(folding.split_words(texts[2])) > 1
    assert type(beginning) is Words
    assert beginning.is_prefix
    assert is_without
    assert type(tagged) is Field
    assert tagged.key == "tag"


# Time zones


def test_a_time_zone_decides_days_and_months_but_not_what_machines_read(tmp_path: Path) -> None:
    late = Post(
        id="p0",
        network="x",
        text="Fog.",
        author=Author(handle="ada"),
        created_at="2024-01-31T23:30:00Z",
    )
    unzoned = Post(
        id="p1",
        network="x",
        text="Rain.",
        author=Author(handle="ada"),
        created_at="2024-01-31T23:30:00",
    )
    threads = [Thread(post.id, "x", (post,)) for post in (late, unzoned)]
    config = site(tmp_path, *threads, toml='[site]\ntimezone = "Europe/Berlin"\n')
    builds.build(config)
    page = (config.output / "thread" / "x-p0.html").read_text("utf-8")
    assert (
        '<time class="dt-published" datetime="2024-01-31T23:30:00Z">1 February 2024, 00:30</time>'
        in page
    )
    page = (config.output / "thread" / "x-p1.html").read_text("utf-8")
    assert (
        '<time class="dt-published" datetime="2024-01-31T23:30:00">31 January 2024, 23:30</time>'
        in page
    )
    months = {
        p.name: "x-p0" in p.read_text("utf-8") for p in (config.output / "date").glob("2024-*")
    }
    assert months == {"2024-01.html": False, "2024-02.html": True}
    assert "2024-01-31T23:30:00Z</published>" in (config.output / "feed.xml").read_text("utf-8")


@given(st.sampled_from(sorted(zones.names())), st.datetimes(timezones=st.timezones() | st.none()))
def test_a_time_is_the_same_moment_in_every_zone(zone: str, when: object) -> None:
    assert isinstance(when, datetime)
    spoken = Language("en", {}, timezone=zone)
    local = spoken.at(when)
    if when.tzinfo is None:
        assert local == when
    else:
        assert local.timestamp() == when.timestamp()
        assert local.tzinfo in (spoken.zone, when.tzinfo)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Berlin", "did you mean Europe/Berlin?"),
        ("America/New York", "did you mean America/New_York?"),
        ("Europe/Copenhagn", "did you mean Europe/Copenhagen?"),
        ("../../etc/passwd", 'write it like "Europe/Berlin".'),
        (
            "GMT+1",
            'a city is best, as in "Europe/Berlin"; always 1 hour ahead of UTC is "Etc/GMT-1".',
        ),
        (
            "utc -03:00",
            'a city is best, as in "Europe/Berlin"; always 3 hours behind UTC is "Etc/GMT+3".',
        ),
        (
            "+0200",
            'a city is best, as in "Europe/Berlin"; always 2 hours ahead of UTC is "Etc/GMT-2".',
        ),
        ("UTC+05:30", 'write it like "Europe/Berlin".'),
        ("GMT+15", 'write it like "Europe/Berlin".'),
        ("UTC+00:00", 'write it like "UTC".'),
        ("UTC-15", 'write it like "Europe/Berlin".'),
        ("etc/gmt+1", "did you mean Etc/GMT+1?"),
        ("Etc/GMT+15", 'write it like "Europe/Berlin".'),
    ],
)
def test_an_unknown_time_zone_is_an_error(name: str, hint: str, tmp_path: Path) -> None:
    file = tmp_path / "sitegen.toml"
    file.write_text(f'[site]\n\ntimezone = "{name}"\n', "utf-8")
    assert refused(configs.load(file)) == [
        f"sitegen.toml:3: error: there is no time zone {name!r}. hint: {hint}"
    ]


@given(st.sampled_from(("GMT", "UTC", "", "Etc/GMT ", "gmt ")), st.integers(-14, 14), st.booleans())
def test_no_time_zone_is_suggested_whose_clocks_go_the_other_way(
    prefix: str, hours: int, with_minutes: bool
) -> None:
    hint = zones.advice(f"{prefix}{hours:+}{':00' if with_minutes else ''}")
    for zone in re.findall(r"Etc/GMT[+-]\d+", hint):
        offset = zones.load(zone).utcoffset(datetime(2024, 3, 5, tzinfo=UTC))
        assert offset == timedelta(hours=hours)


# Messages of a site, and other languages


def with_messages(folder: Path, tag: str, **files: str) -> Config:
    (folder / "messages").mkdir(parents=True)
    for name, text in files.items():
        (folder / "messages" / f"{name.replace('_', '-')}.toml").write_text(text, "utf-8")
    file = folder / "sitegen.toml"
    file.write_text(f'[site]\nlanguage = "{tag}"\n', "utf-8")
    return configs.load(file)


def test_a_language_without_messages_is_an_error_that_lists_the_others(tmp_path: Path) -> None:
    config = with_messages(tmp_path, "pl", cy="")
    assert refused(config) == [
        "sitegen.toml:2: error: there are no messages in the language 'pl'. hint: there is: ar, cy,"
        " de, en, es, fr, ja; for another, run `sitegen new --messages pl` and translate the file."
    ]


def test_messages_of_a_region_come_before_those_of_the_language(tmp_path: Path) -> None:
    config = with_messages(
        tmp_path, "de-AT", de='menu.dates = "D"\nmenu.tags = "T"\n', de_AT='menu.tags = "AT"\n'
    )
    spoken = site_language.load(config, (config.messages,))
    keys = ("menu.dates", "menu.tags", "menu.sites")
    assert [spoken.text(key) for key in keys] == ["D", "AT", "Websites"]
    assert spoken.day("2024-01-05") == "5. Jänner 2024"
    assert spoken.warnings == ()


def test_a_message_that_is_missing_is_shown_in_english_and_warned_of(tmp_path: Path) -> None:
    config = with_messages(tmp_path, "cy", cy='menu.dates = "Dyddiadau"\n')
    spoken = site_language.load(config, (config.messages,))
    assert [spoken.text("menu.dates"), spoken.text("menu.tags")] == ["Dyddiadau", "Tags"]
    (warning,) = spoken.warnings
    assert warning.endswith(
        "are missing, and shown in English: admonition.attention, admonition.caution,"
        " admonition.danger, ..."
    )


def test_mistakes_in_messages_are_named_with_their_lines(tmp_path: Path) -> None:
    text = '[menu]\ndates = 3\ntags = "{"\npeople = "{0}"\n[count]\nposts = { one = "{count}" }\n'
    assert refused(with_messages(tmp_path / "a", "de", de=text)) == [
        'messages/de.toml:2: error: menu.dates must be a text, not 3. hint: write it in "quotes".',
        "messages/de.toml:3: error: menu.tags has braces that do not match."
        " hint: write placeholders like {count}, and {{ for a brace.",
        "messages/de.toml:4: error: menu.people has a placeholder that is not a name: {0}."
        " hint: write placeholders like {count}, and {{ for a brace.",
        "messages/de.toml:6: error: count.posts has no text for other."
        " hint: the category `other` is required.",
    ]
    text = '[page]\nnumbered = "{titel}"\n[count]\nposts = { other = "{count}" }\n'
    assert refused(with_messages(tmp_path / "b", "de", de=text)) == [
        "messages/de.toml:2: error: page.numbered has the unknown placeholder {titel}."
        " hint: this message has {number}, {title}.",
        "messages/de.toml:4: error: count.posts has no text for one."
        " hint: this language has one, other.",
    ]


HAS_ONE_AND_OTHER = "hint: this language has one, other"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('{ one = "{count!r}", other = "{count}" }', "has a placeholder with a format: {count!r}."
         " hint: write {count}; numbers are written as the language does."),
        ('{ one = "1", other = "{count:>5}" }', "has a placeholder with a format: {count:>5}."
         " hint: write {count}; numbers are written as the language does."),
        ('{ one = "1", evry = "2", other = "3" }', "has the unknown plural category evry."
         " hint: there is: zero, one, two, few, many, other."),
        ('{ one = "1", othr = "2" }', "has the unknown plural category othr."
         " hint: there is: zero, one, two, few, many, other."),
        ('{ one = "1", few = "2", other = "3" }', "has the plural category few, which is never used."
         f" {HAS_ONE_AND_OTHER}: rename or delete it."),
        ('{ few = "2", other = "3" }', f"has no text for one. {HAS_ONE_AND_OTHER}."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["count.posts", "own.birds"])
def test_a_mistake_in_a_plural_is_named_with_its_line(
    message: str, expected: str, key: str, tmp_path: Path
) -> None:
    table, name = key.split(".")
    text = f'[menu]\ndates = "D"\n[{table}]\n{name} = {message}\n'
    (first, *_) = refused(with_messages(tmp_path, "de", de=text))
    assert first == f"messages/de.toml:4: error: {key} {expected}"


def test_misspelt_plural_categories_are_no_messages_of_their_own(tmp_path: Path) -> None:
    text = '[count]\nposts = { on = "1", othr = "2" }\n'
    assert refused(with_messages(tmp_path, "de", de=text)) == [
        f"messages/de.toml:2: error: count.posts has the unknown plural category {name}."
        f" {HAS_ONE_AND_OTHER}."
        for name in ("on", "othr")
    ]


def test_plurals_of_a_theme_in_english_are_checked_in_every_language(tmp_path: Path) -> None:
    config = with_messages(tmp_path, "de", en='[moor]\nbirds = { few = "2", other = "3" }\n')
    assert refused(config) == [
        f"messages/en.toml:2: error: moor.birds has no text for one. {HAS_ONE_AND_OTHER}.",
        "messages/en.toml:2: error: moor.birds has the plural category few, which is never used."
        f" {HAS_ONE_AND_OTHER}: rename or delete it.",
    ]


@pytest.mark.parametrize("tag", ["pl", "he", "ko", "cy", "zh-Hant"])
def test_a_new_message_file_is_complete_and_valid(tag: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["new", str(tmp_path), "--messages", tag])
    assert (done.exit_code, done.output) == (0, f"{tmp_path}/messages/{tag}.toml: written\n")
    file = catalog.read(tmp_path / "messages" / f"{tag}.toml")
    locale = locales.of_language(tag)
    assert locale
    assert [*catalog.find_mistakes(file, ENGLISH.messages, locale.categories)] == []
    assert file.messages.keys() == ENGLISH.messages.keys()
    assert all(tuple(m) == locale.categories for m in file.messages.values() if isinstance(m, dict))
    with pytest.raises(SitegenError, match="exists already"):
        new_file.create_messages(tmp_path / "messages", tag)


def test_words_that_sitegen_has_are_not_begun_anew(tmp_path: Path) -> None:
    with pytest.raises(SitegenError) as error:
        new_file.create_messages(tmp_path / "messages", "de")
    assert str(error.value) == (
        "error: sitegen has the words in 'de' already."
        " hint: write into messages/de.toml only those that you change."
    )


def test_a_new_message_file_is_where_the_settings_say(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text('[paths]\nmessages = "worte"\n', "utf-8")
    done = CliRunner().invoke(app, ["new", str(tmp_path), "--messages", "pl"])
    assert done.output == f"{tmp_path}/worte/pl.toml: written\n"


def test_words_of_a_theme_are_missing_in_the_theme(tmp_path: Path) -> None:
    config = with_messages(tmp_path, "de", de='menu.dates = "D"\n')
    theme = tmp_path / "themes" / "moor" / "messages"
    theme.mkdir(parents=True)
    (theme / "en.toml").write_text('moor.fog = "Fog"\n', "utf-8")
    spoken = site_language.load(config, (theme, config.messages))
    assert spoken.warnings == (
        f"{theme}/de.toml: 1 message is missing, and shown in English: moor.fog",
    )


def test_a_placeholder_for_which_a_template_gives_nothing_is_named(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "Fog."))
    config.templates.mkdir()
    config.messages.mkdir()
    (config.messages / "en.toml").write_text('own = "{x} and {y}"\n', "utf-8")
    (config.templates / "404.html").write_text('{{ "own" | t(x=1) }}', "utf-8")
    with pytest.raises(SitegenError) as error:
        builds.build(config)
    assert "the message 'own' has the placeholder {y}, for which nothing is given here" in str(
        error.value
    )


def test_a_language_that_nobody_knows_cannot_be_begun(tmp_path: Path) -> None:
    for tag, what in (
        ("tlh", "are not known"),
        ("a b", "not a language tag"),
        ("../x", "not a language tag"),
    ):
        with pytest.raises(SitegenError, match=what):
            new_file.create_messages(tmp_path / "messages", tag)
    assert [*tmp_path.iterdir()] == []


def test_a_misspelt_message_in_a_template_is_an_error_with_its_line(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "Fog."))
    config.templates.mkdir()
    (config.templates / "404.html").write_text('<p>\n{{ "menu.date" | t }}', "utf-8")
    with pytest.raises(SitegenError) as error:
        builds.build(config)
    assert (
        f"{config.templates}/404.html:2: error: LookupError: there is no message 'menu.date';"
        in str(error.value)
    )
    assert "do you mean 'menu.dates'?" in str(error.value)


def test_values_are_escaped_unless_they_are_html(tmp_path: Path) -> None:
    config = site(tmp_path, thread("a", "Fog."))
    config.templates.mkdir()
    (config.messages).mkdir()
    (config.messages / "en.toml").write_text('own = "<b> {x} & {y}"\n', "utf-8")
    body = '{% set link %}<a href="?a&amp;b">&lt;</a>{% endset %}{{ "own" | t(x="<i>", y=link) }}'
    (config.templates / "404.html").write_text(body, "utf-8")
    builds.build(config)
    assert (config.output / "404.html").read_text("utf-8") == (
        '&lt;b&gt; &lt;i&gt; &amp; <a href="?a&amp;b">&lt;</a>'
    )


@pytest.mark.slow
def test_changed_messages_language_and_zone_change_the_site_as_a_first_build(
    tmp_path: Path,
) -> None:
    def check(toml: str) -> None:
        (tmp_path / "sitegen.toml").write_text(toml, "utf-8")
        config = configs.load(tmp_path / "sitegen.toml")
        builds.build(config)
        assert differences(tree(config.output), cold(config)) == []

    config = site(tmp_path, thread("a", "Fog.", "Rain."), thread("b", "", day=27))
    config.messages.mkdir()
    check("")
    check('[site]\nlanguage = "fr"\n')
    (config.messages / "fr.toml").write_text('menu.dates = "Jours"\n', "utf-8")
    check('[site]\nlanguage = "fr"\n')
    assert "Jours" in (config.output / "dates.html").read_text("utf-8")
    check('[site]\nlanguage = "fr"\ntimezone = "Pacific/Kiritimati"\n')
    (config.messages / "fr.toml").unlink()
    check('[site]\nlanguage = "fr"\ntimezone = "Pacific/Kiritimati"\n')


def test_a_language_is_a_setting_error_too(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        site_language.load(Config(root=tmp_path, site=Site(language="xx")))
