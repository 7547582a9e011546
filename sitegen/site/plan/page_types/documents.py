"""Pages that a person wrote."""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.site import urls
from sitegen.site.plan.indexes import Indexes
from sitegen.site.views import contexts as shown
from sitegen.site.views.contexts import Page

MENU_SIZE = 12  # a person's own pages in the menu, which is on every page


def documents(indexes: Indexes) -> Iterator[Page]:
    """Give a person's own texts their pages, and list them where the menu cannot."""
    if len(indexes.own_pages) > MENU_SIZE:
        context = shown.AllDocuments(indexes.own_pages)
        yield Page(urls.DOCUMENTS, "documents.html", context, "the list of pages", "All pages")
    for document in indexes.library.documents:
        yield Page(document.path, "document.html", shown.OneDocument(document), document.source,
                   document.title, document.description)  # fmt: skip
