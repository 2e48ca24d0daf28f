# SPDX-License-Identifier: AGPL-3.0-or-later
"""The server the peer module asks: allows everything and does nothing else.

synapse-http-antispam posts every callback to an address and takes an empty object for "allowed".
"""

import sys

from aiohttp import web


async def _allow(_: web.Request) -> web.Response:
    return web.json_response({})


def main(port: int) -> None:
    """Serve on loopback until the process is ended."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", _allow)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
