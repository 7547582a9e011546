"""Words of grammar which tell nouns from verbs and adjectives, and places from people.

A noun often follows an article, a verb a pronoun or an auxiliary, an adjective a form of "be". That
is rough, but sees what a list of words cannot: whether an archive uses "post" for what is written
or for writing it. Languages that are not here have no such rule.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Grammar(NamedTuple):
    """Words of a language, folded: which are before nouns, verbs, adjectives, and places.

    `adjectives_first` says that adjectives are before their nouns.
    """

    determiners: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    before_verbs: frozenset[str] = frozenset()
    before_adjectives: frozenset[str] = frozenset()
    before_places: frozenset[str] = frozenset()
    adjectives_first: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NO_GRAMMAR = Grammar()
GRAMMARS: dict[str, Grammar] = {
    "en": Grammar(
        determiners=_words(
            "the a an this that these those my your our their his her its some any every each no"
            " another"
        ),
        prepositions=_words("of about for on with from into in at by against"),
        before_verbs=_words(
            "to i you we they he she it who can could will would should must may might cannot don't"
            " didn't doesn't can't won't wouldn't couldn't let's i'll you'll we'll they'll i'd"
            " you'd we'd they'd i've we've you've they've i'm you're we're they're never always"
            " also just not really was were been being have has had get got getting gets please"
        ),
        before_adjectives=_words(
            "is are was were be been so very too really more most pretty quite feel feels looks"
            " look seems how that's it's i'm you're they're we're super as"
        ),
        before_places=_words("in near to from at around across"),
        adjectives_first=True,
    ),
    "de": Grammar(
        determiners=_words(
            "der die das den dem des ein eine einen einem einer eines mein meine meinen meinem"
            " meiner dein deine sein seine ihr ihre unser unsere euer kein keine keinen dieser"
            " diese dieses diesen diesem jeder jede jedes zum zur im am vom beim ins ans"
        ),
        prepositions=_words("von mit fur uber auf aus bei ohne gegen"),
        before_verbs=_words("ich du wir sie er es man zu nicht"),
        before_adjectives=_words("ist sind war waren sehr so zu ganz echt wirklich mehr total"),
        before_places=_words("in nach aus bei um"),
        adjectives_first=True,
    ),
    "es": Grammar(
        determiners=_words(
            "el la los las un una unos unas mi mis tu tus su sus este esta estos estas ese esa"
            " nuestro nuestra del al cada otro otra"
        ),
        prepositions=_words("de con por sin sobre en para contra"),
        before_verbs=_words("yo que no se me te nos le les lo ya si voy vas va vamos van quiero"),
        before_adjectives=_words("es son esta estan era muy tan mas soy eres estoy re"),
        before_places=_words("en desde hacia"),
    ),
    "fr": Grammar(
        determiners=_words(
            "le la les l' un une des du au aux mon ma mes ton ta tes son sa ses notre nos votre vos"
            " leur leurs ce cet cette ces chaque"
        ),
        prepositions=_words("de d' avec pour sans sur en dans par contre"),
        before_verbs=_words("je j' tu il elle on nous vous ils elles ne n' se s' me m' te t' y"),
        before_adjectives=_words("est sont etait c'est tres trop plus si bien suis es assez"),
        before_places=_words("a en vers depuis chez"),
    ),
    "it": Grammar(
        determiners=_words(
            "il lo la i gli le l' un uno una un' del dello della dei degli delle dell' al alla nel"
            " nella sul sulla dal dalla mio mia tuo tua suo sua questo questa quel quella"
        ),
        prepositions=_words("di con per senza su in da contro"),
        before_verbs=_words("io tu lui lei noi voi loro si mi ti ci vi non che"),
        before_adjectives=_words("e sono era molto troppo piu cosi"),
        before_places=_words("a in da verso"),
    ),
    "pt": Grammar(
        determiners=_words(
            "o a os as um uma do da dos das no na nos nas ao meu minha seu sua este esta esse essa"
            " cada"
        ),
        prepositions=_words("de com por sem sobre em para contra"),
        before_verbs=_words("eu voce ele ela nos eles elas nao se me te que"),
        before_adjectives=_words("e sao esta muito tao mais sou estou era"),
        before_places=_words("em para desde"),
    ),
    "nl": Grammar(
        determiners=_words(
            "de het een mijn jouw zijn haar ons onze hun dit dat deze die geen elke"
        ),
        prepositions=_words("van met voor op in over door zonder"),
        before_verbs=_words("ik je jij hij zij we wij u te niet"),
        before_adjectives=_words("is zijn was waren heel erg zo te meer"),
        before_places=_words("in naar uit bij"),
        adjectives_first=True,
    ),
    "ru": Grammar(
        prepositions=_words("о об про без для с со на в из"),
        before_verbs=_words("я ты он она мы вы они не бы"),
        before_adjectives=_words("очень так слишком более"),
        before_places=_words("в из на"),
        adjectives_first=True,
    ),
}
# Languages whose nouns begin with a capital letter.
CAPITALISED_NOUNS = frozenset(("de",))
# What words before a vowel are joined with by an apostrophe.
ELISIONS = {
    "fr": ("l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu"),
    "it": ("l", "d", "un", "dell", "all", "nell", "sull", "dall", "c", "quest", "quell"),
    "ca": ("l", "d", "m", "t", "s", "n"),
}
# Ends of words that are hardly ever nouns, unless these follow a determiner.
SUSPECT_ENDS = {
    "en": ("ly", "ing", "ed"),
    "es": ("mente", "ando", "endo"),
    "fr": ("ment",),
    "it": ("mente", "ando", "endo"),
    "pt": ("mente", "ndo"),
    "ru": (
        *("ть", "ться", "ла", "ли", "ешь", "ет", "ит", "ют", "ят", "шу", "лся", "лась", "ил"),
        *("ал", "ел", "ше", "ще", "о", "у", "ю", "ый", "ое", "ые", "ого", "ему", "ому"),
    ),
    "uk": ("ти", "ла", "ли", "ть", "но", "ло"),
}
# What networks write into posts, in any language.
NETWORK_WORDS = _words(
    "rt mt ff via cc dm tl pls plz lol lmao omg wtf xd ah oh hm wow whoa yeah yep nope hey btw fyi"
    " imo imho tho geez dang darn heck lemme gonna wanna gotta anyway except someday"
)
# Laughter, and words with a vowel that is drawn out.
EXCLAMATION = re.compile(r"(?:(?:ha|he|hi|ja|je|ji|ah|ха|хе)h?){2,}|.*([aeiouhy])\1\1.*")
