"""Exports of Instagram and Threads by invented people, as files that tests put where they like."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECOND = 1_700_000_000
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 a picture of "
PROFILE = "personal_information/personal_information/personal_information.json"
POSTS = "your_instagram_activity/media/posts_1.json"
REELS = "your_instagram_activity/media/reels.json"
PICTURE = "media/other/me.jpg"
THREADS = "your_instagram_activity/threads/threads_and_replies.json"

Files = dict[str, bytes]


def escaped(value: Any) -> Any:
    """Write texts as Meta does: each byte of UTF-8 as a character."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("latin-1")
    if isinstance(value, dict):
        return {escaped(key): escaped(inner) for key, inner in value.items()}
    return [escaped(inner) for inner in value] if isinstance(value, list) else value


def document(value: Any) -> bytes:
    """Return a JSON file of an export."""
    return json.dumps(escaped(value)).encode()


def profile(
    username: str | None, private: Any = "False", label: str = "Private Account", **more: Any
) -> bytes:
    """Return a profile; `private` is what it says under the label, None for no such label."""
    data: dict[str, Any] = {"Username": {"value": username}} if username else {}
    data |= {name.replace("_", " "): {"value": value} for name, value in more.items()}
    if private is not None:
        data[label] = {"href": "", "value": private, "timestamp": 0}
    photo = {"Profile Photo": {"uri": PICTURE, "creation_timestamp": 0, "title": ""}}
    return document({"profile_user": [{"media_map_data": photo, "string_map_data": data}]})


def post(text: str = "", *uris: str, second: Any = SECOND, **more: Any) -> dict[str, Any]:
    """Return a record of Instagram: a caption and media."""
    media = [{"uri": uri, "creation_timestamp": second, "title": ""} for uri in uris]
    return {"media": media, "title": text, "creation_timestamp": second, **more}


def thread_post(text: str, answers: str | None = None, *, second: int = SECOND) -> dict[str, Any]:
    """Return a record of Threads; `answers` is whom it answers."""
    app = {"reply_control": "everyone", "is_reply": answers is not None}
    app |= {"in_reply_to_username": answers} if answers else {}
    medium = {"uri": "", "creation_timestamp": second, "title": text, "text_app_post": app}
    return {"media": [medium]}


def export(username: str, private: Any = "False", count: int = 2) -> Files:
    """Return the files of a small export, all of whose words and bytes name its owner."""
    files = {
        PROFILE: profile(username, private, Name=f"name of {username}", Bio=f"bio of {username}"),
        PICTURE: JPEG + f"me, by {username}".encode(),
    }
    for number in range(1, count + 1):
        uri = f"media/posts/202311/{number}_n_1780000000000{number:04}.jpg"
        files[uri] = JPEG + f"{number} by {username}".encode()
        record = post(f"words {number} of {username}", uri, second=SECOND + number)
        files[f"your_instagram_activity/media/posts_{number}.json"] = document([record])
    records = [
        thread_post(f"thread {n} of {username}", second=SECOND + 1000 * n) for n in range(count)
    ]
    return files | {THREADS: document({"text_post_app_text_posts": records})}


def into(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a ZIP."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return path


def below(folder: str, files: Mapping[str, bytes]) -> Files:
    """Return files in a folder."""
    return {f"{folder}/{name}": data for name, data in files.items()}
