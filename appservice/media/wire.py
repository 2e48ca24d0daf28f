# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from appservice.media.store import Upload
from appservice.rest.wire import Model, QueryModel

EventId = Annotated[
    str,
    Field(
        min_length=2,
        max_length=255,
        pattern=r"^\$[^\x00-\x20]+$",
        description="The message that carries the file.",
    ),
]
_Pixels = Annotated[int, Field(ge=16, le=1600)]


class UploadModel(Model):
    """A file that a message may carry within a day."""

    id: UUID
    name: str
    mime_type: str = Field(description="By its content, whatever was claimed.")
    size: int = Field(description="Bytes as they will be sent: pictures lose place and camera.")
    width: int | None = Field(description="Pixels of a picture, the right way up.")
    height: int | None
    blurhash: str | None
    url: str = Field(description="Shows it to you alone.")
    expires_at: datetime


class MediaQuery(QueryModel):
    """By which message."""

    event: EventId


class ThumbnailQuery(MediaQuery):
    """By which message, and how large."""

    width: _Pixels = 800
    height: _Pixels = 600


def upload_model(upload: Upload) -> UploadModel:
    """An upload as its owner sees it."""
    return UploadModel(
        id=upload.id,
        name=upload.name,
        mime_type=upload.mime_type,
        size=upload.size,
        width=upload.width,
        height=upload.height,
        blurhash=upload.blurhash,
        url=f"/api/v1/media/{upload.id}/content",
        expires_at=upload.expires_at,
    )
