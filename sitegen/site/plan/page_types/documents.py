"""Pages written by hand (`content/*.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sitegen.content import content_folder
from sitegen.content.format import front_matter
from sitegen.errors import ContentError, SeveralErrors
from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.page_types.directories import MARKUP, numbered
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.excerpts import count_bytes
from sitegen.site.views.links import Link
from sitegen.site.views.template_values import Document

MAX_NAMES = 12  # of templates in a hint
MENU_SIZE = 12  # handwritten pages in the menu, which is on every page


def documents(indexes: Indexes) -> Iterator[Page]:
    """Generate the pages written by hand, and a list of them when the menu has no room for all."""
    if len(indexes.own_pages) > MENU_SIZE:
        yield from _document_list(indexes)
    for document in indexes.documents:
        context = contexts.DocumentContext(indexes.targets.with_targets(document))
        template = document.template or "document.html"
        yield Page(document.path, template, context, document.source,
                   document.title, document.description)  # fmt: skip


def _document_list(indexes: Indexes) -> Iterator[Page]:
    """Generate the list of the pages written by hand."""
    first = Link(indexes.language.text("menu.documents"), urls.DOCUMENTS)
    for page in numbered(first, indexes.own_pages, _weigh, indexes.language):
        context = contexts.DocumentsContext(page.items, page.numbers)
        yield Page(page.path, "documents.html", context, "the list of pages", page.title)


def _weigh(link: Link) -> int:
    """Return about the number of bytes of a link in the list of pages."""
    return MARKUP + count_bytes(link.title) + count_bytes(link.path)


def require_templates(indexes: Indexes, templates: Iterable[str]) -> None:
    """Check that the templates that pages name exist. Raises ContentError."""
    known = [name for name in templates if name.endswith(".html")]
    missing = [d for d in indexes.documents if d.template and d.template not in known]
    problems = [_no_template(each, known, indexes.library.folder) for each in missing]
    if indexes.introduction and indexes.introduction.template:
        problems.append(_no_effect(indexes.introduction, indexes.library.folder))
    if problems:
        raise SeveralErrors.combine(problems)


def _no_template(document: Document, known: Iterable[str], folder: Path) -> ContentError:
    """Return the error for a page whose template is missing, with the names that there are."""
    names = sorted(known, key=lambda name: (-_similarity(name, document.template), name))
    more = ", …" if len(names) > MAX_NAMES else ""
    what = f"there is no template {document.template}"
    return _error(document, folder, what, f"there is: {', '.join(names[:MAX_NAMES])}{more}.")


def _no_effect(introduction: Document, folder: Path) -> ContentError:
    """Return the error for the template of the text that the front page contains."""
    what = "template has no effect on the introduction of the front page"
    hint = "delete the line; templates/index.html overrides the template of the front page."
    return _error(introduction, folder, what, hint)


def _error(document: Document, folder: Path, what: str, hint: str) -> ContentError:
    """Return an error at the line of a page's template."""
    path = str(folder / document.source)
    split = front_matter.split(content_folder.read_text(path), path)
    line = front_matter.line_of(split.head, "template") if split else None
    return ContentError(what, path=path, line=line, hint=hint)


def _similarity(name: str, other: str) -> float:
    import difflib

    return difflib.SequenceMatcher(None, name, other).ratio()
