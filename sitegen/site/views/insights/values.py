"""The values of insights that templates see: sentences, tables, and charts with their geometry.

Lengths across a chart are percentages of its width, such as "12.5%", so that its words keep their
size on any screen; heights are pixels. Time runs in the direction of the site's language.
"""

from msgspec import Struct

from sitegen.site.views.links import Link

Sentence = tuple[Link, ...]  # its parts, in order; a part without a path is plain text


class Column(Struct, frozen=True, array_like=True):
    """A column of numbers in a table: its `label`, and the `key` that the CSV file has for it.

    `path` is the site path of the page about it, empty without one.
    """

    key: str
    label: str
    path: str = ""


class Row(Struct, frozen=True, array_like=True):
    """A row of a table: its `label`, and its `numbers`, one for each column.

    `path` is the site path of the page about it, empty without one. `lang` is the language of the
    label (BCP 47), if it is not the site's. `key` is its name in the CSV file. `note` says more of
    it in the site's own words, behind the label.
    """

    key: str
    label: str
    path: str
    numbers: tuple[int, ...]
    lang: str | None = None
    note: str = ""

    @property
    def full_label(self) -> str:
        """The label and the note."""
        return f"{self.label} ({self.note})" if self.note else self.label


class Table(Struct, frozen=True, array_like=True):
    """The numbers of a chart.

    `head` is the label of the first column, whose name in the CSV file is `key`. `path` is the site
    path of that file.
    """

    key: str
    head: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    path: str


class Tick(Struct, frozen=True, array_like=True):
    """A label of an axis: its text `label`.

    `x` and `y` are its place. `anchor` is its `text-anchor`: "start", "middle" or "end".
    """

    label: str
    x: str
    y: str
    anchor: str = "middle"


class Series(Struct, frozen=True, array_like=True):
    """A row of columns over time: its `label`, and its `total`.

    `lang` is the language of the label (BCP 47), if it is not the site's. `y` is how far down the
    label is. `shape` is the `d` of a path with all columns, as lines of a width of 0.8. `path` is
    the site path of the page about it, empty without one.
    """

    label: str
    lang: str | None
    total: int
    y: int
    shape: str
    path: str = ""


class Period(Struct, frozen=True, array_like=True):
    """A time of a chart that has any posts or files.

    `label` says when it is and how many they are. `path` is the site path of its page, empty
    without one. `x` is its first column, `width` the number of its columns.
    """

    label: str
    path: str
    x: int
    width: int


class Columns(Struct, frozen=True, array_like=True):
    """Rows of columns over time, all of them on one scale.

    The columns are drawn in a box of `width` units, one for each, and `height` pixels, which is
    stretched to the width of the chart; the `axis` below has that height, too. `periods` lead to
    their pages; in a long archive these are years, though each column is a month.
    """

    series: tuple[Series, ...]
    periods: tuple[Period, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: int
    axis: int


class Circle(Struct, frozen=True, array_like=True):
    """A circle; its `label` says what it shows.

    `x` and `y` are the place of its centre. `r` is its radius. `path` is the site path of the
    newest post that it is about.
    """

    label: str
    x: str
    y: str
    r: str
    path: str = ""


class Line(Struct, frozen=True, array_like=True):
    """A straight line from `x1` and `y1` to `x2` and `y2`."""

    x1: str
    y1: str
    x2: str
    y2: str


class Plot(Struct, frozen=True, array_like=True):
    """The `circles` of a chart in the plane.

    `ticks` are the labels of both axes. `grid` are lines at some of them. `height` is that of the
    whole, in pixels. `law` are lines that follow a power law, one after the other.
    """

    circles: tuple[Circle, ...]
    ticks: tuple[Tick, ...]
    grid: tuple[Line, ...]
    height: int
    law: tuple[Line, ...] = ()


class Chart(Struct, frozen=True, array_like=True):
    """A chart of the archive: its `name` in addresses, and its `title`.

    `sentences` say what one sees. `description` says how it is drawn. `table` has its numbers.
    `columns` or `plot` is the drawing. If both are None, each row of the table has a bar; `bars`
    are their widths, in percent. With `shares`, a row has a bar in the cell of each number but the
    first, which is the whole: `shares` are the widths of these bars, in percent.
    """

    name: str
    title: str
    sentences: tuple[str, ...]
    description: str
    table: Table
    columns: Columns | None = None
    plot: Plot | None = None
    bars: tuple[int, ...] = ()
    shares: tuple[tuple[int, ...], ...] = ()

    @property
    def kind(self) -> str:
        """How it is drawn: "columns", "plot", "shares" or "bars"."""
        if self.columns:
            return "columns"
        return "plot" if self.plot else "shares" if self.shares else "bars"
