"""The tables of insights as CSV files: one for each chart, and one with all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sitegen.site.views.contexts import Page
from sitegen.site.views.insights.contexts import CsvContext
from sitegen.site.views.insights.values import Chart, Table

ALL_HEAD = ("table", "row", "label", "column", "number", "address")


def table_pages(charts: Sequence[Chart], all_tables: str) -> Iterator[Page]:
    """Generate the file of each chart's table, and at the path `all_tables` that of all."""
    for chart in charts:
        table = chart.table
        yield _page(table.path, f"the table {chart.name}", tuple(_rows(table)))
    rows = tuple([row for chart in charts for row in _long_rows(chart)])
    yield _page(all_tables, "all tables of the insights", (ALL_HEAD, *rows))


def _page(path: str, claim: str, rows: tuple[tuple[str, ...], ...]) -> Page:
    return Page(path, "table.csv", CsvContext(rows), claim)


def _rows(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a table as its file has them, the names of the columns first."""
    yield (table.key, "label", *[column.key for column in table.columns], "address")
    for row in table.rows:
        yield (row.key, row.full_label, *map(str, row.numbers), row.path)


def _long_rows(chart: Chart) -> Iterator[tuple[str, ...]]:
    """Yield a row for each number of a table."""
    table = chart.table
    for row in table.rows:
        for column, number in zip(table.columns, row.numbers, strict=True):
            yield (chart.name, row.key, row.full_label, column.key, str(number), row.path)
