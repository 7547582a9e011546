"""Meta's labels and values in the languages of its accounts.

Only certain words belong here. For privacy, a missing word excludes posts and a wrong
word would publish them.
"""

from __future__ import annotations

import unicodedata


def fold(label: str) -> str:
    """Fold a label for comparison: NFKC, case folding, single spaces."""
    plain = unicodedata.normalize("NFKC", label).replace("’", "'").casefold()
    return " ".join(plain.split()).rstrip(":").rstrip()


def _set(*words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


USERNAME = _set(
    "username", "user name", "benutzername", "nutzername", "nom d'utilisateur", "nombre de usuario",
    "nome de usuário", "nome de utilizador", "nome utente", "gebruikersnaam", "användarnamn",
    "brugernavn", "brukernavn", "nazwa użytkownika", "uživatelské jméno", "používateľské meno",
    "felhasználónév", "nume de utilizator", "käyttäjänimi", "kullanıcı adı", "όνομα χρήστη",
    "имя пользователя", "ім'я користувача", "nama pengguna", "tên người dùng", "ชื่อผู้ใช้",
    "اسم المستخدم", "שם משתמש", "ユーザーネーム", "用户名", "用戶名稱", "使用者名稱", "사용자 이름",
)  # fmt: skip
NAME = _set(
    "name", "nom", "nombre", "nome", "naam", "namn", "navn", "nazwa", "imię i nazwisko", "jméno",
    "meno", "név", "nume", "nimi", "ad", "όνομα", "имя", "ім'я", "nama", "tên", "ชื่อ", "الاسم",
    "שם", "名前", "姓名", "이름",
)  # fmt: skip
BIO = _set(
    "bio", "biography", "biografie", "biographie", "biografía", "biografia", "steckbrief",
    "biyografi", "о себе", "自己紹介",
)  # fmt: skip
WEBSITE = _set("website", "webseite", "site web", "sitio web", "sito web", "site")
PRONOUNS = _set("pronouns", "pronomen", "pronoms", "pronombres", "pronomes", "pronomi")
# Other labels of a profile, which say nothing about who sees its posts.
OTHER = _set(
    "email", "email address", "phone number", "phone number confirmed", "date of birth", "gender",
    "links", "e-mail", "e-mail-adresse", "telefonnummer", "geburtsdatum", "geschlecht",
    "profile photo", "profile picture",
)  # fmt: skip
PRIVATE = _set(
    "private account", "privates konto", "compte privé", "cuenta privada", "conta privada",
    "conta particular", "account privato", "privéaccount", "privé-account", "privat konto",
    "konto prywatne", "soukromý účet", "súkromný účet", "privát fiók", "cont privat",
    "yksityinen tili", "gizli hesap", "ιδιωτικός λογαριασμός", "закрытый аккаунт",
    "приватный аккаунт", "закритий акаунт", "приватний акаунт", "akun privat", "akun pribadi",
    "akaun peribadi", "tài khoản riêng tư", "บัญชีส่วนตัว", "حساب خاص", "חשבון פרטי",
    "非公開アカウント", "私密账户", "私密帐户", "私密账号", "私密帐号", "私人账户",
    "私人帳號", "不公開帳號", "비공개 계정",
)  # fmt: skip
FALSE = _set(
    "false", "no", "falsch", "nein", "faux", "non", "falso", "não", "nee", "onwaar", "nej", "nei",
    "falskt", "falsk", "usann", "fałsz", "nie", "ne", "nepravda", "hamis", "nem", "fals", "nu",
    "epätosi", "ei", "yanlış", "hayır", "ψευδές", "όχι", "нет", "ложь", "ні", "tidak", "không",
    "เท็จ", "ไม่", "لا", "לא", "いいえ", "偽", "否", "假", "아니요", "거짓",
)  # fmt: skip
TRUE = _set(
    "true", "yes", "wahr", "ja", "vrai", "oui", "verdadero", "sí", "verdadeiro", "sim", "vero",
    "sì", "waar", "sant", "sann", "sandt", "prawda", "tak", "pravda", "ano", "áno", "igaz", "igen",
    "adevărat", "da", "tosi", "kyllä", "doğru", "evet", "αληθές", "ναι", "да", "истина", "так",
    "ya", "benar", "có", "đúng", "จริง", "ใช่", "نعم", "כן", "はい", "真", "是", "예", "네", "참",
)  # fmt: skip
CAPTION = _set(
    "caption", "bildunterschrift", "légende", "pie de foto", "leyenda", "legenda", "didascalia",
    "bijschrift", "bildtext", "billedtekst", "bildetekst", "popisek", "képaláírás", "kuvateksti",
    "açıklama", "λεζάντα", "подпись", "підпис", "keterangan", "chú thích", "คำบรรยาย", "כיתוב",
    "キャプション", "说明", "說明", "說明文字", "캡션", "문구",
)  # fmt: skip
OWNER = _set(
    "owner", "besitzer", "eigentümer", "inhaber", "propriétaire", "propietario", "proprietário",
    "proprietario", "eigenaar", "ägare", "ejer", "eier", "właściciel", "sahibi", "владелец",
    "所有者", "オーナー", "소유자",
)  # fmt: skip
AUDIENCE = _set(
    "audience", "visibility", "privacy", "shared with", "who can see this", "zielgruppe",
    "sichtbarkeit", "geteilt mit", "audiencia", "público", "visibilidad", "visibilidade",
    "visibilité", "pubblico", "visibilità", "doelgroep", "zichtbaarheid",
    "odbiorcy", "widoczność", "видимость", "аудитория", "公開範囲", "対象", "공개 범위",
)  # fmt: skip
# An audience's own name closes a post under any label.
CLOSE_FRIENDS = _set(
    "close friends", "close friends only", "enge freunde", "amis proches", "mejores amigos",
    "amigos próximos", "melhores amigos", "amici più stretti", "goede vrienden", "nära vänner",
    "nære venner", "bliscy znajomi", "blízcí přátelé", "yakın arkadaşlar", "близкие друзья",
    "親しい友達", "亲密好友", "摯友", "친한 친구",
)  # fmt: skip
RESTRICTING = CLOSE_FRIENDS | _set("archived", "is close friends", "private", "deleted", "draft")
EVERYBODY = _set(
    "public", "everyone", "anyone", "öffentlich", "alle", "público", "todos", "tout le monde",
    "tutti", "iedereen", "wszyscy", "все", "全員", "모두",
)  # fmt: skip
