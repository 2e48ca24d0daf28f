# SPDX-License-Identifier: AGPL-3.0-or-later
"""Link previews on the wire."""

from typing import Annotated

from pydantic import Field

from appservice.previews.service import LONGEST
from appservice.previews.store import Preview
from appservice.rest.wire import Model, QueryModel


class PreviewQuery(QueryModel):
    """Of which link."""

    url: Annotated[str, Field(min_length=1, max_length=LONGEST, description="http or https.")]


class PreviewImageModel(Model):
    """A small picture, from this origin; sizes in pixels."""

    url: str
    width: int
    height: int


class PreviewModel(Model):
    """What a page says about itself. Its words are its own: plain text, one line each."""

    url: str
    title: str | None
    description: str | None
    site_name: str | None
    image: PreviewImageModel | None


def preview_model(preview: Preview) -> PreviewModel:
    """A preview as it is shown."""
    width, height = preview.image_width, preview.image_height
    image = None
    if width is not None and height is not None:
        path = f"/api/v1/previews/{preview.id}/image"
        image = PreviewImageModel(url=path, width=width, height=height)
    return PreviewModel(
        url=preview.url,
        title=preview.title,
        description=preview.description,
        site_name=preview.site_name,
        image=image,
    )
