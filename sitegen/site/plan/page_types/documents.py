"""Pages written by hand (`content/*.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitegen.content import content_folder
from sitegen.content.format import front_matter
from sitegen.errors import ContentError, SeveralErrors
from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.plan.library import Library
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page
from sitegen.site.views.template_values import Document

MAX_NAMES = 12  # of templates in a hint
MENU_SIZE = 12  # handwritten pages in the menu, which is on every page


def documents(indexes: Indexes) -> Iterator[Page]:
    """Generate the pages written by hand, and a list of them when the menu has no room for all."""
    if len(indexes.own_pages) > MENU_SIZE:
        menu = contexts.DocumentsContext(indexes.own_pages)
        title = indexes.language.text("menu.documents")
        yield Page(urls.DOCUMENTS, "documents.html", menu, "the list of pages", title)
    for document in indexes.documents:
        context = contexts.DocumentContext(document)
        yield Page(document.path, document.template or "document.html", context, document.source,
                   document.title, document.description)  # fmt: skip


def require_templates(library: Library, templates: Iterable[str]) -> None:
    """Check that the templates that pages name exist. Raises ContentError."""
    known = [name for name in templates if name.endswith(".html")]
    missing = [d for d in library.documents if d.template and d.template not in known]
    if missing:
        raise SeveralErrors.combine([_no_template(each, known, library) for each in missing])


def _no_template(document: Document, known: Iterable[str], library: Library) -> ContentError:
    """Return the error for a page whose template is missing, with the names that there are."""
    path = str(library.folder / document.source)
    split = front_matter.split(content_folder.read_text(path), path)
    names = sorted(known, key=lambda name: (-_similarity(name, document.template), name))
    more = ", …" if len(names) > MAX_NAMES else ""
    return ContentError(
        f"there is no template {document.template}",
        path=path,
        line=front_matter.line_of(split.head, "template") if split else None,
        hint=f"there is: {', '.join(names[:MAX_NAMES])}{more}.",
    )


def _similarity(name: str, other: str) -> float:
    import difflib

    return difflib.SequenceMatcher(None, name, other).ratio()
