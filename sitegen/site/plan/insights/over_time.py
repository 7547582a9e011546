"""Charts over time: rows of columns on one scale, a row for each kind, language or network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sitegen.languages.endonyms import endonym
from sitegen.site.plan.insights.material import MIN_ITEMS, Material
from sitegen.site.plan.insights.periods import MONTH, Periods, periods
from sitegen.site.plan.insights.scales import axis, percent
from sitegen.site.plan.listings import Listed, pictures_of
from sitegen.site.views.insights.values import (
    Chart,
    Column,
    Columns,
    Period,
    Row,
    Series,
    Table,
)
from sitegen.threads.kinds import LISTING_NAMES

MAX_MONTHS = 204  # of the chart of all posts
MAX_FEW_MONTHS = 36  # of the others, which show years of a longer archive
MAX_SERIES = 6
ALL, OTHER, UNKNOWN = " all", " other", ""  # no key of a network or a language begins like this
HIGHEST, LOWEST = 96, 10  # pixels of the highest row, and of the lowest
MAX_LINKS = 120  # months that lead to their pages; of more, a finger could not choose one
LABEL, GAP, AXIS = 18, 10, 18  # pixels above a row, below it, and of the axis
MEDIA_LABELS = {
    "image": "kind.pictures", "video": "insights.videos", "audio": "insights.audio",
    "file": "insights.files",
}  # fmt: skip


class Name(NamedTuple):
    """What a row is called: its label, and the language of that if it is not the site's.

    `path` is the site path of the page about it, empty without one.
    """

    label: str
    lang: str | None = None
    path: str = ""


class Subject(NamedTuple):
    """What a chart over time shows: how often each key occurs in each month, and their names."""

    name: str
    months: Mapping[str, Mapping[str, int]]
    names: Mapping[str, Name]

    @property
    def totals(self) -> dict[str, int]:
        """How often each key occurs, the most frequent first."""
        totals: Counter[str] = Counter()
        for counts in self.months.values():
            totals.update(counts)
        return dict(sorted(totals.items(), key=lambda pair: (-pair[1], pair[0])))


class Counts(NamedTuple):
    """The numbers of a row, one for each period."""

    key: str
    name: Name
    numbers: list[int]


class Rows(NamedTuple):
    """The rows of a chart, their periods, and how many items each period has in all."""

    found: Periods
    rows: Sequence[Counts]
    whole: Sequence[int]


def kinds(material: Material) -> Chart | None:
    """Return the chart of posts by time and kind."""
    text = material.language.text
    names = {kind: Name(text(f"kind.{name}")) for kind, name in LISTING_NAMES.items()}
    months = {
        month: Counter([str(post.kind) for post in posts])
        for month, posts in material.by_month.items()
    }
    subject = Subject("time", months, {str(kind): name for kind, name in names.items()})
    found = periods(months, MAX_MONTHS)
    if found is None or found.number < 2 or sum(subject.totals.values()) < MIN_ITEMS:
        return None
    rows = _count(subject, found)
    whole = rows[0].numbers
    peak, middle = whole.index(max(whole)), _median(whole)
    sentence = text(
        "insights.says_time", period=found.label(peak, material.language), number=whole[peak],
        middle=found.label(middle, material.language),
    )  # fmt: skip
    return _chart(material, subject, found, rows, sentence)


def media(material: Material) -> Chart | None:
    """Return the chart of media by time and kind.

    Media of reposts, sensitive media and those behind a content warning are left out.
    """
    text = material.language.text
    months = {
        month: Counter([kind for post in posts for kind in _media_of(post, material)])
        for month, posts in material.by_month.items()
    }
    names = {kind: Name(text(key)) for kind, key in MEDIA_LABELS.items()}
    return _shares(material, Subject("media", months, names))


def _media_of(post: Listed, material: Material) -> Iterator[str]:
    """Yield the kinds of the media of a post: a reply's own, else those of its thread."""
    for _, _, path in pictures_of((post,), material.shown_media):
        yield material.kind_of(path, post.thread)


def languages(material: Material) -> Chart | None:
    """Return the chart of posts by time and language, if there are several."""
    months = {}
    for month, posts in material.by_month.items():
        tags = Counter([post.lang for post in posts if post.kind != "repost"])
        months[month] = counts = Counter[str]()
        for tag, count in tags.items():
            counts[(tag or UNKNOWN).partition("-")[0].lower()] += count
    subject = Subject("languages", months, {})
    names = {tag: Name(endonym(tag), tag) for tag in subject.totals if tag}
    return _shares(material, subject._replace(names=names)) if len(names) > 1 else None


def networks(material: Material) -> Chart | None:
    """Return the chart of posts by time and network, if there are several."""
    months = {
        month: Counter([post.thread.network for post in posts])
        for month, posts in material.by_month.items()
    }
    subject = Subject("networks", months, {})
    names = {name: Name(name.capitalize()) for name in subject.totals}
    return _shares(material, subject._replace(names=names)) if len(names) > 1 else None


def _shares(material: Material, subject: Subject) -> Chart | None:
    """Return a chart over time whose sentence names the most frequent of its rows."""
    found = periods([month for month, counts in subject.months.items() if counts], MAX_FEW_MONTHS)
    totals = subject.totals
    if found is None or found.number < 2 or sum(totals.values()) < MIN_ITEMS:
        return None
    text = material.language.text
    known = [key for key in totals if key in subject.names]
    most = known if len(known) <= MAX_SERIES else known[: MAX_SERIES - 1]
    named = {key: subject.names[key] for key in most}
    others = {OTHER: Name(text("insights.others")), UNKNOWN: Name(text("insights.unknown"))}
    shown = subject._replace(names={**named, **others})
    rows = _count(shown, found)
    peak = rows[0].numbers.index(max(rows[0].numbers))
    language = material.language
    sentence = text(
        "insights.says_share", name=language.isolated(named[most[0]].label),
        share=percent(totals[most[0]], sum(totals.values()), language),
        period=found.label(peak, language), number=rows[0].numbers[peak],
    )  # fmt: skip
    return _chart(material, shown, found, rows, sentence)


def _count(subject: Subject, found: Periods) -> list[Counts]:
    """Return the rows with numbers: all items first, then each key that occurs.

    Keys without a name are counted as others.
    """
    numbers = {key: [0] * found.number for key in (ALL, *subject.names)}
    for month, counts in subject.months.items():
        if counts:
            at = found.at(month)
            numbers[ALL][at] += sum(counts.values())
            for key, count in counts.items():
                numbers[key if key in numbers else OTHER][at] += count
    names = {ALL: Name(""), **subject.names}
    return [Counts(key, names[key], counts) for key, counts in numbers.items() if any(counts)]


def _median(numbers: Sequence[int]) -> int:
    """Return the position of the period in which the middle one of all items is."""
    seen, half = 0, sum(numbers) / 2
    for at, number in enumerate(numbers):
        seen += number
        if seen >= half:
            return at
    return 0


def _chart(
    material: Material, subject: Subject, found: Periods, rows: list[Counts], sentence: str
) -> Chart:
    """Return a chart whose first row has all items."""
    everything = rows[0]._replace(name=Name(material.language.text("insights.all")))
    # A single row besides it means that all items are of one kind.
    shown = rows[1:] if len(rows) == 2 else [everything, *rows[1:]]
    return chart_of(material, subject.name, Rows(found, shown, everything.numbers), (sentence,))


def chart_of(
    material: Material, name: str, drawn: Rows, sentences: tuple[str, ...], prefix: str = ""
) -> Chart:
    """Return a chart with its geometry and its table.

    `prefix` is put in front of the keys of rows in the CSV file.
    """
    text = material.language.text
    return Chart(
        name=name,
        title=text(f"insights.title_{name}"),
        sentences=sentences,
        description=text("insights.describe_columns"),
        table=_table(material, name, drawn, prefix),
        columns=_columns(drawn, material),
    )


def _table(material: Material, name: str, drawn: Rows, prefix: str) -> Table:
    found, language = drawn.found, material.language
    numbers = zip(*[row.numbers for row in drawn.rows], strict=True)
    return Table(
        key="period",
        head=language.text("insights.period"),
        columns=tuple(
            [
                Column(prefix + (row.key.strip() or "unknown"), row.name.label, row.name.path)
                for row in drawn.rows
            ]
        ),
        rows=tuple(
            [
                Row(
                    found.key(at),
                    found.label(at, language),
                    found.path(at, material.places) if drawn.whole[at] else "",
                    counts,
                )
                for at, counts in enumerate(numbers)
            ]
        ),
        path=material.places.table(name),
    )


def _links(numbers: Sequence[int], found: Periods, material: Material) -> Iterator[Period]:
    """Yield the periods with anything in them; the years, where months are too narrow."""
    language = material.language
    shown = found.years if found.step == MONTH and found.number > MAX_LINKS else found
    positions = [found.place(at, shown) for at in range(found.number)]
    for at, group in groupby(range(found.number), key=positions.__getitem__):
        columns = [*group]
        number = sum([numbers[column] for column in columns])
        if number:
            label = language.text("insights.at", label=shown.label(at, language), number=number)
            last = found.number - 1 - columns[-1]
            x = columns[0] if language.direction == "ltr" else last
            yield Period(label, shown.path(at, material.places), x, len(columns))


def _columns(drawn: Rows, material: Material) -> Columns:
    """Return the drawing: a row below the other, as high as its greatest number needs."""
    found, language = drawn.found, material.language
    scale = HIGHEST / max([max(row.numbers) for row in drawn.rows])
    is_mirrored = language.direction == "rtl"
    across = [found.number - 1 - at if is_mirrored else at for at in range(found.number)]
    bottom, series = 0.0, []
    for row in drawn.rows:
        y = round(bottom) + LABEL - 5
        bottom = round(bottom) + LABEL + max(LOWEST, max(row.numbers) * scale)
        shape = _shape(zip(across, row.numbers, strict=True), scale, round(bottom))
        name = row.name
        series.append(Series(name.label, name.lang, sum(row.numbers), y, shape, name.path))
        bottom = round(bottom) + GAP
    height = round(bottom) - GAP
    links = _links(drawn.whole, found, material)
    ticks = found.ticks(axis(language.direction), height + AXIS - 4, language)
    return Columns(tuple(series), tuple(links), ticks, found.number, height, AXIS)


def _shape(numbers: Iterable[tuple[int, int]], scale: float, bottom: int) -> str:
    """Return the `d` of a path: a line for each number that is not 0, at least a pixel high.

    Moves are relative, which takes half of the bytes; these paths are a large part of a page.
    """
    parts: list[str] = []
    x_before, height = 0, 0
    for x, number in numbers:
        if number:
            start = f"m{x - x_before} {height}" if parts else f"M{x}.5 {bottom}"
            x_before, height = x, max(1, round(number * scale))
            parts.append(f"{start}v-{height}")
    return "".join(parts)
