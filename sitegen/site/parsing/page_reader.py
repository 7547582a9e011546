"""Parse handwritten pages: their front matter, their title and the addresses in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from sitegen.content.format import front_matter, hiding, keys
from sitegen.content.format.heading import date_of
from sitegen.errors import ContentError
from sitegen.model import Json
from sitegen.site import urls
from sitegen.site.markup import headings
from sitegen.site.parsing import references
from sitegen.site.parsing.items import HiddenFile
from sitegen.site.parsing.named_media import media_names_in
from sitegen.site.views.template_values import Document

_READ = keys.DOCUMENT | {hiding.HIDE, hiding.DRAFT, hiding.VISIBILITY}


def read(
    source: str, path: str, text: str, document_html: Callable[[str], str]
) -> Document | HiddenFile:
    """Parse a page, which `document_html` renders. Raises ContentError."""
    split = front_matter.split(text, path)
    head, body = (split.head, split.body) if split else ("", text)
    hiding.refuse_lost_head(body, path, before=text[: len(text) - len(body)])
    fields = front_matter.read(head, path) if split else {}
    if hiding.is_page_held_back(fields, path, head):
        return HiddenFile(source, media_names_in(text))
    own = {key: _storable(value) for key, value in fields.items() if key not in _READ}
    in_body = references.references_in(body, document_html, text, len(text) - len(body))
    return Document(
        source=source,
        path=urls.document(source),
        title=_title(fields, source, body, document_html),
        description=str(fields.get("description") or ""),
        body=body,
        nav=fields.get("nav", True) is not False,
        date=date_of(fields, path, head),
        warnings=tuple(keys.find_misspelt(fields, keys.DOCUMENT, head)),
        references=(*in_body, *references.references_in_fields(own, text)),
        template=_template(fields, path, head),
        own=own,
    )


def _title(
    fields: Mapping[str, Json], source: str, body: str, document_html: Callable[[str], str]
) -> str:
    """Return the title of a page: from its front matter, its first heading, or its name."""
    title = fields.get("title")
    if not title and headings.may_begin(body):
        title = headings.first_words(document_html(body))
    return str(title or Path(source).stem)


def _template(fields: Mapping[str, Json], path: str, head: str) -> str:
    """Return the template that front matter names; "" without one. Raises ContentError."""
    name = fields.get("template")
    if name is None or isinstance(name, str):
        return name or ""
    raise ContentError(
        f"template: {name!r} is not the name of a template",
        path=path,
        line=front_matter.line_of(head, "template"),
        hint='write it like template: "poster.html".',
    )


def _storable(value: Json) -> Json:
    """Return a value of front matter as the cache can store it: a huge number as text."""
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return str(value) if isinstance(value, int) and not -(2**63) <= value < 2**64 else value
