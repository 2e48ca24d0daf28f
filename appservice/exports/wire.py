# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes in and out of the endpoints of exports."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from appservice.exports.steps import STEPS
from appservice.exports.store import Export
from appservice.rest.wire import Model

_PATH = "/api/me/exports/{}/archive"


class ExportModel(Model):
    """An archive, asked for, under way or made."""

    id: UUID
    state: Literal["waiting", "running", "ready", "failed"]
    step: str | None = Field(
        description=f"What is being written: {', '.join(STEPS)}.", examples=["messages"]
    )
    step_number: int | None = Field(description="Which step that is, from 1.")
    steps: int = Field(description="How many there are.")
    done: int = Field(description="How much of the step is done.")
    total: int | None = Field(description="Out of about how much, where that is known.")
    reason: str | None = Field(
        description="Failed: `disk_full`, `homeserver_unavailable`, `interrupted`, `internal`."
        " Running: what it waits for."
    )
    size: int | None = Field(description="Bytes.")
    sha256: str | None
    missing: int = Field(description="Files that could not be had; `missing.json` names them.")
    asked_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None = Field(description="When the archive is removed by itself.")
    download_url: str | None


class ExportsModel(Model):
    """One's own archives."""

    exports: list[ExportModel]


def model(export: Export) -> ExportModel:
    """As it is sent."""
    ready = export.state == "ready"
    known = export.step in STEPS
    return ExportModel.model_validate(
        {
            "id": export.id,
            "state": export.state,
            "step": export.step,
            "step_number": STEPS.index(export.step) + 1 if export.step and known else None,
            "steps": len(STEPS),
            "done": export.done,
            "total": export.total,
            "reason": export.reason,
            "size": export.size,
            "sha256": export.sha256.hex() if export.sha256 else None,
            "missing": export.missing,
            "asked_at": export.asked_at,
            "ready_at": export.ready_at,
            "expires_at": export.expires_at,
            "download_url": _PATH.format(export.id) if ready else None,
        }
    )
