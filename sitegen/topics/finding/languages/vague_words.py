"""Words that are frequent in posts everywhere and say nothing of what these are about.

Words of time, number and opinion: a diary has them more often than a language in general does, and
so keyness alone would take them for topics. Names of days and months come from the CLDR.
"""

from __future__ import annotations

from functools import cache

from sitegen.query.folding import fold

_WORDS = {
    "en": """
        one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty
        thirty forty fifty sixty hundred thousand million first second third half dozen once twice
        today tomorrow yesterday tonight morning afternoon evening night noon midnight weekend
        time minute hour day week month year moment while ago later soon nowadays
        nobody somebody everybody anybody noone someone everyone anyone nothing something
        everything anything thing stuff sort kind bit lot idea way guy folk people person
        thanks thank congrats sorry hello hi hey please welcome birthday
        awesome cool great good nice amazing awful terrible wonderful lovely dumb stupid fun funny
        weird crazy excited happy sad glad beautiful brilliant fantastic interesting different
        reason question answer example case fact part number letter word list end point
        reality difference problem issue
        red blue green yellow orange violet purple black white grey gray pink brown
    """,
    "de": """
        eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf hundert tausend halb
        heute morgen gestern abend mittag nacht morgens abends nachmittag vormittag wochenende
        minute stunde tag woche monat jahr zeit moment minuten stunden tage wochen monate jahre mal
        leute typ sache ding dinge ahnung idee danke bitte sorry hallo gluckwunsch grund frage
        beispiel teil ende scheiss scheisse euer eure euren eurer beste besten
    """,
    "es": """
        uno dos tres cuatro cinco seis siete ocho nueve diez once doce cien mil medio primer primero
        hoy manana ayer noche tarde dia semana mes ano hora minuto momento vez veces rato finde
        nadie alguien nada algo cosa cosas gente tipo tipos gracias perdon hola felicidades
        bueno malo lindo hermoso genial feliz triste mejor peor parte punto verdad ganas
    """,
    "fr": """
        un deux trois quatre cinq six sept huit neuf dix onze douze cent mille demi premier premiere
        aujourd'hui demain hier soir matin nuit midi jour journee semaine mois an annee heure minute
        moment temps fois instant personne quelqu'un rien chose choses truc trucs gens mec merci
        bonjour bonsoir salut bravo pardon bon beau super genial part point envie
    """,
    "it": """
        uno due tre quattro cinque sei sette otto nove dieci cento mille mezzo primo prima
        oggi domani ieri sera mattina notte giorno settimana mese anno ora minuto momento volta
        nessuno qualcuno niente qualcosa cosa cose gente tipo grazie scusa ciao bello bella bravo
        voglia parte punto
    """,
    "pt": """
        um dois tres quatro cinco seis sete oito nove dez cem mil meio primeiro
        hoje amanha ontem noite tarde manha dia semana mes ano hora minuto momento vez vezes
        ninguem alguem nada algo coisa coisas gente cara obrigado obrigada desculpa ola bom boa
        legal lindo feliz vontade parte ponto sensacional porra foda caralho merda hein heim valeu
    """,
    "nl": """
        een twee drie vier vijf zes zeven acht negen tien honderd duizend half eerste
        vandaag morgen gisteren avond ochtend nacht middag dag week maand jaar uur minuut tijd keer
        niemand iemand niets iets ding dingen mensen bedankt dank sorry hallo mooi leuk idee
    """,
    "ru": """
        один два три четыре пять шесть семь восемь девять десять сто тысяча первый
        сегодня завтра вчера утро вечер ночь день неделя месяц год час минута время раз полдня
        полчаса вроде вообще наконец никто кто-то ничего что-то вещь люди спасибо привет извините
        самом деле доброе утра утром хорошо плохо просто
    """,
    "uk": """
        один два три чотири п'ять шість сім вісім дев'ять десять сто сьогодні завтра вчора ранок
        вечір ніч день тиждень місяць рік година хвилина час раз ніхто хтось нічого щось дякую
        привіт
    """,
    "ar": """
        اليوم غدا امس الليلة صباح مساء يوم اسبوع شهر سنة ساعة دقيقة وقت مرة احد شيء شيئا اشياء
        الناس شكرا مرحبا صباح الخير مساء الله
    """,
    "ja": """
        本日 今日 明日 昨日 明後日 今朝 今夜 今年 去年 来年 今週 来週 先週 毎日 毎年 時間 最近 午前
        午後 一番
        相当 両方 以上 以下 以内 以外 全部 全然 結局 普通 最高 最後 最初 自分 他人 人間 一人 二人
        本当 感
        大変 大体 一応 多分 可能性 場合 意味 気持 理由 問題 無理 無駄 個人的 一緒 一回 今回 前回
        次回 途中 アップ ニュー
        マジ ヤバ ホント ダメ コレ ソレ アレ イイ スゴ オレ ボク
    """,
    "zh": """
        今天 明天 昨天 今晚 今年 去年 明年 早上 晚上 下午 上午 中午 时候 时间 小时 分钟 几天 现在
        刚刚 以前
        以后 之前 之后 最近 后来 突然 居然 竟然 果然 其实 还是 然后 但是 因为 所以 如果 虽然 好像
        似乎 可能
        应该 觉得 感觉 以为 认为 知道 喜欢 讨厌 想起 想到 想要 看到 看见 看完 听到 听过 说到 真的
        的确 确实
        什么 怎么 为什么 什么时候 这样 那样 这种 那种 这个 那个 有点 有些 一些 一点 一下 一直 一样
        一个
        好几 好多 好看 好听 好笑 好吃 难听 难看 太好 很多 非常 特别 实在 完全 基本 基本上 大概
        差不多 到底
        自己 别人 大家 有人 没人 东西 事情 问题 谢谢 抱歉 开心 难过 可爱 无聊 恶心 羡慕 至于 比起
        想法 第一
    """,
}
_LOCALES = {"zh": "zh_Hans", "sh": "sr_Latn", "fil": "fil"}


@cache
def vague_words(language: str) -> frozenset[str]:
    """Return the folded words of a language that are no topics."""
    return frozenset(map(fold, (*_WORDS.get(language, "").split(), *_days_and_months(language))))


def _days_and_months(language: str) -> list[str]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(_LOCALES.get(language, language))
    except (UnknownLocaleError, ValueError):
        return []
    calendars = (locale.days, locale.months)
    return [
        name
        for calendar in calendars
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in calendar[context][width].values()
        if len(name) > 1
    ]
