# SPDX-License-Identifier: AGPL-3.0-or-later
"""The endpoints of deleting one's account (G1)."""

from datetime import timedelta

from aiohttp import web

from appservice.access.service import AccessService
from appservice.erasure import wire
from appservice.erasure.service import Erasures
from appservice.errors import NotFound
from appservice.rest.access import Access
from appservice.rest.codes import Code
from appservice.rest.route import AnyRoute, Call, Limit, Reply, Route
from policy.reason import Reason

_TAG = "Privacy"
_MINE = "/api/me/erasure"
_PROOF = "/api/erasures/{token}"
_FRESH = timedelta(minutes=10)
_NO_STORE = {"Cache-Control": "no-store"}


class ErasureRoutes:
    """Handlers over the service."""

    def __init__(self, erasures: Erasures, access: AccessService) -> None:
        self._erasures = erasures
        self._access = access

    def table(self) -> list[AnyRoute]:
        """The routes."""
        return [*self._mine(), *self._proofs()]

    def _mine(self) -> list[AnyRoute]:
        return [
            Route(
                method="POST",
                path=_MINE,
                access=Access.LOCAL,
                tag=_TAG,
                summary="Have your account deleted",
                description="Hides your profile at once and deletes everything after a grace "
                "period. Asked again it gives a new link and changes nothing else.",
                body=wire.EraseRequest,
                answers={202: wire.ErasureBegun},
                reasons=(
                    Code.WRONG_PASSWORD,
                    Code.NOT_CONFIRMED,
                    Code.ERASURE_RUNNING,
                    Reason.NOT_FOUND,
                ),
                limit=Limit(5, 300),
                timeout=40.0,
                handler=self.ask,
            ),
            Route(
                method="GET",
                path=_MINE,
                access=Access.LOCAL,
                tag=_TAG,
                summary="Whether your account is being deleted, and how far that is",
                answers={200: wire.ErasureModel},
                handler=self.state,
            ),
            Route(
                method="DELETE",
                path=_MINE,
                access=Access.LOCAL,
                tag=_TAG,
                summary="Keep your account",
                description="Everything is as it was; without a deletion nothing happens.",
                answers={204: None},
                reasons=(Code.ERASURE_RUNNING, Reason.NOT_FOUND),
                limit=Limit(20, 60),
                handler=self.cancel,
            ),
        ]

    def _proofs(self) -> list[AnyRoute]:
        return [
            Route(
                method="GET",
                path=_PROOF,
                access=Access.PUBLIC,
                tag=_TAG,
                summary="A deletion, by its link: how far it is, then its proof",
                answers={200: wire.ProofModel},
                reasons=(Reason.NOT_FOUND,),
                limit=Limit(60, 60),
                handler=self.proof,
            ),
            Route(
                method="GET",
                path=_PROOF + "/report.json",
                access=Access.PUBLIC,
                tag=_TAG,
                summary="The proof as a file, byte for byte what `sha256` is of",
                answers={200: None},
                reasons=(Reason.NOT_FOUND,),
                limit=Limit(60, 60),
                handler=self.file,
            ),
        ]

    async def ask(self, call: Call[wire.EraseRequest, None]) -> Reply:
        """By password, or by a fresh sign-in and one's id typed out."""
        who, body = call.who, call.body
        if body.password is not None:
            await self._access.check_password(who.user_id, body.password)
        elif body.confirm != who.user_id or not await self._access.is_fresh(who.session, _FRESH):
            raise Code.NOT_CONFIRMED.error()
        begun = await self._erasures.ask(who.user_id)
        return Reply(wire.begun_model(begun), status=202, headers=_NO_STORE)

    async def state(self, call: Call[None, None]) -> Reply:
        """One's own."""
        return Reply(wire.erasure_model(await self._erasures.state(call.me)), headers=_NO_STORE)

    async def cancel(self, call: Call[None, None]) -> Reply:
        """One's own."""
        await self._erasures.cancel(call.me)
        return Reply(status=204)

    async def proof(self, call: Call[None, None]) -> Reply:
        """Whoever holds the link."""
        found = await self._erasures.proof(str(call.path["token"]))
        return Reply(wire.proof_model(*found), headers=_NO_STORE)

    async def file(self, call: Call[None, None]) -> web.Response:
        """The bytes."""
        found, _, _ = await self._erasures.proof(str(call.path["token"]))
        if found.report is None:
            raise NotFound
        name = f"kith-erasure-{found.id}.json"
        return web.Response(
            body=found.report.encode(),
            content_type="application/json",
            headers={**_NO_STORE, "Content-Disposition": f'attachment; filename="{name}"'},
        )
