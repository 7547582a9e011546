"""Write tables as CSV (RFC 4180), for spreadsheets and for programs."""

from __future__ import annotations

import csv
import io

from sitegen.site.outputs.feeds import FeedEntries
from sitegen.site.views.contexts import Page
from sitegen.site.views.insights.contexts import CsvContext
from sitegen.site.views.template_values import SiteView

# What a spreadsheet takes for the beginning of a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(page: Page, site: SiteView, context: CsvContext, entries: FeedEntries) -> str:
    """Write a table.

    A cell that a spreadsheet would take for a formula begins with "'", since posts and names may
    be anybody's words.
    """
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(map(_harmless, context.rows))
    return file.getvalue()


def _harmless(row: tuple[str, ...]) -> list[str]:
    return [f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in row]
