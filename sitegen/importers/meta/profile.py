"""Whose export it is: names, biography and picture; never e-mail, telephone or birthday.

Labels come in the language of the account, so they are looked up in several.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from sitegen.errors import SourceError
from sitegen.fields import Record
from sitegen.model import Json

INSTAGRAM = "profile_user"
THREADS = "text_post_app_text_post_app_profile"
_USERNAME = (
    "username", "benutzername", "nutzername", "nom d’utilisateur", "nom d'utilisateur",
    "nombre de usuario", "nome de usuário", "nome utente", "gebruikersnaam", "användarnamn",
    "brugernavn", "brukernavn", "nazwa użytkownika", "kullanıcı adı", "имя пользователя",
    "ユーザーネーム", "用户名", "사용자 이름",
)  # fmt: skip
_NAME = (
    "name", "nom", "nombre", "nome", "naam", "namn", "navn", "nazwa", "ad", "имя", "名前", "姓名",
)  # fmt: skip
_BIO = (
    "bio", "biography", "biografie", "biographie", "biografía", "biografia", "steckbrief",
    "biyografi", "о себе", "自己紹介",
)  # fmt: skip
_WEBSITE = ("website", "webseite", "site web", "sitio web", "sito web", "site")
_PRONOUNS = ("pronouns", "pronomen", "pronoms", "pronombres", "pronomes", "pronomi")
_PRIVATE = (
    "private account", "privates konto", "compte privé", "cuenta privada", "conta privada",
    "conta particular", "account privato", "privéaccount", "privat konto",
)  # fmt: skip
_NO = (
    "false", "no", "falsch", "nein", "faux", "non", "falso", "não", "nee", "onwaar", "nej", "nei",
    "",
)  # fmt: skip


class Owner(Struct, frozen=True):
    """What an export tells of its owner; `is_private` is None where it does not say."""

    username: str | None = None
    name: str | None = None
    bio: str = ""
    website: str | None = None
    pronouns: str | None = None
    picture: str | None = None
    is_private: bool | None = None


def owner_of(value: Json, path: Path | str) -> tuple[str, Owner] | None:
    """Read a profile: `{profile_user: [{string_map_data: {Username: {value}}}]}`.

    Returns the key it stood under and the owner; None for what is no profile.
    """
    if not isinstance(value, dict):
        return None
    for key in (INSTAGRAM, THREADS):
        try:
            for record in Record(value, path, 1, SourceError).records(key):
                return key, _owner(record)
        except SourceError:
            return None
    return None


def _owner(record: Record) -> Owner:
    told = dict(_told(record.record("string_map_data")))
    private = _first(told, _PRIVATE)
    return Owner(
        username=(_first(told, _USERNAME) or "").strip().lstrip("@") or None,
        name=_first(told, _NAME) or None,
        bio=_first(told, _BIO) or "",
        website=_first(told, _WEBSITE) or None,
        pronouns=_first(told, _PRONOUNS) or None,
        picture=_picture(record.record("media_map_data")),
        is_private=None if private is None else private.strip().casefold() not in _NO,
    )


def _told(labels: Record | None) -> Iterator[tuple[str, str]]:
    for label in labels.fields if labels else ():
        value = labels.record(label) if labels else None
        if value:
            yield label.strip().casefold(), value.optional("value") or ""


def _first(told: dict[str, str], labels: tuple[str, ...]) -> str | None:
    return next((told[label] for label in labels if label in told), None)


def _picture(media: Record | None) -> str | None:
    for label in media.fields if media else ():
        medium = media.record(label) if media else None
        if medium and medium.optional("uri"):
            return medium.text("uri")
    return None
