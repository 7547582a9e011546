"""Tell names of people, which are no topics unless somebody asks for them.

This goes by how a word or phrase is written: with one capital letter wherever it is used, also
within sentences. A single word is taken for a name if it is a usual given name, or if it is written
behind one or behind a title. A phrase of two or three such words is one if it begins with a given
name. It is one as well if no other form of its last word is in general vocabulary, as "moons" is of
"moon". Neither is one that often follows a determiner, as titles of works and institutions do, or a
preposition of place. The parts of a name are held back as well, unless they are used far more often
without it. A tag or an account of the archive that has the name lets it pass.

So an unusual name that is never written in full is not noticed, and neither is any in a script
without capital letters; and a name of two words of something else may be held back.
`content/topics.toml` corrects both.
"""

from __future__ import annotations

from collections.abc import Container

from sitegen.topics.finding.corpus import Phrase
from sitegen.topics.finding.languages.given_names import given_names, titles
from sitegen.topics.finding.words import Words, capital_share

MAX_WORDS = 3  # of a full name
MIN_CAPITALS = 0.9  # share of the uses of each word
MIN_SURNAME = 0.02  # share of the uses of a surname behind a given name
MAX_DETERMINED = 0.15  # share of the uses after a determiner
MAX_PLACED = 0.25  # share of the uses after a preposition of place
MAX_WITHOUT = 0.7  # share of the uses of a part that are outside of the name
_OTHER_FORMS = ("s", "es", "n", "en", "e", "er", "ed")
_CASED = frozenset(
    ("en", "es", "fr", "it", "pt", "nl", "ca", "de", "sv", "da", "nb", "fi", "pl", "cs", "sk", "sl",
     "sh", "ro", "hu", "tr", "id", "ms", "fil", "is", "lt", "lv", "ru", "uk", "bg", "mk", "el")
)  # fmt: skip


def is_person(phrase: Phrase, words: Words, known: Container[str]) -> bool:
    """Tell whether a phrase is likely the name of a person; `known` are tags and accounts."""
    if words.language not in _CASED or len(phrase) > MAX_WORDS:
        return False
    forms = words.counted.forms[phrase]
    if any(form in known or form.replace(" ", "") in known for form in forms):
        return False
    if not all(_is_written_as_name(key, words) for key in phrase):
        return False
    if len(phrase) == 1:
        return _is_given_name(phrase[0], words) or _is_surname(phrase[0], words)
    is_full_name = _is_given_name(phrase[0], words)
    return (is_full_name or not _is_common(phrase[-1], words)) and _is_free(phrase[0], words)


def _is_written_as_name(key: str, words: Words) -> bool:
    """Tell whether a word has one capital letter, its first, in nearly all uses."""
    use = words.counted.uses[key]
    spelling = max(use.spellings, key=lambda word: (use.spellings[word], word), default="")
    is_capitalised = spelling[:1].isupper() and spelling[1:].islower() and spelling.isalpha()
    return is_capitalised and capital_share(use) >= MIN_CAPITALS


def _is_given_name(key: str, words: Words) -> bool:
    return not given_names().isdisjoint((key, *words.counted.forms[(key,)]))


def _is_surname(key: str, words: Words) -> bool:
    """Tell whether a word is written behind a given name or a title."""
    use, marks = words.counted.uses[key], given_names() | titles()
    behind = sum([n for word, n in use.behind.items() if word in marks])
    return behind >= max(1, MIN_SURNAME * use.before.total())


def _is_common(key: str, words: Words) -> bool:
    """Tell whether a word has other forms in general vocabulary."""
    return any(f"{key}{end}" in words.general for end in _OTHER_FORMS)


def _is_free(key: str, words: Words) -> bool:
    """Tell whether a word hardly ever follows a determiner, or a preposition of place."""
    before, grammar = words.counted.uses[key].before, words.grammar
    total = max(1, before.total())
    determined = sum([before[word] for word in grammar.determiners])
    placed = sum([before[word] for word in grammar.before_places])
    return determined <= MAX_DETERMINED * total and placed <= MAX_PLACED * total


def is_part_of_name(phrase: Phrase, name: Phrase, words: Words) -> bool:
    """Tell whether a word is used mostly within a person's name."""
    if len(phrase) != 1 or phrase[0] not in name:
        return False
    posts = words.counted.posts
    return len(posts[phrase] - posts[name]) <= MAX_WITHOUT * len(posts[phrase])
