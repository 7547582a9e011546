"""Anonymous exports: no name, handle, id or address of the archive is in them."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import long_law
from strategies import archives
from test_cli import sitegen

from sitegen import exchange, timestamps
from sitegen.errors import ConfigError, UsageError
from sitegen.exchange.record import Record
from sitegen.model import Author, Facet, Post, Thread
from sitegen.opendata.anonymity import key_file
from sitegen.opendata.anonymity.decisions import DECISIONS
from sitegen.opendata.anonymity.name_words import NameWords
from sitegen.opendata.anonymity.names import Names
from sitegen.opendata.anonymity.posts import Anonymiser
from sitegen.opendata.anonymity.pseudonyms import Pseudonyms
from sitegen.opendata.anonymity.texts import Common, Texts
from sitegen.query.accounts import Statement
from sitegen.query.folding import fold
from sitegen.selection.queried_posts import Selected

__all__ = ["sitegen"]  # a fixture
ROOT = Path(__file__).parent.parent.parent
KEY = bytes(range(32))
ADA = Author("ada.example", "did:plc:adaada234567abcd", "Ada Brook")
BEN = Author("ben@moor.example", "77", "Ben of the Night Bus")
STATEMENTS = (
    Statement("net", ADA), Statement("net", BEN), Statement("net", Author("yuki.example", "5", "雪星天文台")),
    Statement("net", Author("samar.example", "6", "سمر نجم")), Statement("net", Author("cleo.dune.example")),
    Statement("net", Author(name="\U0001f319\U0001f41d")),
)  # fmt: skip


def names_of(statements: Iterable[Statement]) -> Names:
    authors = [statement.author for statement in statements]
    return Names(
        tuple(statements),
        frozenset(author.name for author in authors if author.name),
        frozenset(author.handle for author in authors if author.handle),
        frozenset(author.id for author in authors if author.id),
        frozenset(),
    )


@cache
def texts_of(common: Common = Common(), ordinary: Iterable[str] = ()) -> Texts:  # noqa: B008 - frozen
    words = NameWords(names_of(STATEMENTS))
    words.ordinary = frozenset(ordinary)
    return Texts(Pseudonyms(KEY, STATEMENTS), words, common)


def short(text: str) -> str:
    """Return a text with only the kinds of its pseudonyms."""
    return re.sub(r"(\w+)-[0-9a-f]{16}", r"<\1>", text)


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Fog over the hill.", "Fog over the hill."),
        ("a moor, as in a handle", "a <name>, as in a handle"),
        ("A\u200bda", "<name>"),
        ("Ada Brook, ADA BROOK and Áda  Bröok", "<name>, <name> and <name>"),
        ("Ada's lamp, a brook, a Brook, AdaBrooks", "<name>'s lamp, a brook, a <name>, <name>"),
        ("@ada.example: ask @nobody. Or ＠ben@moor.example!", "@<account>: ask @<account>. Or @<account>!"),
        ("ada.example or ben@moor.example or eve@else.example", "<account> or <account> or <email>"),
        ("See https://moor.example/ada?x=1, (www.moor.example/a).",
         "See https://link.invalid/<link>, (https://link.invalid/<link>)."),
        ("did:plc:adaada234567abcd, at://did:plc:x/app/3k", "https://link.invalid/<link>, https://link.invalid/<link>"),
        ("moor.example/a…", "https://link.invalid/<link>…"),
        ("Call +44 20 7946 0018 or 030 1234567 or (555) 123-4567, id 1440363676",
         "Call <number> or <number> or <number>, id <number>"),
        ("On 01.05.2024 at 19:30, 3.5 of 1,000,000", "On 01.05.2024 at 19:30, 3.5 of 1,000,000"),
        ("#Fog #rare #AdaBrook", "#Fog [tag] [tag]"),
        ("雪星天文台です。雪の星", "<name>です。雪の星"),
        ("وسمر هنا", "<name> هنا"),
        ("The night bus. Night falls; the Night Bus, BUS", "The night bus. Night falls; the <name> <name>, <name>"),
        ("Ben of the Night-Bus", "<name>"),
        ("of the ben, Bens, benches", "of the <name>, <name>, benches"),
        ("cleo and dune", "<name> and <name>"),
        ("adaada234567abcd", "<name>"),
        ("We met @Ada Brook there", "We met @<account> <name> there"),
        ("In the #fog Brook was seen", "In the #fog <name> was seen"),
        ("See https://a.example/x Brook wrote", "See https://link.invalid/<link> <name> wrote"),
        ("We met Ada\nBrook there", "We met <name> there"),
        ("\U0001f319\U0001f41d wrote, ⓐⓓⓐ answered", "<name> wrote, <name> answered"),
        ("a brook, \U0001f319 alone", "a brook, \U0001f319 alone"),
        ("2024-05-12 10:30, 12/31/99, 2019-2021, 2019 2020 2021.", "2024-05-12 10:30, 12/31/99, 2019-2021, 2019 2020 2021."),
        ("06.12.34.56.78 or DE89 3704 0044 0532 0130 00", "<number> or <number>"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_replaced_in_texts(text: str, scrubbed: str) -> None:
    texts = texts_of(Common(tags=frozenset(["fog"])), ("night", "bus", "of", "the", "brook"))
    assert short(texts.scrub(text, "net")) == scrubbed


GAPS = st.sampled_from(
    ["", " ", "-", ".", "/", "\u00a0", "\u202f", "\u2011", "\u2013", ") ", " (", " - "]
)


@given(
    st.lists(st.tuples(st.integers(1, 5), GAPS), min_size=1, max_size=8).filter(
        lambda groups: sum(length for length, _ in groups) >= 7
    ),
    st.sampled_from(["", "+", "("]),
)
def test_long_numbers_are_replaced_however_they_are_grouped(
    groups: list[tuple[int, str]], prefix: str
) -> None:
    *before, (last, _) = groups
    number = "".join("9" * length + gap for length, gap in before) + "9" * last
    assert short(texts_of().scrub(f"It is {prefix}{number}, ask.", "net")) == "It is <number>, ask."


def test_a_common_host_stays_and_the_address_behind_it_does_not() -> None:
    texts = texts_of(Common(hosts=frozenset(["video.example"])))
    first, second = (texts.link(f"https://www.video.example/{name}") for name in "ab")
    assert short(first) == short(second) == "https://video.example/<link>"
    assert first != second


def test_an_account_has_one_pseudonym_by_its_id_and_its_handles() -> None:
    former = Statement("net", Author("ada.old", "did:plc:adaada234567abcd"))
    twice = (Statement("net", Author("ann", "1")), Statement("net", Author("ann", "2")))
    made = Pseudonyms(KEY, (*STATEMENTS, former, *twice))
    assert (
        made.of_handle("net", "ADA.old")
        == made.of_handle("net", "ada.example")
        == made.of_author("net", ADA)
    )
    assert made.of_handle("x", "ada.example") != made.of_author("net", ADA)
    assert len({made.of_handle("net", "ann"), *(made.of_author("net", a) for _, a in twice)}) == 3
    assert made.of_author("net", ADA) != Pseudonyms(bytes(32), ()).of_author("net", ADA)
    assert made.of_author("net", Author()) is None


def anonymous(post: Post, **common: Any) -> Post:
    anonymiser = Anonymiser(
        Pseudonyms(KEY, STATEMENTS), texts_of(Common(**common)), timestamps.parse
    )
    return anonymiser.anonymise(Selected(post, post.id, 1, "post", "2024-05-02")).post


def test_facets_are_where_the_text_has_them_afterwards() -> None:
    text = "Ada at moor.example/a with @ben, #fog, #dew and here"
    facets = (
        Facet(7, 21, "link", "https://moor.example/a"), Facet(27, 31, "mention", "ben@moor.example"),
        Facet(33, 37, "tag", "fog"), Facet(39, 43, "tag", "dew"), Facet(48, 52, "link", "https://moor.example/b"),
    )  # fmt: skip
    assert [text[f.start : f.end] for f in facets] == [
        "moor.example/a",
        "@ben",
        "#fog",
        "#dew",
        "here",
    ]
    post = anonymous(Post("1", "net", text, facets=facets), tags=frozenset(["fog"]))
    assert (
        short(post.text)
        == "<name> at https://link.invalid/<link> with @<account>, #fog, [tag] and here"
    )
    assert [(short(post.text[f.start : f.end]), short(f.value)) for f in post.facets] == [
        ("https://link.invalid/<link>", "https://link.invalid/<link>"), ("@<account>", "<account>"),
        ("#fog", "fog"), ("here", "https://link.invalid/<link>"),
    ]  # fmt: skip


def paths(kind: Any, prefix: str = "") -> Iterator[str]:
    """Yield the paths of all values within a type of the model."""
    inner = [each for each in (kind, *get_args(kind)) if isinstance(each, type)]
    structs = [each for each in inner if issubclass(each, msgspec.Struct)]
    if get_origin(kind) is not None and not structs:
        structs = [each for arg in get_args(kind) for each in get_args(arg)
                   if isinstance(each, type) and issubclass(each, msgspec.Struct)]  # fmt: skip
    if not structs:
        yield prefix
    for struct in structs:
        for field in msgspec.structs.fields(struct):
            yield from paths(field.type, f"{prefix}.{field.name}".removeprefix("."))


def test_every_field_of_a_post_has_a_decision() -> None:
    assert {*paths(Record)} | {"topics", "extra"} == DECISIONS.keys()


@long_law
@given(archives())
def test_fields_become_what_is_decided(threads: tuple[Thread, ...]) -> None:
    for post in (post for thread in threads for post in thread.posts):
        found = exchange.encode(anonymous(post), "1", 1)
        before = exchange.encode(post, "1", 1)
        for name, decision in DECISIONS.items():
            old, new = (values(each, name.split(".")) for each in (before, found))
            if (
                decision == "kept"
                and name not in ("network", "position")
                and not name.startswith("facets")
            ):
                assert new == old or name.endswith(".network")
            if decision == "dropped":
                assert not [value for value in new if value]
        assert not {name for name, _ in post.extra} & found.keys()
        assert exchange.line(exchange.line_of(anonymous(post), "1", 1).encode(), ROOT, 1)


def values(found: Any, path: list[str]) -> list[Any]:
    """Return the values at a path of a JSON object, also of all in a list."""
    if isinstance(found, list):
        return [value for each in found for value in values(each, path)]
    if not path:
        return [found]
    return values(found[path[0]], path[1:]) if isinstance(found, dict) and path[0] in found else []


FORMS = st.sampled_from(
    ["{}", "@{}", "#{}", "{}'s", "({})", "{}!", "x {} y", "\n{}\n", "https://a.example/{}", "{}@mail.example",
     "{}.example", "**{}**", "“{}”", "{}, {}", "www.{}.example/{}", "_{}_", "{}\u200d", "the {} of"]
)  # fmt: skip
SPELLINGS = st.sampled_from(
    [str, str.upper, str.lower, str.title, lambda name: name.replace("o", "ö"),
     lambda name: name.translate({ord(c): ord(c) + 0xFEE0 for c in "abcABC"})]
)  # fmt: skip
KNOWN = [
    *(s.author.name for s in STATEMENTS),
    *(s.author.handle for s in STATEMENTS),
    "cleo",
    "Ada",
    "Brook",
    "Ben",
]


@given(st.lists(st.tuples(FORMS, SPELLINGS, st.sampled_from([n for n in KNOWN if n])), max_size=6))
def test_no_name_stays_however_it_is_written(pieces: list[tuple[str, Any, str]]) -> None:
    text = " ".join(form.replace("{}", spell(name)) for form, spell, name in pieces)
    found = short(texts_of().scrub(text, "net"))
    words = re.findall(r"\w+", fold(found))
    for name in filter(None, KNOWN):
        assert fold(name) not in (words if len(name) < 5 else fold(found))


def test_ordinary_words_are_learnt_from_many_posts() -> None:
    words = NameWords(names_of(STATEMENTS))
    posts = [
        *["the night was ada's"] * 5,
        *["brook, bus"] * 4,
        *["A Bus. see the Brook"] * 3,
        *["the bus"] * 2,
    ]
    words.set_ordinary(posts, 5)
    assert words.ordinary == {"the", "night", "ada", "bus"} - {"ada"} | ({"ada"} & words.ordinary)
    assert "brook" not in words.ordinary


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "anonymous.key"
    made = key_file.load(path)
    assert len(made.secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(made.notes) == 1
    assert key_file.load(path) == (made.secret, ())
    path.chmod(0o644)
    (note,) = key_file.load(path).notes
    assert note.startswith("others can read ")


@pytest.mark.parametrize("text", ["", "secret", "0" * 63, "é" * 64])
def test_a_file_that_has_no_key_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "k"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="is no key"):
        key_file.load(path)


def test_a_key_in_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="its folder is missing"):
        key_file.load(tmp_path / "keys/anonymous.key")


@pytest.mark.parametrize(
    ("network", "shown"),
    [
        ("bluesky", "bluesky"),
        ("net", "net"),
        ("x", "x"),
        ("ada.example", "<network>"),
        ("Ada Brook", "<network>"),
    ],
)
def test_a_network_that_names_somebody_has_a_pseudonym(network: str, shown: str) -> None:
    assert short(anonymous(Post("1", network)).network) == shown
