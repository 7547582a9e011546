"""What a checker says about a site."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: which checker found it, on which page, and what it says."""

    checker: str
    page: str
    message: str


@dataclass(frozen=True)
class Report:
    """The result of one checker: how many pages or files it read, and what is wrong in them."""

    checker: str
    checked: int
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        count = len(self.findings)
        return f"{self.checker}: {self.checked:,} checked, {count:,} {'finding' if count == 1 else 'findings'}"
