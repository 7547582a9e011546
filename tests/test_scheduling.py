"""Who reads and makes what: every file and page once, whoever asks in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from sitegen.site.cache.build_state import OutputRecord
from sitegen.site.cache.fingerprints import PageFingerprint
from sitegen.site.views.contexts import IndexContext, Page, SitemapContext, ThreadContext
from sitegen.site.views.listing_values import Pager
from sitegen.site.views.page_refs import ThreadPart
from sitegen.site.workers.scheduling import FileQueue, Scheduler

HANDS = 3
ORDER = st.lists(st.integers(0, HANDS - 1), max_size=400)
NO_PAGER = Pager(1, 1, None, None)


def _context(kind: str, sources: tuple[str, ...]) -> IndexContext | ThreadContext | SitemapContext:
    if kind == "newest":
        return IndexContext(tuple([ThreadPart(source) for source in sources]), NO_PAGER, None, None)
    if kind == "thread":
        return ThreadContext(ThreadPart(sources[0] if sources else ""), None, None, None)
    return SitemapContext(sources)


PAGES = st.lists(
    st.tuples(
        st.sampled_from(["newest", "thread", "listing"]),
        st.lists(st.integers(0, 30).map(str), max_size=4).map(tuple),
        st.sampled_from([b"", b"encoded"]),
    ),
    max_size=300,
)
OWNERS = st.dictionaries(st.integers(0, 30).map(str), st.integers(0, HANDS - 1))


@given(st.integers(0, 2_000), ORDER)
def test_every_file_is_scheduled_once_and_helpers_begin_at_the_start(
    total: int, order: list[int]
) -> None:
    sources = [f"{number:05}" for number in range(total)]
    files = FileQueue(sources, HANDS)
    taken: tuple[list[str], list[str]] = ([], [])
    for who in [*order, *[0] * total]:
        taken[bool(who)].extend(files.take(who))
    ours, theirs = taken
    assert theirs == sources[: len(theirs)]
    assert sorted(ours) == sources[len(theirs) :]
    assert [*files.take(0), *files.take(1)] == []


@given(PAGES, OWNERS, ORDER)
def test_every_page_is_scheduled_once(
    given_pages: list[tuple[str, tuple[str, ...], bytes]], owners: dict[str, int], order: list[int]
) -> None:
    scheduler = Scheduler(owners, HANDS)
    pages = [Page(str(at), "", _context(k, s), "") for at, (k, s, _) in enumerate(given_pages)]
    for page, (_, sources, encoded) in zip(pages, given_pages, strict=True):
        scheduler.put(page, PageFingerprint(OutputRecord(b""), sources, encoded))
    dealt = []
    everybody = [*range(HANDS)] * (len(pages) + 1)  # whoever leaves pages to others asks again
    for who in [*order, *everybody]:
        batch = [task if isinstance(task, str) else task.path for task in scheduler.take(who)]
        assert who == 0 or all(given_pages[int(path)][2] for path in batch)
        dealt += batch
    assert sorted(dealt) == sorted(page.path for page in pages)
