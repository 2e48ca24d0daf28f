# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes lines of `talk` into events: replies, threads, reactions, edits, pictures."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from stack.demo.person import DemoPerson
from stack.demo.pictures import draw
from stack.demo.talk import Line

_MINUTE = 60_000


class Speaking:
    """Lets the demo's people speak, at times before now."""

    def __init__(self, people: Mapping[str, DemoPerson], now: int) -> None:
        """Args: everybody by name, and the time, ms since 1970."""
        self._people, self._now = people, now

    async def talk(self, room: str, lines: Sequence[Line]) -> None:
        """Say all lines of a room, one after another; what is there already is not said again.

        Raises:
            StackError: a line was refused.
        """
        known = await self._people[lines[0].name].said(room)
        for line in lines:
            there = known.get(line.text) or known.get(line.better)
            if there:
                known[line.text] = there
                continue
            known[line.text] = await self._say(room, line, known)

    async def read(self, room: str, names: Sequence[str]) -> None:
        """Let people have read a room to its end."""
        _, newest = await self._people[names[0]].matrix(
            "GET", f"/rooms/{quote(room)}/messages?dir=b&limit=1"
        )
        for event in newest["chunk"]:
            where = f"/rooms/{quote(room)}/receipt/m.read/{quote(event['event_id'])}"
            await asyncio.gather(*(self._people[one].matrix("POST", where, {}) for one in names))

    async def _say(self, room: str, line: Line, known: Mapping[str, str]) -> str:
        person, at = self._people[line.name], self._now - line.ago * _MINUTE
        event = await person.send(room, "m.room.message", await self._content(line, known), at)
        if line.better:
            new = {"msgtype": "m.text", "body": line.better}
            again = {"rel_type": "m.replace", "event_id": event}
            edit = {**new, "body": f"* {line.better}", "m.new_content": new, "m.relates_to": again}
            await person.send(room, "m.room.message", edit, at + _MINUTE)
        for emoji, names in line.liked:
            for number, name in enumerate(names):
                relates = {"rel_type": "m.annotation", "event_id": event, "key": emoji}
                when = at + (number + 1) * _MINUTE
                await self._people[name].send(room, "m.reaction", {"m.relates_to": relates}, when)
        return event

    async def _content(self, line: Line, known: Mapping[str, str]) -> dict[str, Any]:
        named = [self._people[name].user_id for name in line.mentions]
        content: dict[str, Any] = {
            "msgtype": "m.text",
            "body": line.text,
            "m.mentions": {"user_ids": named} if named else {},
        }
        if "**" in line.text:
            first, bold, rest = line.text.split("**")
            content["format"] = "org.matrix.custom.html"
            content["formatted_body"] = f"{first}<strong>{bold}</strong>{rest}"
        if line.picture:
            content |= await self._picture(line)
        if line.answers in known:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": known[line.answers]}}
        if line.under in known:
            root = known[line.under]
            content["m.relates_to"] = {
                "rel_type": "m.thread",
                "event_id": root,
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": root},
            }
        return content

    async def _picture(self, line: Line) -> dict[str, Any]:
        data, width, height = await asyncio.to_thread(draw, line.picture)
        name = f"{line.picture}.jpg"
        url = await self._people[line.name].upload(name, "image/jpeg", data)
        info = {"mimetype": "image/jpeg", "size": len(data), "w": width, "h": height}
        return {"msgtype": "m.image", "filename": name, "url": url, "info": info}
