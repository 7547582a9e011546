"""The description of an export for programs: Croissant 1.0 (JSON-LD, by MLCommons)."""

from __future__ import annotations

import json
from typing import Any

from sitegen.opendata import data_card
from sitegen.opendata.columns import Column, Type
from sitegen.opendata.dataset import DataFile, Dataset

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
MEDIA_TYPES = {
    "jsonl": "application/jsonlines",
    "csv": "text/csv",
    "parquet": "application/x-parquet",
}
_TYPES: dict[Type, str] = {
    "text": "sc:Text",
    "number": "sc:Integer",
    "flag": "sc:Boolean",
    "time": "sc:DateTime",
    "day": "sc:Date",
    "texts": "sc:Text",
    "numbers": "sc:Integer",
}
_LISTS = ("texts", "numbers")
_DATA = "data"
_TERMS = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject",
    "fileSet", "format", "includes", "jsonPath", "key", "md5", "parentField", "path", "recordSet",
    "references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField",
    "transform",
)  # fmt: skip
# The context that the specification prescribes.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS},
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "isLiveDataset": "cr:isLiveDataset",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}


def render(dataset: Dataset, file: DataFile) -> str:
    """Return the description as JSON."""
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": dataset.title,
        "description": " ".join((*dataset.facts, *dataset.anonymity)),
        "license": dataset.license_url,
        "url": dataset.url,
        "distribution": [_file(file)],
        "recordSet": [_record_set(dataset, file)],
    }
    stated = {name: value for name, value in described.items() if value}
    return json.dumps(stated, indent=2, ensure_ascii=False) + "\n"


def _file(file: DataFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": _DATA,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": MEDIA_TYPES[file.format],
        "sha256": file.sha256,
    }


def _record_set(dataset: Dataset, file: DataFile) -> dict[str, Any]:
    name = f"{dataset.record}s"
    found = [
        _field(name, path, column, file)
        for path, column in data_card.fields(dataset, file)
        if file.format != "jsonl" or data_card.is_always_there(column)
    ]
    return {"@type": "cr:RecordSet", "@id": name, "name": name, "field": found}


def _field(record_set: str, path: str, column: Column, file: DataFile) -> dict[str, Any]:
    is_list = column.type in _LISTS
    is_text = is_list and file.format == "csv"  # the list is written as JSON
    source: dict[str, Any] = {"fileObject": {"@id": _DATA}, **_place(path, is_list, file)}
    return {
        "@type": "cr:Field",
        "@id": f"{record_set}/{column.name}",
        "name": column.name,
        "description": column.description + (", as JSON" if is_text else ""),
        "dataType": "sc:Text" if is_text else _TYPES[column.type],
        **({"repeated": True} if is_list and not is_text else {}),
        "source": source,
    }


def _place(path: str, is_list: bool, file: DataFile) -> dict[str, Any]:
    """Return where a field is: a column, and for JSON perhaps a place within its value."""
    name, _, rest = path.partition(".")
    place: dict[str, Any] = {"extract": {"column": name}}
    if rest and file.format == "jsonl":
        place["transform"] = {"jsonPath": f"$[*].{rest}" if is_list else f"$.{rest}"}
    return place
