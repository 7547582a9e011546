"""Tell names of people, which are no topics unless somebody asks for them.

There is no list of names, so this goes by how a phrase is written. It is taken for a person's name
if it has two or three words, all with a capital letter wherever they are used, also within
sentences; if no tag and no account of the archive has this name; if its last word has no other form
in general vocabulary, as "moon" has "moons"; and if it hardly ever follows a determiner, as titles
of works and institutions do, or a preposition of place. The parts of such a name are held back as
well, unless they are used far more often without it.

So a single name that the archive never has in full is not noticed, and a name of two words of
something else may be held back. `content/topics.toml` corrects both.
"""

from __future__ import annotations

from collections.abc import Container

from sitegen.topics.finding.corpus import Phrase
from sitegen.topics.finding.words import Words, capital_share

LENGTHS = (2, 3)  # words of a full name
MIN_CAPITALS = 0.9  # share of the uses of each word
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
    if words.language not in _CASED or len(phrase) not in LENGTHS:
        return False
    forms = words.counted.forms[phrase]
    if any(form in known or form.replace(" ", "") in known for form in forms):
        return False
    if not all(_is_written_as_name(key, words) for key in phrase):
        return False
    if any(f"{phrase[-1]}{end}" in words.general for end in _OTHER_FORMS):
        return False
    use, grammar = words.counted.uses[phrase[0]], words.grammar
    total = max(1, use.before.total())
    determined = sum([use.before[word] for word in grammar.determiners])
    placed = sum([use.before[word] for word in grammar.before_places])
    return determined <= MAX_DETERMINED * total and placed <= MAX_PLACED * total


def _is_written_as_name(key: str, words: Words) -> bool:
    """Tell whether a word has one capital letter, its first, in nearly all uses."""
    use = words.counted.uses[key]
    spelling = max(use.spellings, key=lambda word: (use.spellings[word], word), default="")
    is_capitalised = spelling[:1].isupper() and spelling[1:].islower() and spelling.isalpha()
    return is_capitalised and capital_share(use) >= MIN_CAPITALS


def is_part_of_name(phrase: Phrase, name: Phrase, words: Words) -> bool:
    """Tell whether a word is used mostly within a person's name."""
    if len(phrase) != 1 or phrase[0] not in name:
        return False
    posts = words.counted.posts
    return len(posts[phrase] - posts[name]) <= MAX_WITHOUT * len(posts[phrase])
