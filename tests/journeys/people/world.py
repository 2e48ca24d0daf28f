# SPDX-License-Identifier: AGPL-3.0-or-later
"""People of the profile journeys: each with a Matrix client and with Kith's REST."""

import io
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from PIL import Image

from tests.support.databases import connect
from tests.support.eventually import eventually
from tests.support.matrix import MatrixUser
from tests.support.stack import TestStack


def photo(size: tuple[int, int] = (700, 600)) -> bytes:
    """A picture with something in it."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def red() -> bytes:
    """A picture the scanner does not like."""
    out = io.BytesIO()
    Image.new("RGB", (200, 200), (255, 0, 0)).save(out, "PNG")
    return out.getvalue()


def scanner() -> web.Application:
    """A stand-in for the operator's scanner: red pictures are bad."""

    async def scan(request: web.Request) -> web.Response:
        with Image.open(io.BytesIO(await request.read())) as picture:
            red, green, _ = picture.convert("RGB").resize((1, 1)).tobytes()
        bad = red > 200 and green < 50
        return web.json_response({"verdict": "flagged" if bad else "clean"})

    app = web.Application(client_max_size=10 * 1024 * 1024)
    app.router.add_post("/scan", scan)
    return app


@dataclass(frozen=True)
class Someone:
    """One person."""

    world: "World"
    matrix: MatrixUser

    @property
    def user_id(self) -> str:
        return self.matrix.user_id

    async def kith(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON of a request to Kith."""
        headers = {"Authorization": f"Bearer {self.matrix.token}", **more.pop("headers", {})}
        url = self.world.stack.public_url + path
        async with self.matrix.http.request(
            method, url, json=body, headers=headers, **more
        ) as answer:
            return answer.status, await answer.json(content_type=None)

    async def edit(self, **change: Any) -> None:
        """Change one's profile in Kith."""
        status, told = await self.kith("PUT", f"/api/profile/{self.user_id}", change)
        assert status == 200, told

    async def here(self, of: "Someone | None" = None) -> Any:
        """A profile as Kith shows it."""
        status, told = await self.kith("GET", f"/api/profile/{(of or self).user_id}")
        assert status == 200, told
        return told

    async def there(self, of: "Someone | None" = None) -> Any:
        """A profile as Matrix shows it."""
        status, told = await self.matrix.request("GET", f"/profile/{(of or self).user_id}")
        assert status == 200, told
        return told

    async def write(self, field: str, value: Any) -> None:
        """Set a field as a Matrix client does."""
        path = f"/profile/{self.user_id}/{field}"
        status, told = await self.matrix.request("PUT", path, {field: value})
        assert status == 200, told

    async def picture(self, purpose: str, crop: dict[str, int]) -> str:
        """Upload and cut one; its id once the profile shows it."""
        body = photo()
        wish = {"purpose": purpose, "mime_type": "image/jpeg", "size": len(body)}
        status, signed = await self.kith("POST", "/api/profile/media/sign", wish)
        assert status == 201, signed
        kind = {"Content-Type": "image/jpeg"}
        status, told = await self.kith("PUT", signed["upload_url"], headers=kind, data=body)
        assert status == 200, told
        base = f"/api/profile/media/{signed['media_id']}"
        status, told = await self.kith("POST", base + "/crop", crop)
        assert status == 202, told

        async def ready() -> bool:
            return bool((await self.kith("GET", base))[1]["status"] == "ready")

        await eventually(ready)
        return str(signed["media_id"])

    async def notices(self) -> list[str]:
        """What the bot said to them."""
        for room in await self.matrix.invites():
            await self.matrix.join(room)
        status, joined = await self.matrix.request("GET", "/joined_rooms")
        assert status == 200, joined
        said = []
        for room in joined["joined_rooms"]:
            events = await self.matrix.messages(room)
            said += [one["content"] for one in events if one["type"] == "m.room.message"]
        return [one["body"] for one in said if one.get("msgtype") == "m.notice"]

    async def rooms(self) -> set[str]:
        """The rooms everybody here is brought into, and their own."""

        async def joined() -> set[str]:
            status, told = await self.matrix.request("GET", "/joined_rooms")
            assert status == 200, told
            return set(told["joined_rooms"])

        return await eventually(joined)


@dataclass(frozen=True)
class World:
    """The homeserver of these journeys."""

    stack: TestStack

    async def someone(self, name: str) -> Someone:
        """A new account, whom Kith has met and compared."""
        made = Someone(self, await self.stack.register(name))

        async def compared() -> bool:
            with connect(self.stack.database.url) as connection:
                found = connection.execute(
                    "SELECT 1 FROM matrix_profile WHERE user_id = %s", (made.user_id,)
                )
                return found.fetchone() is not None

        await eventually(compared)
        return made
