# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of follows, blocks, mutes, settings and one's own account (F6, F9)."""

from collections.abc import Awaitable, Callable

from appservice.people import wire
from appservice.people.service import PeopleService
from appservice.people.store import Tie
from appservice.rest import cursor
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Reply, Route
from appservice.rest.wire import PageQuery
from policy.reason import Reason

_TAG = "People"
_Act = Callable[[str, str], Awaitable[None]]


class PeopleRoutes:
    """Handlers over the people service."""

    def __init__(self, service: PeopleService) -> None:
        self._service = service

    def table(self) -> list[AnyRoute]:
        """The routes."""
        service = self._service
        return [
            *_both(
                "follow",
                "Follow somebody",
                service.follow,
                service.unfollow,
                (Reason.REQUESTS_CLOSED, Reason.BLOCKED),
            ),
            *_both("block", "Block somebody", service.block, service.unblock, ()),
            *_both("mute", "Mute somebody", service.mute, service.unmute, ()),
            self._list("following", "People you follow", Tie.FOLLOWING),
            self._list("followers", "People who follow you", Tie.FOLLOWERS),
            self._list("blocks", "People you have blocked", Tie.BLOCKS),
            self._list("mutes", "People you have muted", Tie.MUTES),
            *self._own(),
        ]

    def _own(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path="/api/me",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Your account",
                answers={200: wire.MeModel},
                reasons=(Reason.NOT_FOUND,),
                handler=self.me,
            ),
            Route(
                method="GET",
                path="/api/me/settings",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Your settings",
                answers={200: wire.SettingsModel},
                reasons=(Reason.NOT_FOUND,),
                handler=self.settings,
            ),
            Route(
                method="PATCH",
                path="/api/me/settings",
                access=Access.SIGNED_IN,
                tag=_TAG,
                summary="Change your settings",
                description="Conversations that run already are left alone.",
                body=wire.ChangeSettings,
                answers={200: wire.SettingsModel},
                reasons=(Reason.NOT_FOUND,),
                handler=self.change,
            ),
        ]

    def _list(self, name: str, summary: str, tie: Tie) -> AnyRoute:
        async def handle(call: Call[None, PageQuery]) -> Reply:
            query = call.query
            after = cursor.decode(query.cursor)
            rows = await self._service.ties(tie, call.me, after, query.limit)
            return Reply(wire.tied_page(rows, query.limit))

        return Route(
            method="GET",
            path=f"/api/me/{name}",
            access=Access.SIGNED_IN,
            tag=_TAG,
            summary=summary,
            query=PageQuery,
            answers={200: wire.TiedPage},
            handler=handle,
        )

    async def me(self, call: Call[None, None]) -> Reply:
        """The caller's account."""
        return Reply(wire.me_model(await self._service.account(call.me)))

    async def settings(self, call: Call[None, None]) -> Reply:
        """The caller's settings."""
        return Reply(wire.settings_model(await self._service.account(call.me)))

    async def change(self, call: Call[wire.ChangeSettings, None]) -> Reply:
        """Change the caller's settings."""
        changes = call.body.model_dump(exclude_none=True)
        return Reply(wire.settings_model(await self._service.change_settings(call.me, changes)))


def _both(
    name: str, summary: str, do: _Act, undo: _Act, reasons: tuple[Reason | Code, ...]
) -> list[AnyRoute]:
    async def post(call: Call[None, None]) -> Reply:
        await do(call.me, call.user)
        return Reply(status=204)

    async def delete(call: Call[None, None]) -> Reply:
        await undo(call.me, call.user)
        return Reply(status=204)

    path = f"/api/profile/{{user}}/{name}"
    return [
        Route(
            method="POST",
            path=path,
            access=Access.SIGNED_IN,
            tag=_TAG,
            summary=summary,
            answers={204: None},
            reasons=(Reason.SELF, *reasons),
            handler=post,
        ),
        Route(
            method="DELETE",
            path=path,
            access=Access.SIGNED_IN,
            tag=_TAG,
            summary=f"{summary} no longer",
            answers={204: None},
            handler=delete,
        ),
    ]
