# SPDX-License-Identifier: AGPL-3.0-or-later
"""Frames and commands as JSON Schema, the names of direct conversations included."""

from typing import Annotated, Any, Literal, Union

from pydantic import Field, TypeAdapter, create_model

from appservice.realtime import commands, direct, frames


def _direct(model: type[frames.Frame], name: str) -> type[frames.Frame]:
    """The model by its other name; only described, never made."""
    kind: Any = Literal[name]
    return create_model(
        f"Direct{model.__name__}",
        __base__=model,
        __doc__=f"{model.__doc__} By this name on `/ws/community/dm/{{id}}/` only.",
        event=(kind, name),
    )


_DIRECT = tuple(
    _direct(model, name)
    for model in frames.MODELS
    if (name := direct.NAMES.get(model.model_fields["event"].default))
)


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of all frames."""
    models: Any = Union[(*frames.MODELS, *_DIRECT)]
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[models, Field(discriminator="event")])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Kith frames, version {frames.VERSION}",
        **adapter.json_schema(mode="serialization"),
    }


def everything() -> dict[str, Any]:
    """What `GET /api/frames.json` answers."""
    return {"frames": schema(), "commands": commands.schema()}
