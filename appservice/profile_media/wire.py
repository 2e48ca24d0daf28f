# SPDX-License-Identifier: AGPL-3.0-or-later
"""Profile pictures on the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from appservice.media.kinds import IMAGES
from appservice.profile_media.shapes import MOST_BYTES, Crop
from appservice.profile_media.store import Picture
from appservice.rest.cursor import Position, encode
from appservice.rest.wire import Model, OneLine, QueryModel, Request

Status = Literal["waiting", "received", "processing", "review", "ready", "rejected", "failed"]
Step = Literal["done", "now", "todo", "failed"]
_SIDE = Annotated[int, Field(ge=1, le=20_000)]
_FROM = Annotated[int, Field(ge=0, le=20_000)]
_STEPS = ("upload", "crop", "prepare", "check", "show")
_AT = {
    "waiting": 0,
    "received": 1,
    "processing": 2,
    "review": 3,
    "ready": len(_STEPS),
    "rejected": 3,
}


class Announce(Request):
    """A picture that will come."""

    purpose: Literal["avatar", "banner", "listing"]
    mime_type: Literal["image/png", "image/jpeg", "image/webp", "image/gif"] = Field(
        description="What it will turn out to be is decided by its content."
    )
    size: int = Field(ge=1, description=f"Bytes; {MOST_BYTES} at most.", examples=[345_678])


class PlaceModel(Model):
    """Where to put it."""

    media_id: UUID
    upload_url: str = Field(description="`PUT` the bytes here, signed in; once.")
    expires_at: datetime
    final_url: str = Field(description="Where its largest variant will be.")


class SignedQuery(QueryModel):
    """What a signed link carries."""

    expires: Annotated[int, Field(ge=0, le=10**11)]
    signature: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PictureQuery(QueryModel):
    """What a link to a picture that is not public carries."""

    expires: Annotated[int | None, Field(ge=0, le=10**11)] = None
    signature: Annotated[str | None, Field(pattern="^[0-9a-f]{64}$")] = None


class CropModel(Request):
    """The part that is shown, in pixels of the original the right way up.

    Avatars: square, 256 pixels wide at least. Banners: three times as wide as high.
    """

    x: _FROM
    y: _FROM
    width: _SIDE
    height: _SIDE

    def crop(self) -> Crop:
        """As the use case takes it."""
        return Crop(self.x, self.y, self.width, self.height)


class StepModel(Model):
    """One step of what happens to a picture."""

    name: Literal["upload", "crop", "prepare", "check", "show"]
    state: Step


class PictureModel(Model):
    """How far a picture is."""

    media_id: UUID
    purpose: Literal["avatar", "banner", "listing"]
    status: Status
    reason: str | None = Field(
        description="Why it is in review, was rejected or failed: a code, or what staff wrote."
    )
    steps: list[StepModel]
    width: int | None
    height: int | None
    blurhash: str | None
    urls: Mapping[str, str] = Field(
        description="Variant → address, for the owner, once there are variants."
    )


class ReviewModel(Model):
    """A picture that waits for staff."""

    media_id: UUID
    user_id: str
    purpose: Literal["avatar", "banner", "listing"]
    reason: str | None
    labels: list[str] = Field(description="What the scanner saw in it.")
    urls: Mapping[str, str]
    created_at: datetime


class ReviewPage(Model):
    """Pictures that wait for staff, the newest first."""

    media: list[ReviewModel]
    next_cursor: str | None


class VerdictModel(Request):
    """What staff decided."""

    verdict: Literal["approve", "reject"]
    reason: Annotated[
        str | None,
        Field(max_length=200, description="Told to the owner when it is rejected."),
        OneLine,
    ] = None


def picture_model(picture: Picture, urls: Mapping[str, str]) -> PictureModel:
    """A row as its owner sees it."""
    return PictureModel(
        media_id=picture.id,
        purpose=picture.purpose.value,
        status=_status(picture),
        reason=picture.reason,
        steps=_steps(picture),
        width=picture.width,
        height=picture.height,
        blurhash=picture.blurhash,
        urls=urls,
    )


def review_page(
    rows: list[Picture], limit: int, urls: Mapping[UUID, Mapping[str, str]]
) -> ReviewPage:
    """A page from one row more than it may hold."""
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    return ReviewPage(
        media=[
            ReviewModel(
                media_id=one.id,
                user_id=one.user_id,
                purpose=one.purpose.value,
                reason=one.reason,
                labels=list(one.labels),
                urls=urls[one.id],
                created_at=one.created_at,
            )
            for one in shown
        ],
        next_cursor=encode(Position(last.created_at, str(last.id))) if last else None,
    )


def _status(picture: Picture) -> Status:
    known: dict[str, Status] = {
        "waiting": "waiting",
        "received": "received",
        "processing": "processing",
        "review": "review",
        "ready": "ready",
        "rejected": "rejected",
        "failed": "failed",
    }
    return known[picture.status]


def _steps(picture: Picture) -> list[StepModel]:
    ended = picture.status in ("failed", "rejected")
    # What failed before it was cut failed when it came in.
    at = _AT.get(picture.status, 2 if picture.crop else 0)

    def state(number: int) -> Step:
        if number == at:
            return "failed" if ended else "now"
        return "done" if number < at else "todo"

    return [
        StepModel.model_validate({"name": name, "state": state(number)})
        for number, name in enumerate(_STEPS)
    ]


MIME_TYPES = tuple(sorted(IMAGES))
"""What a `PUT` may say it brings."""
