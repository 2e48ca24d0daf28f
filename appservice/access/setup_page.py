# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page behind the one-time link: choose a name and a password. Works without JavaScript."""

from urllib.parse import parse_qs

from aiohttp import web
from pydantic import ValidationError

from appservice.access.routes import session_cookie
from appservice.access.service import AccessService
from appservice.access.wire import SetupRequest
from appservice.errors import KithError
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.dispatch import read_limited
from appservice.rest.route import AnyRoute, Call, Limit, Route
from appservice.web.pages import page

_MAX_FORM = 8 * 1024
_FORM = "application/x-www-form-urlencoded"
_SENTENCES = {
    "name": "A name takes small letters, digits and . _ = - / + only.",
    "password": "A password takes at least 8 characters.",
    "token": Code.LINK_USED.sentence,
}


class SetupPage:
    """Shows the form and takes it."""

    def __init__(self, service: AccessService, *, server_name: str, secure: bool) -> None:
        self._service = service
        self._server_name = server_name
        self._secure = secure

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [
            Route(
                method="GET",
                path="/setup",
                access=Access.SETUP_LINK,
                summary="Set-up page",
                handler=self.show,
            ),
            Route(
                method="POST",
                path="/setup",
                access=Access.SETUP_LINK,
                summary="Set-up form",
                limit=Limit(10, 60),
                timeout=40.0,
                handler=self.take,
            ),
        ]

    async def show(self, call: Call[None, None]) -> web.Response:
        """The form, if the link is good."""
        token = call.request.rel_url.query.get("token", "")
        if not token or not await self._service.link_is_good(token):
            return self._closed()
        return self._form(token)

    async def take(self, call: Call[None, None]) -> web.Response:
        """Make the account, or say what is wrong and keep what was typed (but no password)."""
        if call.request.content_type != _FORM:
            raise Code.UNSUPPORTED_TYPE.error("Send the form as the page does.")
        raw = await read_limited(call.request, _MAX_FORM)
        fields = parse_qs(raw.decode("utf-8", "replace"), max_num_fields=10)
        given = {name: values[0] for name, values in fields.items()}
        repeat = given.pop("repeat", "")
        token, name = given.get("token", ""), given.get("name", "").strip()
        try:
            form = SetupRequest.model_validate({**given, "name": name})
        except ValidationError as error:
            field = str(error.errors(include_input=False)[0]["loc"][0])
            return self._form(token, name, _SENTENCES.get(field, Code.INVALID.sentence))
        if form.password != repeat:
            return self._form(token, name, "The two passwords are not the same.")
        try:
            user_id, started = await self._service.set_up(form.token, form.name, form.password)
        except KithError as error:
            return self._refused(error, token, name)
        response = page("setup_done.html", user_id=user_id)
        response.headers["Set-Cookie"] = session_cookie(started.token, secure=self._secure)
        return response

    def _refused(self, error: KithError, token: str, name: str) -> web.Response:
        if error.code == Code.LINK_USED.code:
            return self._closed()
        known = {Code.NAME_TAKEN.code: error.sentence, Code.INVALID.code: _SENTENCES["name"]}
        if error.code in known:
            return self._form(token, name, known[error.code])
        return self._form(token, name, error.sentence, status=error.status)

    def _form(
        self, token: str, name: str = "", problem: str | None = None, status: int | None = None
    ) -> web.Response:
        return page(
            "setup.html",
            status=status or (400 if problem else 200),
            token=token,
            name=name,
            problem=problem,
            server_name=self._server_name,
        )

    def _closed(self) -> web.Response:
        return page("setup_closed.html", status=403)
