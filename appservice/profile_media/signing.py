# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links that are good for a short time: where to upload, and pictures not everybody may see."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from appservice.profile_media.shapes import SHAPES, WHOLE, Purpose

LIFE = timedelta(minutes=10)
"""Of a link to a picture that is not public, at most (P4)."""

UPLOAD_LIFE = timedelta(minutes=10)
_STEP = 300
"""Seconds; links made within one step are the same, so that a browser need not load twice."""

_BASE = "/api/profile/media"


class Signer:
    """Makes and checks signatures."""

    def __init__(self, secret_key: str) -> None:
        """Args: the instance's secret."""
        self._key = hashlib.sha256(b"profile-media:" + secret_key.encode()).digest()

    def upload(self, media_id: UUID, now: datetime) -> tuple[str, datetime]:
        """Where one picture may be put, and until when."""
        expires = int((now + UPLOAD_LIFE).timestamp())
        signature = self._sign("put", media_id, expires)
        path = f"{_BASE}/{media_id}/content?expires={expires}&signature={signature}"
        return path, now + UPLOAD_LIFE

    def urls(
        self, media_id: UUID, purpose: Purpose | str, *, public: bool, now: datetime
    ) -> Mapping[str, str]:
        """Variant → WebP address (``.jpg`` is there too), for who may see the picture.

        Args:
            media_id: which.
            purpose: what it is for.
            public: whether everybody may see it; otherwise the links end within `LIFE`.
            now: the time.
        """
        query = "" if public else self._query(media_id, now)
        names = SHAPES[Purpose(purpose)].variants
        return {name: f"{_BASE}/{media_id}/{name}.webp{query}" for name in names}

    @staticmethod
    def whole(media_id: UUID) -> str:
        """Address of the copy of all of a picture, for its owner and staff."""
        return f"{_BASE}/{media_id}/{WHOLE}"

    def good(self, act: str, media_id: UUID, expires: int, signature: str, now: datetime) -> bool:
        """Whether a link was made here for this act (``put`` or ``get``) and is not over."""
        if not now.timestamp() < expires <= now.timestamp() + LIFE.total_seconds():
            return False
        return hmac.compare_digest(self._sign(act, media_id, expires), signature)

    def _query(self, media_id: UUID, now: datetime) -> str:
        step = int(now.timestamp()) // _STEP * _STEP
        expires = step + int(LIFE.total_seconds())
        return f"?expires={expires}&signature={self._sign('get', media_id, expires)}"

    def _sign(self, act: str, media_id: UUID, expires: int) -> str:
        text = f"{act}:{media_id}:{expires}".encode()
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()
