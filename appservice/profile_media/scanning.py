# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who says whether a picture may be shown: nobody, or a service of the operator's (P4).

The service is asked with ``POST`` and the picture (JPEG) as the body, and answers
``{"verdict": "clean" | "flagged", "labels": ["…"]}``. docs/profile-media.md describes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Annotated, Literal, Protocol

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from appservice.errors import Unavailable
from appservice.text import one_line

_OK = 200
_LONGEST = 64 * 1024
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a scanner says."""

    flagged: bool
    labels: Sequence[str] = ()


class Scanner(Protocol):
    """Looks at pictures."""

    async def scan(self, picture: bytes, kind: str) -> Finding:
        """Look at one.

        Args:
            picture: a whole file that was made here.
            kind: its MIME type.

        Raises:
            Unavailable: it does not answer, or not in its own language.
        """


class NoScanner:
    """Flags nothing."""

    async def scan(self, picture: bytes, kind: str) -> Finding:
        """Every picture is good."""
        del picture, kind
        return Finding(flagged=False)


class _Told(BaseModel):
    verdict: Literal["clean", "flagged"]
    labels: Annotated[list[str], Field(max_length=50)] = []


class HttpScanner:
    """A service the operator runs; the one address comes from the settings, not from strangers."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, token: str | None, seconds: float
    ) -> None:
        """Args: the session; where to ask; a bearer token or None; how long to wait."""
        self._session = session
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=5)

    async def scan(self, picture: bytes, kind: str) -> Finding:
        """Ask it; anything but a clear answer counts as none."""
        try:
            async with self._session.post(
                self._url,
                data=BytesIO(picture),
                headers={**self._headers, "Content-Type": kind},
                timeout=self._timeout,
                allow_redirects=False,
            ) as answer:
                if answer.status != _OK:
                    raise Unavailable("scanner")
                told = _Told.model_validate_json(await _short(answer))
        except (aiohttp.ClientError, TimeoutError, ValidationError) as error:
            raise Unavailable("scanner") from error
        return Finding(told.verdict == "flagged", [one_line(label, 60) for label in told.labels])


async def _short(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > _LONGEST:
            raise Unavailable("scanner")
    return bytes(body)
