"""Find words and phrases of languages with spaces between words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, partial
from math import exp, log2, log10, sqrt

from sitegen.topics.finding.candidates import Candidate, log_likelihood
from sitegen.topics.finding.corpus import Counted, Phrase, WordUse, count
from sitegen.topics.finding.languages import word_lists
from sitegen.topics.finding.languages.grammar import (
    CAPITALISED_NOUNS,
    EXCLAMATION,
    GRAMMARS,
    NETWORK_WORDS,
    NO_GRAMMAR,
    SUSPECT_ENDS,
)
from sitegen.topics.finding.languages.vague_words import vague_words
from sitegen.topics.finding.samples import Sample

MAX_COMMON = 5.75  # Zipf value (log10 of uses in a billion words) of a word that may be a topic
COMMON = 10 ** (MAX_COMMON - 9)
MAX_EDGE = 5.6  # the same for the first and the last word of a phrase
MIN_RATIO = 4.0  # how many times more frequent than in general
MIN_SCORE = 15.1  # of the log-likelihood: chance alone gives that to one word in 10,000
MIN_COHESION = 3.0  # bits of mutual information between the parts of a phrase
MIN_CONTEXTS = 4  # uses within sentences, to tell a noun by the words around it
MIN_NOMINAL = 0.15  # share of uses after a determiner, of a word that ends like no noun
MAX_ALONE = 0.4  # share of uses without another word beside it
MAX_BEFORE_DETERMINERS = 0.3
MIN_ENDS = 0.4  # share of the uses of a noun that another noun does not follow
MIN_ENDS_OF_NAME = 0.2  # the same of one with a capital letter
MAX_PREDICATIVE = 0.2  # share of the uses of a noun after "is" and "very"
FUNCTION_WORD = 10**-3.2
MIN_FORM_SHARE = 0.02  # of the uses of a topic; rarer forms are misspelt


class Words:
    """The candidates of one language; the posts are those at `positions` of the samples.

    Words that are common in the language `main` are no topics either.
    """

    def __init__(
        self, samples: Sequence[Sample], positions: Sequence[int], language: str, least: int,
        main: str = "",
    ) -> None:  # fmt: skip
        self.samples = samples
        self.language = language
        self.least = least
        self.total = len(positions)
        self.counted: Counted = count(samples, positions, language, least)
        self.length = self.counted.tokens / max(1, self.total)
        self.general = word_lists.frequencies(language)
        self.vague = vague_words(language) | (vague_words(main) if main else frozenset())
        self.main = word_lists.frequencies(main) if main else {}
        self.grammar = GRAMMARS.get(language, NO_GRAMMAR)
        # A frequent word begins or ends many phrases.
        self._may_begin = cache(self._may_be_first)
        self._may_end = cache(partial(self._may_be_word, most_common=MAX_EDGE))

    def candidates(self) -> Iterator[tuple[Phrase, Candidate]]:
        """Yield words and phrases that are keys of the archive, with their stems."""
        for phrase, posts in sorted(self.counted.posts.items()):
            if not self._may_be_topic(phrase):
                continue
            share = self.share_of(phrase)
            expected = self.total * (1 - exp(-share * self.length))
            effective = sqrt(len(posts) * len({self.samples[at].thread for at in posts}))
            if effective < expected * MIN_RATIO:
                continue
            score = log_likelihood(effective, expected, self.total)
            if score < MIN_SCORE:
                continue
            forms = self.counted.forms[phrase]
            least = forms.total() * MIN_FORM_SHARE
            kept = tuple(sorted([form for form, times in forms.items() if times >= least]))
            yield phrase, Candidate(kept, self._spellings(phrase), posts, score)

    def share_of(self, phrase: Phrase) -> float:
        """Return how frequent a word or phrase is in general, in all forms that the archive has."""
        shares = [self._word_share(key) for key in phrase]
        return shares[0] if len(shares) == 1 else word_lists.phrase_frequency(shares)

    def _word_share(self, key: str) -> float:
        forms = self.counted.forms[(key,)]
        known = sum([self.general.get(form, 0.0) for form in forms])
        parts = [self.general.get(part, 0.0) for form in forms for part in form.split("'")]
        return (
            max(known, *parts, word_lists.UNKNOWN) if "'" in key else max(known, word_lists.UNKNOWN)
        )

    def zipf(self, key: str) -> float:
        """Return the Zipf value of a word in general: 3 is one in a million, 7 is "the"."""
        return log10(self._word_share(key)) + 9

    def _may_be_topic(self, phrase: Phrase) -> bool:
        if len(phrase) == 1:
            return self._may_be_word(phrase[0], MAX_COMMON)
        first, last = phrase[0], phrase[-1]
        if not (self._may_end(last) and self._may_begin(first)):
            return False
        return self._cohesion(phrase) >= MIN_COHESION

    def _may_be_first(self, key: str) -> bool:
        """Tell whether a word may be the first one of a topic of several."""
        if len(key) < 2 or key.isdigit() or "'" in key or self._is_vague(key):
            return False
        return self.zipf(key) < MAX_EDGE

    def _may_be_word(self, key: str, most_common: float) -> bool:
        """Tell whether a word may be a topic, or the last word of one."""
        if key.isdigit() or "'" in key or self._is_vague(key) or self.zipf(key) >= most_common:
            return False
        use = self.counted.uses[key]
        capitals = capital_share(use)
        if len(key) < 3 and not (len(key) == 2 and capitals > 0.8):
            return False
        if self.language in CAPITALISED_NOUNS and capitals is not None and capitals < 0.5:
            return False
        if capitals > 0.6:
            return self._is_followed_as_noun(use, MIN_ENDS_OF_NAME)
        return self._is_noun(key)

    def _is_vague(self, key: str) -> bool:
        forms = self.counted.forms[(key,)]
        return any(
            form in self.vague
            or form in NETWORK_WORDS
            or self.main.get(form, 0.0) >= COMMON
            or EXCLAMATION.fullmatch(form)
            for form in forms
        )

    def _is_noun(self, key: str) -> bool:
        """Tell whether the words around a word are those around nouns."""
        use, grammar = self.counted.uses[key], self.grammar
        if use.alone.total() > MAX_ALONE * use.before.total():
            return False  # an exclamation
        total = use.before.total() - use.before[""]
        nominal = self._share(use.before, grammar.determiners or grammar.prepositions, total)
        if nominal < MIN_NOMINAL and self._has_suspect_end(key):
            return False
        if total < MIN_CONTEXTS or not grammar.before_verbs:
            return True
        nominal += self._share(use.before, grammar.prepositions, total)
        if self._share(use.before, grammar.before_verbs, total) > max(0.25, nominal):
            return False
        if self._share(use.before, grammar.before_adjectives, total) > MAX_PREDICATIVE:
            return False
        return self._is_followed_as_noun(use, MIN_ENDS)

    def _has_suspect_end(self, key: str) -> bool:
        ends = SUSPECT_ENDS.get(self.language, ())
        forms = self.counted.forms[(key,)]
        return sum([n for form, n in forms.items() if form.endswith(ends)]) > forms.total() / 2

    def _is_followed_as_noun(self, use: WordUse, least: float) -> bool:
        """Tell whether what follows a word is not what follows a preposition or an adjective."""
        total, grammar = use.after.total(), self.grammar
        if self._share(use.after, grammar.determiners, total) > MAX_BEFORE_DETERMINERS:
            return False
        if not grammar.adjectives_first:
            return True
        ends = [n for word, n in use.after.items() if not word or self._is_function_word(word)]
        return sum(ends) >= least * total

    def _is_function_word(self, word: str) -> bool:
        return self.general.get(word, 0.0) > FUNCTION_WORD

    @staticmethod
    def _share(words: Counter[str], wanted: frozenset[str], total: int) -> float:
        return sum([words[word] for word in wanted]) / max(1, total)

    def _cohesion(self, phrase: Phrase) -> float:
        """Return the mutual information of the two parts of a phrase that fit together least."""
        counts, total = self.counted.counts, self.counted.tokens
        own = counts[phrase]
        splits = [(phrase[:at], phrase[at:]) for at in range(1, len(phrase))]
        return min(log2(own * total / (counts[left] * counts[right])) for left, right in splits)

    def _spellings(self, phrase: Phrase) -> Counter[str]:
        """Return the spellings of a word or phrase, those within sentences if there are any."""
        if len(phrase) == 1:
            use = self.counted.uses[phrase[0]]
            return use.spellings if use.spellings.total() >= 2 else use.spellings + use.at_start
        return self.counted.spellings[phrase]


def capital_share(use: WordUse) -> float:
    """Return the share of the uses within sentences that begin with a capital letter."""
    total = use.spellings.total()
    if not total:
        return 0.0
    return sum([n for word, n in use.spellings.items() if word[:1].isupper()]) / total
