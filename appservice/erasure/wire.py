# SPDX-License-Identifier: AGPL-3.0-or-later
"""The deletion of an account on the wire."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from appservice.erasure.service import Begun, Progress
from appservice.erasure.store import Erasure
from appservice.rest.wire import Model, Request

State = Literal["none", "waiting", "running", "done"]


class EraseRequest(Request):
    """Proof that it is you: your password, or your Matrix id typed out."""

    password: Annotated[
        str | None,
        Field(max_length=512, description="Of your Matrix account; checked by the homeserver."),
    ] = None
    confirm: Annotated[
        str | None,
        Field(
            max_length=255,
            examples=["@alice:example.org"],
            description="Your Matrix id, for accounts without a password: counts within ten "
            "minutes of signing in.",
        ),
    ] = None


class ErasureModel(Model):
    """How far the deletion of your account is."""

    state: State = Field(description="`waiting` can be cancelled until `erase_at`.")
    asked_at: datetime | None = None
    erase_at: datetime | None = None
    step: str | None = Field(default=None, description="What is being done, of `running`.")
    done: int = Field(default=0, description="Steps that are done.")
    total: int = Field(default=0, description="Steps in all; 0 for `none`.")


class ErasureBegun(ErasureModel):
    """The same, with the way to the proof: nobody can tell it again."""

    proof_url: str = Field(
        description="Page-independent address of the proof (`GET /api/erasures/{token}`), which "
        "opens without signing in. Keep it."
    )


class ProofModel(Model):
    """A deletion as its link shows it."""

    state: State
    asked_at: datetime
    erase_at: datetime
    finished_at: datetime | None
    expires_at: datetime | None = Field(description="Until when the link opens, once it is done.")
    step: str | None
    done: int
    total: int
    report: dict[str, Any] | None = Field(description="What was removed, what is kept, and why.")
    sha256: str | None = Field(description="Of the file behind `…/report.json`.")


def erasure_model(progress: Progress) -> ErasureModel:
    """As its owner reads it."""
    return ErasureModel.model_validate(_progress(progress))


def begun_model(begun: Begun) -> ErasureBegun:
    """As it is answered to who asked."""
    return ErasureBegun.model_validate(
        {**_progress(begun.progress), "proof_url": f"/api/erasures/{begun.token}"}
    )


def proof_model(erasure: Erasure, progress: Progress, expires_at: datetime | None) -> ProofModel:
    """As its link shows it."""
    return ProofModel(
        state=erasure.state,
        asked_at=erasure.asked_at,
        erase_at=erasure.due_at,
        finished_at=erasure.finished_at,
        expires_at=expires_at,
        step=progress.step,
        done=progress.done,
        total=progress.total,
        report=json.loads(erasure.report) if erasure.report else None,
        sha256=erasure.sha256,
    )


def _progress(progress: Progress) -> dict[str, Any]:
    found = progress.erasure
    if found is None:
        return {"state": "none"}
    return {
        "state": found.state,
        "asked_at": found.asked_at,
        "erase_at": found.due_at,
        "step": progress.step,
        "done": progress.done,
        "total": progress.total,
    }
