"""Pages of invented people with known threads, as unpleasant as real ones get."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

STYLES = ("n/", "n/m", "(n/m)", "n/ first", "thread sign", "words", "bare", "gaps", "below a root")
_SUBJECTS = (
    *("The tide gauge", "Our reading group", "The old mill", "A small orchard", "This dataset"),
    *("The night train", "My neighbour’s bakery", "Le petit théâtre", "Der Chor", "El barrio"),
    *("The town archive", "The second survey", "Every volunteer", "The bridge crew", "Nobody here"),
    *("The seed library", "Our choir", "The harbour office", "A quiet street", "The new map"),
)
_VERBS = (
    *("counted", "mended", "opened", "forgot", "measured", "painted", "moved", "drew", "compared"),
    *("recorded", "lost", "rebuilt", "borrowed", "translated", "photographed", "doesn’t mention"),
)
_OBJECTS = (
    *("forty years of rain", "the wrong door", "a shelf of letters", "three thousand stones"),
    *("the café’s piano", "half of the fields — and the ditch", "what we hadn’t seen", "the cost"),
    *("“a modest proposal”", "the river at 4/15 of its width", "some very old maps", "two bells"),
    *(
        "the results in detail",
        "another winter",
        "a list of names",
        "größere Häuser",
        "el año nuevo",
    ),
)
_ENDS = (".", ".", ".", ".", "!", "?", "…", " 🙂", " 🎉", ".", "")
_ORDINALS = ("First, ", "Second, ", "Third, ", "Also, ", "And ", "But ", "Finally, ")
_ROOT_SIGNS = ("🧵", "A thread 🧵👇", "A short thread:", "🧵👇", "Thread:")
_ALTS = (
    "A bar chart showing the number of bells in each village, from one to nine.",
    "Screenshot of a table with four columns of dates and names.",
    "Photo of a wet street at night with a single lamp.",
)
_BIOS = (
    "Gardener in the hills. Sometimes bees.\nhttps://example.org/bees",
    "Historian of small bridges at a small university",
    "she/her",
    "Journalist. Tips welcome.\nsignal: tips.0042",
    "Writer, walker, father of two. Opinions mine.",
    "Statistician & baker\n📍 Utrecht\nwww.example.net",
)


@dataclass(frozen=True)
class Entry:
    """One listed post: what it says, when, how it was received, and its thread."""

    lines: tuple[str, ...]
    at: datetime
    likes: int
    reposts: int
    replies: int
    thread: int
    style: str
    listed: datetime | None = None
    foreign: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Return what identifies a post in an import."""
        return self.at.isoformat(timespec="minutes"), self.lines[-1]

    def block(self) -> str:
        """Return the lines as the page shows them."""
        signs = f"👍 {self.likes} 🔁 {self.reposts} 💬 {self.replies} 📌 {self.reposts // 4}"
        return "\n".join([*self.lines, f"{self.at:%d.%m.%Y %H:%M} — {signs}"])


@dataclass
class Page:
    """A page's text and the truth about it: entries newest first, threads by number."""

    text: str
    entries: list[Entry]
    account: str

    def threads(self) -> dict[int, list[Entry]]:
        """Return the visible posts of each thread, root first."""
        found: dict[int, list[Entry]] = {}
        for entry in reversed(self.entries):
            found.setdefault(entry.thread, []).append(entry)
        return found


@dataclass
class _Writer:
    rng: random.Random
    now: datetime
    numbering: str
    entries: list[Entry] = field(default_factory=list)
    threads: int = 0
    words: int = 0

    def sentence(self) -> str:
        """Return a sentence that no other post has."""
        self.words += 1
        pick = self.rng.choice
        return f"{pick(_SUBJECTS)} {pick(_VERBS)} {pick(_OBJECTS)}, no. {self.words}{pick(_ENDS)}"

    def add(self, lines: tuple[str, ...], likes: int, replies: int, style: str) -> None:
        """List a post at the present minute."""
        entry = Entry(lines, self.now, likes, likes // 5, replies, self.threads, style)
        self.entries.append(entry)

    def strangers(self, chance: float) -> int:
        """Return how many strangers answered."""
        return self.rng.choice((1, 1, 1, 2, 3, 6)) if self.rng.random() < chance else 0

    def wait(self, least: int, most: int) -> None:
        """Let minutes pass."""
        self.now += timedelta(minutes=self.rng.randint(least, most))


def page(seed: int) -> Page:
    """Make a page."""
    rng = random.Random(seed)
    start = datetime.fromisoformat(f"2024-03-01T09:{rng.randint(0, 59):02}")
    writer = _Writer(rng, start, rng.choice(STYLES))
    events = (*(_single,) * 10, *(_thread,) * 10, _repost, _repost, _self_repost, _crowd)
    for _ in range(rng.randint(6, 22)):
        writer.wait(*rng.choice(((7, 60), (60, 600), (600, 9000))))
        rng.choice(events)(writer)
    writer.entries.reverse()
    writer.entries.sort(key=lambda entry: entry.listed or entry.at, reverse=True)
    return _cut(writer.entries, rng)


def _single(writer: _Writer) -> None:
    writer.threads += 1
    likes = int(writer.rng.paretovariate(0.9))
    lines = (*_attached(writer), writer.sentence())
    writer.add(lines, min(likes, 400), writer.strangers(0.35), "single")


def _thread(writer: _Writer) -> None:
    rng = writer.rng
    writer.threads += 1
    style = writer.numbering if rng.random() < 0.7 else rng.choice(STYLES)
    length = rng.choice((2, 2, 3, 3, 4, 5, 6, 8, 12))
    pace = rng.choice(("at once", "at once", "at once", "over a minute", "by hand"))
    likes = min(int(3 * rng.paretovariate(0.9)), 900)
    turn = rng.randint(1, max(1, length - 1))
    for number in range(1, length + 1):
        if number > 1 and (pace == "by hand" or (pace == "over a minute" and number == turn + 1)):
            writer.wait(1, 4) if pace == "by hand" else writer.wait(1, 1)
        lines = _numbered(writer, style, number, length)
        answers = writer.strangers(0.2) + (number < length)
        name = f"{style}, by hand" if pace == "by hand" else style
        writer.add((*_attached(writer), lines), likes, answers, name)
        likes = max(0, int(likes * rng.uniform(0.2, 0.8)) + rng.choice((0, 0, 0, 1, 2)))
        aside = style in ("n/", "n/m", "(n/m)") and pace == "by hand"
        if aside and 1 < number < length - 1 and rng.random() < 0.1:
            _aside(writer)


def _aside(writer: _Writer) -> None:
    """Post something unrelated between two posts of a thread."""
    kept, writer.threads = writer.threads, 100_000 + writer.words
    writer.add((writer.sentence(),), 1, 0, "single")
    writer.threads = kept


def _numbered(writer: _Writer, style: str, number: int, length: int) -> str:
    text = writer.sentence()
    if style == "below a root":
        sign = f" {writer.rng.choice(_ROOT_SIGNS)}" if writer.rng.random() < 0.6 else ""
        return f"{text}{sign}" if number == 1 else f"{number - 1}/ {text}"
    if style == "gaps" and writer.rng.random() < 0.2:
        return text
    if style == "thread sign":
        return f"{text} {writer.rng.choice(_ROOT_SIGNS)}" if number == 1 else text
    if style == "words":
        return text if number == 1 else f"{_ORDINALS[min(number - 2, 6)]}{text}"
    shown = {
        "n/": f"{text} {number}/",
        "gaps": f"{text} {number}/",
        "n/m": f"{text} {number}/{length}",
        "(n/m)": f"{text} ({number}/{length})",
        "n/ first": f"{number}/ {text}",
    }
    return shown.get(style, text)


def _attached(writer: _Writer) -> tuple[str, ...]:
    chance = writer.rng.random()
    if chance < 0.06:
        return (writer.rng.choice(_ALTS),)
    if chance < 0.12:
        return (" ".join([f"A diagram with boxes and arrows, part {writer.words}."] * 8),)
    if chance < 0.16:
        summary = "A long summary of a page about mills, bridges and the people who mend them. " * 3
        return ("Mills and Bridges, a Survey", f"{summary[:200]}...")
    return ()


def _repost(writer: _Writer) -> None:
    """Repost someone's posts, which are older than what stands below them."""
    writer.threads += 1
    for _ in range(writer.rng.choice((1, 1, 1, 2))):
        age = timedelta(minutes=writer.rng.randint(2, 20_000))
        likes = writer.rng.choice((3, 40, 300))
        lines = (writer.sentence(),)
        old = Entry(
            lines, writer.now - age, likes, 2, writer.strangers(0.7), writer.threads, "repost"
        )
        writer.entries.append(replace(old, listed=writer.now, foreign=True))
        writer.threads += 1


def _self_repost(writer: _Writer) -> None:
    """Repost a post of one's own: it stands on the page twice."""
    own = [e for e in writer.entries if not e.foreign and e.listed is None]
    if own:
        writer.entries.append(replace(writer.rng.choice(own), listed=writer.now))


def _crowd(writer: _Writer) -> None:
    """Post two things in one minute: two threads, or a thread and a post, or two posts."""
    first, second = writer.rng.choice(
        ((_thread, _thread), (_single, _thread), (_thread, _single), (_single, _single))
    )
    first(writer)
    second(writer)


def _cut(entries: list[Entry], rng: random.Random) -> Page:
    """Write the page out; one in three breaks off somewhere."""
    blocks = [entry.block() for entry in entries]
    account = "mara.example.net"
    if rng.random() < 0.33 and len(entries) > 3:
        kept = rng.randint(2, len(entries) - 1)
        lines = blocks[kept].split("\n")
        rest = lines[: rng.randint(0, len(lines) - 1)]
        return Page("\n".join([*blocks[:kept], *rest]), entries[:kept], account)
    bios = rng.sample(_BIOS, rng.randint(0, len(_BIOS)))
    return Page("\n".join([*blocks, *bios]), entries, account)
