"""Write an export, and its data card in Markdown and for programs beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from sitegen import files
from sitegen.opendata import croissant, data_card
from sitegen.opendata.dataset import DataFile, Dataset
from sitegen.opendata.export import Export
from sitegen.opendata.request import Format
from sitegen.text.printing import without_surrogates

CARD, CROISSANT = ".README.md", ".croissant.json"


def write_export(export: Export, path: Path, form: Format) -> tuple[Path, ...]:
    """Write a prepared export to a file, with what describes it; return the paths.

    Raises UsageError for a name of the file that no description can have, OutputError, OSError.
    """
    export.check_file_name(path.name)
    return write(path, form, export.pieces, export.describe)


def write(
    path: Path, form: Format, pieces: Iterable[bytes], describe: Callable[[], Dataset] | None
) -> tuple[Path, ...]:
    """Write an export to a file, and what describes it; return the paths.

    No file is visible before all are complete. Raises OutputError, OSError.
    """
    return files.write_together(_contents(path, form, pieces, describe))


def _contents(
    path: Path, form: Format, pieces: Iterable[bytes], describe: Callable[[], Dataset] | None
) -> Iterator[tuple[Path, Iterable[bytes]]]:
    digest, sizes = sha256(), [0]

    def measured() -> Iterator[bytes]:
        for piece in pieces:
            digest.update(piece)
            sizes[0] += len(piece)
            yield piece

    yield path, measured()
    if describe is not None:
        file, dataset = DataFile(path.name, form, sizes[0], digest.hexdigest()), describe()
        for end, render in ((CARD, data_card.render), (CROISSANT, croissant.render)):
            yield (
                path.with_name(path.stem + end),
                [without_surrogates(render(dataset, file)).encode()],
            )
