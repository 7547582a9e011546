"""Keep spreadsheets from running texts as formulas, whoever wrote them."""

from __future__ import annotations

# Also the full-width signs, and the spaces that some spreadsheets skip.
_FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r\n'")


def protect(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: with an apostrophe in front.

    So has a text that begins with an apostrophe: without the first one, each is as it was.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
