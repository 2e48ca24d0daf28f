# SPDX-License-Identifier: AGPL-3.0-or-later
"""The media benchmark's other two: a homeserver that swallows files, and who uploads them."""

import asyncio
import io
import sys
from pathlib import Path

import aiohttp
from aiohttp import web


async def _swallow(request: web.Request) -> web.Response:
    async for _ in request.content.iter_any():
        pass
    return web.json_response({"content_uri": "mxc://hs.test/swallowed"})


async def _well(_: web.Request) -> web.Response:
    return web.Response()


def sink(port: int) -> None:
    """Serve on loopback until the process is ended."""
    app = web.Application()
    app.router.add_get("/", _well)
    app.router.add_post("/_matrix/media/v3/upload", _swallow)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


async def send(url: str, path: str, tokens: list[str]) -> None:
    """Upload one file for each token, all at once."""
    body = await asyncio.to_thread(Path(path).read_bytes)
    async with aiohttp.ClientSession() as session:

        async def one(token: str) -> None:
            form = aiohttp.FormData()
            form.add_field("file", io.BytesIO(body), filename="x")
            headers = {"Authorization": f"Bearer {token}"}
            async with session.post(url, data=form, headers=headers) as answer:
                if answer.status != 201:  # noqa: PLR2004 - made
                    raise RuntimeError(await answer.text())

        await asyncio.gather(*map(one, tokens))


if __name__ == "__main__":
    if sys.argv[1] == "sink":
        sink(int(sys.argv[2]))
    else:
        asyncio.run(send(sys.argv[2], sys.argv[3], sys.argv[4:]))
