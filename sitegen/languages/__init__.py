"""The language of a site: its messages, and how it writes numbers, dates and plurals."""
