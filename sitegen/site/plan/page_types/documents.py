"""Pages written by hand (`content/*.md`)."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.views import contexts
from sitegen.site.views.contexts import Page

MENU_SIZE = 12  # handwritten pages in the menu, which is on every page


def documents(indexes: Indexes) -> Iterator[Page]:
    """Generate the pages written by hand, and a list of them when the menu has no room for all."""
    if len(indexes.own_pages) > MENU_SIZE:
        menu = contexts.DocumentsContext(indexes.own_pages)
        title = indexes.language.text("menu.documents")
        yield Page(urls.DOCUMENTS, "documents.html", menu, "the list of pages", title)
    for document in indexes.documents:
        context = contexts.DocumentContext(indexes.targets.with_targets(document))
        yield Page(document.path, "document.html", context, document.source,
                   document.title, document.description)  # fmt: skip
