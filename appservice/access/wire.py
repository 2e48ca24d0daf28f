# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sign-in, sign-up and set-up on the wire. Secrets are never in an error or a log."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from appservice.rest.wire import Model, PersonModel, Request

How = Annotated[
    Literal["cookie", "token"],
    Field(description="A cookie for browsers, or a token to be sent as `Authorization: Bearer`."),
]
Name = Annotated[
    str,
    Field(
        max_length=200,
        pattern=r"^[a-z0-9._=/+\-]+$",
        description="The part of a user id before the colon.",
        examples=["alice"],
    ),
]
NewPassword = Annotated[str, Field(min_length=8, max_length=512)]
Secret = Annotated[str, Field(min_length=1, max_length=512)]


class LoginRequest(Request):
    """A Matrix name and password of this homeserver."""

    user: Annotated[str, Field(min_length=1, max_length=255, examples=["alice"])]
    password: Secret
    session: How = "cookie"


class OpenIdRequest(Request):
    """A Matrix OpenID token, as a homeserver gives it (spec: `request_token`)."""

    access_token: Secret
    matrix_server_name: Annotated[str, Field(min_length=1, max_length=255)]
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a kind, not a secret
    expires_in: int | None = None
    session: How = "cookie"


class RegisterRequest(Request):
    """A new account."""

    name: Name
    password: NewPassword
    token: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    session: How = "cookie"


class SetupRequest(Request):
    """The first administrator, by a set-up link."""

    token: Secret
    name: Name
    password: NewPassword


class AccountModel(PersonModel):
    """Who is signed in."""

    local: bool
    staff: str | None


class SessionModel(Model):
    """A sign-in."""

    user: AccountModel
    csrf_token: str | None = Field(
        description="To be sent as `X-CSRF-Token` with every method but GET; null without cookie."
    )
    session_token: str | None = Field(
        default=None, description="Only in the answer to a sign-in that asked for a token."
    )
    expires_at: datetime | None = None


class RegistrationModel(Model):
    """How one gets an account here (D42)."""

    policy: Literal["closed", "token", "open"]


class SetupModel(Model):
    """The first administrator."""

    user_id: str
