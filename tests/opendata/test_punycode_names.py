"""An account has one name and one pseudonym, whether its domain is in Punycode or in Unicode."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opendata.test_anonymous import KEY, names_of, short

from sitegen.model import Author
from sitegen.opendata.anonymity.name_words import NameWords
from sitegen.opendata.anonymity.pseudonyms import Pseudonyms
from sitegen.opendata.anonymity.texts import Common, Texts
from sitegen.query.accounts import Statement

LABELS = st.sampled_from(
    ["müller", "bücher", "éva", "петрова", "霍尔泽", "μαρία", "मारिया", "straße"]
)
PREFIXES = st.sampled_from(["", "ada@", "x."])


def in_punycode(label: str) -> str:
    return f"xn--{label.encode('punycode').decode('ascii')}"


def texts_of(*handles: str) -> Texts:
    statements = [Statement("net", Author(handle)) for handle in (*handles, "schmidt.example")]
    return Texts(Pseudonyms(KEY, statements), NameWords(names_of(statements)), Common())


@given(LABELS, PREFIXES, st.sampled_from([str, str.upper, str.title]), st.booleans())
def test_the_name_in_a_handle_is_found(
    label: str, prefix: str, spell: type[str], is_encoded: bool
) -> None:
    handle = f"{prefix}{in_punycode(label) if is_encoded else label}.example"
    text = f"Ask {spell(label)} about it, #{label}"
    assert short(texts_of(handle).scrub(text, "net")) == "Ask <name> about it, [tag]"


@given(LABELS, PREFIXES, st.booleans())
def test_both_spellings_of_a_handle_have_one_pseudonym(
    label: str, prefix: str, has_id: bool
) -> None:
    shown, encoded = (f"{prefix}{each}.example" for each in (label, in_punycode(label)))
    known = Statement("net", Author(encoded, "5" if has_id else None))
    made = Pseudonyms(KEY, [known])
    one = made.of_author("net", known.author)
    assert one == made.of_handle("net", shown) == made.of_handle("net", encoded.upper())
    texts = texts_of(encoded)
    assert texts.scrub(f"@{shown}", "net") == texts.scrub(f"@{encoded}", "net")
    assert texts.scrub(shown, "net") == texts.scrub(encoded, "net")
    assert short(texts.scrub(shown, "net")) == "<account>"


@pytest.mark.parametrize("domain", ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example"])
def test_both_spellings_of_an_email_address_have_one_pseudonym(domain: str) -> None:
    texts = texts_of()
    assert texts.scrub(f"eve@{domain}", "net") == texts.scrub("eve@bücher.example", "net")


def test_a_domain_of_many_accounts_is_nobodys_in_either_spelling() -> None:
    texts = texts_of("a1@bücher.example", "b2@xn--bcher-kva.example", "c3@bücher.example")
    assert texts.scrub("Bücher sind schön", "net") == "Bücher sind schön"
