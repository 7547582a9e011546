"""What a checker says about a site."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: which checker found it, on which page, and what it says."""

    checker: str
    page: str
    message: str

    def __str__(self) -> str:
        return f"{self.checker}: {self.page}: {self.message}"


@dataclass(frozen=True)
class Report:
    """The result of one checker: how many pages or files it read, and what is wrong in them."""

    checker: str
    checked: int
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        counts = f"{self.checker}: {self.checked:,} checked, {len(self.findings):,} findings"
        return "\n".join(
            [counts, *(f"  {finding.page}: {finding.message}" for finding in self.findings)]
        )
