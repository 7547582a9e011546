"""The language of a site: its messages, and how it writes numbers, dates and plurals."""

from pathlib import Path

BUNDLED = Path(__file__).parent / "messages"  # the message files of sitegen itself
