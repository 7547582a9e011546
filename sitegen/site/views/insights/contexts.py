"""The contexts of the pages of insights, and of their tables."""

from msgspec import Struct

from sitegen.site.views.insights.values import Chart, Sentence
from sitegen.site.views.links import Link


class InsightsContext(Struct, frozen=True, tag=True, array_like=True):
    """An archive or an account in figures.

    `profile` is the account, None for the whole site. `figures` are sentences with links, `notes`
    say what is counted, `charts` show more. `accounts` lead to the same page of each account.
    `download` is the site path of a CSV file with all tables.
    """

    profile: Link | None
    figures: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    charts: tuple[Chart, ...]
    accounts: tuple[Link, ...]
    download: str


class CsvContext(Struct, frozen=True, tag=True, array_like=True):
    """A CSV file: its rows, the names of the columns first."""

    rows: tuple[tuple[str, ...], ...]


InsightsPageContext = InsightsContext | CsvContext
