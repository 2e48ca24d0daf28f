# SPDX-License-Identifier: AGPL-3.0-or-later
"""A service that looks at pictures with a local model and says which ones staff should see (P4).

Runs in an environment of its own (`requirements-scanner.lock`), imports nothing of Kith, and
speaks what docs/profile-media.md describes: ``POST /`` with a picture, answered by
``{"verdict": "clean" | "flagged", "labels": […]}``; ``GET /healthz`` once the model is there.

Environment: ``SCANNER_PORT``, ``SCANNER_TOKEN``, ``SCANNER_THRESHOLD`` (0 to 1),
``SCANNER_LABELS`` (comma-separated; what is flagged).
"""

import hmac
import json
import os
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

LABELS = (
    "ANUS_EXPOSED",
    "BUTTOCKS_EXPOSED",
    "FEMALE_BREAST_EXPOSED",
    "FEMALE_GENITALIA_EXPOSED",
    "MALE_GENITALIA_EXPOSED",
)
THRESHOLD = 0.5
LARGEST = 8 * 1024 * 1024
"""Bytes of a picture."""
_PATIENCE = 30.0
"""Seconds a silent connection is kept."""


class Detector(Protocol):
    """A model: what it sees in a picture, each with ``class`` and ``score`` from 0 to 1."""

    def detect(self, image_path: bytes) -> list[dict[str, Any]]:
        """Look at the bytes of one picture."""


class Scanner(ThreadingHTTPServer):
    """The service."""

    daemon_threads = True

    def __init__(
        self,
        port: int,
        token: str,
        detector: Detector,
        *,
        threshold: float = THRESHOLD,
        labels: frozenset[str] = frozenset(LABELS),
    ) -> None:
        """Listen on the loopback network.

        Args:
            port: 0 for a free one.
            token: what a caller has to know.
            detector: the model.
            threshold: from which score on something counts.
            labels: what makes a picture flagged.
        """
        super().__init__(("127.0.0.1", port), _Handler)
        self._token = token.encode()
        self._detector = detector
        self._threshold = threshold
        self._labels = labels
        # One picture at a time: a model takes all processors there are.
        self._turn = threading.Lock()

    def knows(self, authorization: str) -> bool:
        """Whether a caller may ask."""
        return hmac.compare_digest(authorization.encode(), b"Bearer " + self._token)

    def judge(self, picture: bytes) -> dict[str, Any]:
        """The answer about one picture.

        Raises:
            Exception: whatever the model raises about what is no picture.
        """
        with self._turn:
            seen = self._detector.detect(picture)
        found = {one["class"] for one in seen if one["score"] >= self._threshold} & self._labels
        return {"verdict": "flagged" if found else "clean", "labels": sorted(found)}


class _Handler(BaseHTTPRequestHandler):
    server: Scanner
    timeout = _PATIENCE
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = self.path == "/healthz"
        self._answer(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND, {"ok": found})

    def do_POST(self) -> None:
        if not self.server.knows(self.headers.get("Authorization", "")):
            self._answer(HTTPStatus.UNAUTHORIZED, {"error": "token"})
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self._answer(HTTPStatus.LENGTH_REQUIRED, {"error": "length"})
            return
        if int(length) > LARGEST:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "size"})
            return
        picture = self.rfile.read(int(length))
        try:
            told = self.server.judge(picture)
        except Exception as problem:  # noqa: BLE001 - the model has no errors of its own
            self.log_error("not a picture: %s", type(problem).__name__)
            self._answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": "picture"})
            return
        self._answer(HTTPStatus.OK, told)

    def _answer(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        whole = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(whole)))
        # What was refused was not read either: the connection cannot be used again.
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(whole)


def main() -> None:
    """Load the model, then serve until the process ends."""
    from nudenet import NudeDetector  # noqa: PLC0415 - in this environment only

    labels = os.environ.get("SCANNER_LABELS")
    server = Scanner(
        int(os.environ["SCANNER_PORT"]),
        os.environ["SCANNER_TOKEN"],
        NudeDetector(),
        threshold=float(os.environ.get("SCANNER_THRESHOLD", THRESHOLD)),
        labels=frozenset(labels.split(",")) if labels else frozenset(LABELS),
    )
    server.serve_forever()


if __name__ == "__main__":
    main()
