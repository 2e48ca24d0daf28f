# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a running server has answered somebody, kept in files that people can read.

A key is a method and an address, as `GET /api/v1/lounge?sort=active&limit=30`; what is no JSON has
a file of its own beside. `test_answers.py` holds all of it against the API's description.
"""

import hashlib
import json
import mimetypes
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

FOLDER = Path(__file__).parent / "answers"
_JSON = "application/json"
_SECRETS = frozenset({"csrf_token", "connection_token"})


@dataclass(frozen=True)
class Answer:
    """One answer: JSON, or what the file of this name holds."""

    status: int
    kind: str
    body: Any = None
    file: str = ""

    @property
    def content(self) -> bytes:
        """As it goes over the line."""
        if self.file:
            return (FOLDER / "files" / self.file).read_bytes()
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Tape:
    """What one person was told.

    Attributes:
        at: when, milliseconds since 1970; the browser's clock stands there.
        answers: by method and address; the first of each.
        frames: of the socket, by name; those that are about a room by `name room_id`.
        files: what has come that is no JSON and is not yet written down.
    """

    at: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    frames: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, key: str, status: int, kind: str, content: bytes) -> None:
        """Keep an answer unless there is one already."""
        kind = kind.partition(";")[0].strip()
        if key in self.answers:
            return
        if kind == _JSON or not content:
            body = _plain(json.loads(content)) if content else None
            self.answers[key] = Answer(status, kind, body)
            return
        suffix = mimetypes.guess_extension(kind) or ".bin"
        name = hashlib.sha256(content).hexdigest()[:16] + suffix
        self.files[name] = content
        self.answers[key] = Answer(status, kind, file=name)

    def hear(self, frame: dict[str, Any]) -> None:
        """Keep a frame of the socket unless there is one like it already."""
        name = frame["event"]
        if name in ("ready", "unread:snapshot"):
            self.frames.setdefault(name, _plain(frame))
        elif name == "subscribed":
            self.frames.setdefault(f"{name} {frame['room_id']}", _plain({**frame, "re": None}))

    def find(self, key: str) -> Answer | None:
        """The answer to this, under any name of the room it is about; None when nobody asked."""
        named = re.search(r"(?<=/rooms/)[^/?]+", key)
        room = unquote(named.group()) if named else ""
        names = next((one for one in self._rooms() if room in one), [room])
        asked = (key.replace(named.group(), one, 1) for one in names) if named else [key]
        return next(filter(None, map(self.answers.get, [key, *asked])), None)

    def _rooms(self) -> list[list[str]]:
        """All names of each room."""
        told = [
            answer.body
            for key, answer in self.answers.items()
            if re.fullmatch("GET /api/v1/rooms/[^/?]+", key)
        ]
        ids = [[one["id"], one["room_id"], one["slug"]] for one in told if "room_id" in one]
        return [[name for name in one if name] for one in ids]

    def save(self, name: str) -> None:
        """Write it down."""
        (FOLDER / "files").mkdir(parents=True, exist_ok=True)
        for file, content in self.files.items():
            (FOLDER / "files" / file).write_bytes(content)
        kept: dict[str, Any] = {"at": self.at, "frames": self.frames, "answers": {}}
        for key, answer in sorted(self.answers.items()):
            what = {"file": answer.file} if answer.file else {"body": answer.body}
            kept["answers"][key] = {"status": answer.status, "kind": answer.kind, **what}
        text = json.dumps(kept, indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")


def load(name: str) -> Tape:
    """What was written down.

    Raises:
        FileNotFoundError: nothing was.
    """
    kept = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    answers = {key: Answer(**one) for key, one in kept["answers"].items()}
    return Tape(kept["at"], answers, kept["frames"])


def people() -> list[str]:
    """Whose tapes there are."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def _plain(value: Any) -> Any:
    """Without what lets somebody in, even where that is long gone."""
    if isinstance(value, dict):
        return {
            name: "recorded" if name in _SECRETS and one else _plain(one)
            for name, one in value.items()
        }
    return [_plain(one) for one in value] if isinstance(value, list) else value
