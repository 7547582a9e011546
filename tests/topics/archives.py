"""Invented posts in several languages, each with a few topics among small talk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sitegen.model import Author, Post, Thread
from sitegen.topics.finding.samples import Sample, sample

ADA = Author("ada.example", "did:ada", "Ada Brook")

ENGLISH = (
    "The harbour ferry is late again because of the fog.",
    "A new timetable for the harbour ferry, with two boats fewer.",
    "My neighbour works on the harbour ferry and knows every seal by name.",
    "They paint the harbour ferry green every spring.",
    "I missed the harbour ferry and walked home along the beach.",
    "The harbour ferry carried a piano this morning!",
    "Nobody believes me that the harbour ferry has a library.",
    "We made a small telescope from an old drainpipe.",
    "The telescope shows four moons tonight.",
    "Clouds again, so the telescope stays in its box.",
    "Our telescopes are older than the school.",
    "A moth flew into the telescope and would not leave.",
    "With the telescope we counted the craters.",
    "My recipe for seaweed soup needs one lemon.",
    "Everyone asked for seaweed after the fair.",
    "The seaweed dries on the line beside the towels.",
    "Gathering seaweed is cold work in March.",
    "There is seaweed in my boots.",
    "Sold all the seaweed before noon.",
    "I wonder why the shop is closed today.",
    "What a day. I will go to bed early.",
    "Does anyone know a good way to mend a coat?",
    "She said it would be fine, and it was.",
    "We talked for hours about nothing at all.",
    "I think I left my keys at work.",
    "Happy birthday to my brother!",
    "It rained, and then it rained some more.",
    "He never answers before lunch, does he?",
    "You should have seen their faces.",
    "The bus was full, so we waited.",
    "I really like this song.",
    "Maria Holzer said the tide would be high.",
    "We met Maria Holzer by the well.",
    "Yesterday Maria Holzer sang for us.",
    "I wrote to Maria Holzer last week.",
    "Then Maria Holzer laughed and left.",
)
GERMAN = (
    "Die Hafenfähre kommt heute wieder zu spät.",
    "Mit der Hafenfähre fuhr auch ein Klavier.",
    "Ich habe die Hafenfähre verpasst und bin gelaufen.",
    "Im Frühling streichen sie die Hafenfähre grün.",
    "Niemand glaubt mir, dass die Hafenfähre eine Bücherei hat.",
    "Zwei Hafenfähren lagen nebeneinander im Nebel.",
    "Das Fernrohr zeigt heute Nacht vier Monde.",
    "Wir haben ein Fernrohr aus einem alten Rohr gebaut.",
    "Wolken, also bleibt das Fernrohr im Kasten.",
    "Eine Motte sitzt im Fernrohr und will nicht heraus.",
    "Mit dem Fernrohr zählen wir die Krater.",
    "Unser Fernrohr ist älter als die Schule.",
    "Ich weiß nicht, warum der Laden heute zu ist.",
    "Was für ein Tag, ich gehe früh schlafen.",
    "Sie hat gesagt, dass alles gut wird.",
    "Wir haben lange über gar nichts geredet.",
    "Ich glaube, ich habe meine Schlüssel vergessen.",
    "Es hat geregnet und dann noch mehr geregnet.",
    "Der Bus war voll, also haben wir gewartet.",
    "Das Lied gefällt mir wirklich sehr.",
    "Du hättest ihre Gesichter sehen sollen.",
)
JAPANESE = (
    "港の連絡船がまた遅れている。",
    "連絡船に乗り遅れて歩いて帰った。",
    "春になると連絡船を緑に塗る。",
    "今日の連絡船はピアノを運んだ。",
    "隣の人は連絡船で働いている。",
    "霧の中に連絡船が見えた。",
    "古い管でテレスコープを作った。",
    "テレスコープで月が四つ見える。",
    "曇りなのでテレスコープは箱の中。",
    "蛾がテレスコープに入って出てこない。",
    "うちのテレスコープは学校より古い。",
    "テレスコープを窓に置いた。",
    "どうして店が閉まっているのかな。",
    "もう寝ることにする。",
    "誰か教えてください。",
    "それでいいと言っていた。",
    "ずっと話していた。",
    "鍵を忘れたと思う。",
    "雨が降って、また降った。",
    "とても好きな歌だ。",
)
ARABIC = (
    "تأخرت عبارة الميناء مرة أخرى بسبب الضباب.",
    "فاتتني عبارة الميناء فمشيت إلى البيت.",
    "يدهنون عبارة الميناء باللون الأخضر في الربيع.",
    "حملت عبارة الميناء بيانو هذا الصباح.",
    "جاري يعمل على عبارة الميناء.",
    "رأينا عبارة الميناء في الضباب.",
    "صنعنا تلسكوبا من أنبوب قديم.",
    "يظهر التلسكوب أربعة أقمار الليلة.",
    "غيوم، فبقي التلسكوب في الصندوق.",
    "دخلت فراشة إلى التلسكوب.",
    "نعد الفوهات مع التلسكوب.",
    "التلسكوب أقدم من المدرسة.",
    "لا أعرف لماذا المحل مغلق اليوم.",
    "سأنام مبكرا هذه الليلة.",
    "قالت إن كل شيء سيكون بخير.",
    "تكلمنا لساعات عن لا شيء.",
    "أظن أنني نسيت المفاتيح.",
    "نزل المطر ثم نزل أكثر.",
    "كانت الحافلة ممتلئة فانتظرنا.",
    "أحب هذه الأغنية كثيرا.",
)


def posts(texts: Iterable[str], language: str | None = None, prefix: str = "p") -> Iterator[Post]:
    """Yield a post of each text, two a month."""
    for at, text in enumerate(texts):
        time = f"{2020 + at // 24}-{at // 2 % 12 + 1:02}-{at % 2 * 9 + 5:02}T10:00:00Z"
        langs = (language,) if language else ()
        yield Post(f"{prefix}{at:03}", "bluesky", text, time, ADA, langs=langs)


def threads(listed: Iterable[Post]) -> list[Thread]:
    """Return a thread of each post."""
    return [Thread(post.id, post.network, (post,)) for post in listed]


def samples(texts: Iterable[str], language: str | None = None) -> list[Sample]:
    """Return the texts as the finding of topics sees them."""
    return [sample(post, post.id, post.tags) for post in posts(texts, language)]
