"""Write tables as CSV (RFC 4180), for spreadsheets and for programs."""

from __future__ import annotations

import csv
import io

from sitegen.site.outputs.feeds import FeedEntries
from sitegen.site.views.contexts import Page
from sitegen.site.views.insights.contexts import CsvContext
from sitegen.site.views.template_values import SiteView
from sitegen.text.formulas import protect


def csv_file(page: Page, site: SiteView, context: CsvContext, entries: FeedEntries) -> str:
    """Write a table without formulas: posts and names may be anybody's words."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([map(protect, row) for row in context.rows])
    return file.getvalue()
