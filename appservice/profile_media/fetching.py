# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings a picture that was set in a Matrix client from the homeserver to where originals lie.

The homeserver is asked as the person. What lies at another server it fetches itself, as it does
for every client that looks at the picture: no address from a profile is ever asked from here.
"""

import asyncio
import re

from appservice.clock import Clock
from appservice.errors import NotFound, Unavailable
from appservice.homeserver.media import MediaRepository, Stored
from appservice.profile_media.arriving import TooLargeError, written
from appservice.profile_media.folder import Folder
from appservice.profile_media.store import Picture

_ADDRESS = re.compile(r"mxc://[A-Za-z0-9.\-:\[\]]{1,255}/[A-Za-z0-9_\-]{1,255}")
_PATIENCE = 60.0
"""Seconds for the whole file; other servers may be slow, and the job comes again."""


class Fetching:
    """Fetches originals."""

    def __init__(
        self, repository: MediaRepository, folder: Folder, clock: Clock, *, most_bytes: int
    ) -> None:
        """Take where they are, where they go, who makes names, and how large they may be."""
        self._repository = repository
        self._folder = folder
        self._clock = clock
        self._most_bytes = most_bytes

    async def fetch(self, picture: Picture) -> str | None:
        """Have the original here; what is wrong with it: ``gone`` or ``bytes``.

        Raises:
            Unavailable: the homeserver, or the one it asks, does not answer in time.
        """
        original = self._folder.original(picture.id)
        if picture.source_mxc is None or await asyncio.to_thread(original.is_file):
            return None
        stored = Stored.parse(picture.source_mxc)
        if stored is None or not _ADDRESS.fullmatch(picture.source_mxc):
            return "gone"
        mark = self._clock.new_id().hex
        arriving = await asyncio.to_thread(self._folder.incoming, picture.id, mark)
        try:
            async with (
                asyncio.timeout(_PATIENCE),
                self._repository.download(stored, as_user=picture.user_id) as found,
            ):
                if (found.length or 0) > self._most_bytes:
                    return "bytes"
                await written(arriving, found.chunks, self._most_bytes)
            await asyncio.to_thread(self._folder.keep_original, picture.id, arriving)
        except NotFound:
            return "gone"
        except TooLargeError:
            return "bytes"
        except TimeoutError as error:
            raise Unavailable("homeserver") from error
        finally:
            await asyncio.to_thread(arriving.unlink, missing_ok=True)
        return None
