"""The two files of topics: what was found, and what a person changes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.errors import ContentError, SeveralErrors
from sitegen.text.printing import is_label
from sitegen.topics import found_file, load, own_file
from sitegen.topics.found_file import Recorded
from sitegen.topics.site_topics import Topics
from sitegen.topics.topic import Topic, slug
from sitegen.topics.update import find_update, with_former_names

FERRY = Topic("harbour ferry", ("harbour ferry",), former=("ferries",), group="Sea")
TELESCOPE = Topic("telescope", ("telescope", "telescopes"), ("astro",))
RECORDED = Recorded((TELESCOPE, FERRY), ("fog",), too_few=3, people=1)
FOUND = """\
# The topics that sitegen found in the posts. An import writes this file anew, so edit
# topics.toml instead: it renames, merges, hides and adds topics.

former = ["fog"]

[held_back]
too_few = 3
people = 1

[[topic]]
name = "harbour ferry"
words = ["harbour ferry"]
former = ["ferries"]
group = "Sea"

[[topic]]
name = "telescope"
words = ["telescope", "telescopes"]
tags = ["astro"]
"""


def changed(folder: Path, text: str) -> Topics:
    """Return the topics of `RECORDED` with these changes."""
    (folder / own_file.NAME).write_text(text, "utf-8")
    found_file.write(folder, RECORDED)
    return load.load(folder)


def test_what_was_found_is_written_by_name_and_read_again(tmp_path: Path) -> None:
    assert found_file.write(tmp_path, RECORDED)
    assert (tmp_path / found_file.NAME).read_text("utf-8") == FOUND
    read = found_file.read(tmp_path)
    assert read == RECORDED._replace(topics=(FERRY, TELESCOPE))
    assert not found_file.write(tmp_path, read)


names = st.text(st.characters(categories=("L", "M", "N", "S", "P", "Zs", "Cc", "Cf")), min_size=1)


@given(st.lists(names.filter(lambda n: is_label(n.strip())), unique=True), st.lists(names))
def test_any_names_are_read_as_they_were_written(listed: list[str], former: list[str]) -> None:
    recorded = Recorded(tuple([Topic(n.strip(), (n,)) for n in listed]), tuple(former))
    text = found_file.render(recorded)
    from sitegen.topics import topic_tables

    file = topic_tables.parse(text, Path("x"))
    tables = file.tables("topic", ("name", "words"))
    assert sorted(t.name() for t in tables) == sorted(n.strip() for n in listed)
    assert sorted(file.strings("former")) == sorted(former)


def test_a_person_renames_merges_hides_and_adds(tmp_path: Path) -> None:
    topics = changed(
        tmp_path,
        """\
hide = ["Observing", "nobody knows it yet"]

[rename]
"harbour ferry" = "The ferry"

[merge]
"Sights" = ["telescope"]

[[topic]]
name = "Nights"
query = "dome -is:repost"
group = "Sky"

[[topic]]
name = "Maria Holzer"

[[topic]]
name = "Observing"
words = ["observing", "watching the sky"]
""",
    )
    # What is added is not hidden: the person asked for it.
    assert topics.topics == (
        Topic("Maria Holzer", ("Maria Holzer",)),
        Topic("Nights", query="dome -is:repost", group="Sky"),
        Topic("Observing", ("observing", "watching the sky")),
        Topic("Sights", ("telescope", "telescopes"), ("astro",), former=("telescope",)),
        Topic("The ferry", ("harbour ferry",), group="Sea", former=("ferries", "harbour ferry")),
    )
    assert topics.forwards == (
        ("ferries", "the-ferry"), ("fog", ""), ("harbour-ferry", "the-ferry"), ("telescope", "sights"),
    )  # fmt: skip
    assert topics.hidden == 0


def test_topics_are_meant_by_any_name_that_they_had(tmp_path: Path) -> None:
    assert [t.name for t in changed(tmp_path, 'hide = ["Ferries"]').topics] == ["telescope"]
    renamed = changed(tmp_path, '[rename]\n"FERRIES" = "Boats"\n[merge]\n"Boats" = ["telescope"]\n')
    assert [(t.name, t.words) for t in renamed.topics] == [
        ("Boats", ("harbour ferry", "telescope", "telescopes"))
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hid = []", "topics.toml:1: error: unknown key hid. hint: there is: hide, rename, merge, topic."),
        ('\nhide = "x"', 'topics.toml:2: error: hide must be a list of strings. hint: write it like hide = ["…"].'),
        ('[rename]\n"telescop" = "x"', "topics.toml:2: error: there is no topic telescop. hint: did you mean telescope?"),
        ('[rename]\n"telescope" = 3', "topics.toml:2: error: the new name of 'telescope' must be a text. hint: write it like \"comet\" = \"Comets\"."),
        ('[rename]\ntelescope = "Harbour ferry"', 'topics.toml:2: error: there is a topic Harbour ferry already. hint: merge them: "Harbour ferry" = ["telescope"] under [merge].'),
        ('[merge]\nx = "telescope"', "topics.toml:2: error: what 'x' has must be a list of names. hint: write it like \"Comets\" = [\"comet\", \"tail\"]."),
        ('[merge]\nx = ["zebra"]', "topics.toml:2: error: there is no topic zebra. hint: see `sitegen topics`."),
        ('[[topic]]\nquery = "x"', 'topics.toml:1: error: a topic needs a name. hint: write it like name = "Eclipses".'),
        ('[[topic]]\nname = "x"\nquery = "from:ada"', "topics.toml:1: error: query of x: a topic is about words, not accounts. hint: write a [[collection]] in sitegen.toml for posts of an account."),
        ('[[topic]]\nname = "x"\nquery = "topic:telescope"', "topics.toml:1: error: query of x: a topic cannot be made of topics. hint: merge them, under [merge]."),
        ('[[topic]]\nname = "x"\nquery = "sort:new y"', "topics.toml:1: error: query of x: a topic has no order. hint: remove sort:new."),
        ('[[topic]]\nname = "x"\ncolour = "red"', "topics.toml:1: error: unknown key colour in [[topic]]. hint: there is: name, query, words, group."),
        ('[[topic]]\nname = "!"', "topics.toml:1: error: '!' has no word. hint: write words that posts have."),
        ('[[topic]]\nname = "Tele-scope"\n[[topic]]\nname = "tele scope"', "topics.toml:3: error: tele scope has the address of Tele-scope. hint: give one of them another name."),
        ('[merge]\nA = ["telescope"]\nB = ["Telescope"]', "topics.toml:3: error: Telescope is merged into A already. hint: remove one of the two lines."),
        ('[merge]\ntelescope = ["ferries"]\n"harbour ferry" = ["telescope"]', "topics.toml:3: error: harbour ferry is merged into telescope already. hint: remove one of the two lines."),
        ('[rename]\ntelescope = "A"\nTelescope = "B"', "topics.toml:3: error: Telescope is renamed to A already. hint: remove one of the two lines."),
        ('[[topic]]\nname = "Fog"\n[[topic]]\nname = "fog"', "topics.toml:3: error: there is a topic fog above. hint: write all of its words and its query in one."),
        ("[[topic]", "topics.toml:1: error: not valid TOML: Expected ']]' at the end of an array declaration. hint: see https://toml.io."),
        ("<<<<<<< ours\n", "topics.toml:1: error: "),
    ],
)  # fmt: skip
def test_a_mistake_names_file_line_and_cure(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        changed(tmp_path, text)
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(message)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(SeveralErrors) as caught:
        changed(tmp_path, '[rename]\n"a" = "b"\n[merge]\n"c" = ["d"]')
    assert [error.line for error in caught.value.errors] == [2, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[held_back]\ntoo_few = -1", "topics.found.toml:2: error: [held_back] too_few must be a number"),
        ("[[topic]]\nname = 3", "topics.found.toml:1: error: name must be a string"),
        ("topic = 3", "topics.found.toml:1: error: topic must be a list of tables"),
    ],
)  # fmt: skip
def test_a_mistake_in_what_was_found_is_one_too(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / found_file.NAME).write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        found_file.read(tmp_path)
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(message)
    assert (caught.value.hint or "").endswith("delete it: sitegen topics --update makes it anew.")


def test_a_topic_that_is_called_otherwise_keeps_its_former_names() -> None:
    new = Topic("ferries", ("harbour ferry", "ferry"))
    listed, gone = with_former_names((new,), (FERRY, TELESCOPE), frozenset())
    assert listed == (Topic("ferries", ("harbour ferry", "ferry"), former=("harbour ferry",)),)
    assert gone == ("telescope",)


def test_a_topic_that_a_person_has_changed_stays() -> None:
    listed, gone = with_former_names((), (FERRY, TELESCOPE), frozenset(("ferries",)))
    assert listed == (FERRY,)
    assert gone == ("telescope",)


def test_no_name_of_a_hidden_topic_leads_on_once_it_is_gone(tmp_path: Path) -> None:
    changed(tmp_path, 'hide = ["Harbour ferry"]')
    update = find_update(tmp_path, [], frozenset(), 5)
    found_file.write(tmp_path, update.after)
    topics = load.load(tmp_path)
    assert topics.topics == ()
    assert {old for old, _ in topics.forwards}.isdisjoint(("ferries", "harbour-ferry"))


def test_a_topic_may_be_merged_twice_by_any_of_its_names(tmp_path: Path) -> None:
    topics = changed(tmp_path, '[merge]\n"Boats" = ["ferries", "Harbour ferry", "FERRIES"]\n')
    assert [(t.name, t.words) for t in topics.topics] == [
        ("Boats", ("harbour ferry",)),
        ("telescope", ("telescope", "telescopes")),
    ]


words = st.sets(st.sampled_from("abcdef"), min_size=1, max_size=3)


@st.composite
def topics(draw: st.DrawFn) -> tuple[Topic, ...]:
    listed = draw(st.dictionaries(st.sampled_from(["ab", "bc", "cd", "de"]), words, max_size=4))
    return tuple([Topic(name, tuple(sorted(own))) for name, own in listed.items()])


@given(st.lists(topics(), min_size=2, max_size=5))
def test_every_address_that_a_topic_ever_had_leads_somewhere(
    versions: list[tuple[Topic, ...]],
) -> None:
    before: tuple[Topic, ...] = ()
    former: tuple[str, ...] = ()
    had: set[str] = set()
    for found in versions:
        before, gone = with_former_names(found, before, frozenset())
        former = (*former, *gone)
        had |= {each.slug for each in before}
        listed = load.combine(Recorded(before, former), own_file.Changes(Path("x")))
        present = {each.slug for each in listed.topics}
        assert had <= present | {old for old, _ in listed.forwards}
        assert {new for _, new in listed.forwards if new} <= present
        assert present.isdisjoint(old for old, _ in listed.forwards)


def test_addresses_are_made_of_names() -> None:
    assert [slug(n) for n in ("Economic Index", "C++", "連絡船", "++")] == [
        "economic-index",
        "c",
        "連絡船",
        "++",
    ]
