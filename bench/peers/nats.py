# SPDX-License-Identifier: AGPL-3.0-or-later
"""NATS over WebSocket: a message broker in Go that knows no rules, as the limit.

Its protocol is lines of text (CONNECT, SUB, PUB, PING) inside binary WebSocket messages.
"""

import asyncio
import json
import os
import time
from pathlib import Path

from bench.sockets import AT, Client, Crowd

_HELLO = b'CONNECT {"verbose":false,"pedantic":false}\r\n'
_LONGEST_TAIL = 64
_WORDS = "word " * 40


def configuration(place: Path, port: int, web_port: int, watch_port: int) -> Path:
    """Write a configuration: one port for programs, one for WebSockets, one that says it is up."""
    path = place / f"nats_{port}.conf"
    path.write_text(
        f'listen: "127.0.0.1:{port}"\nhttp: "127.0.0.1:{watch_port}"\n'
        f'websocket {{ listen: "127.0.0.1:{web_port}", no_tls: true }}\n',
        "utf-8",
    )
    return path


class NatsClient(Client):
    """A socket that subscribes to the room in its path (`/?room=…`)."""

    def __init__(self, crowd: Crowd, request: bytes) -> None:
        super().__init__(crowd, request)
        self._room = request.split(b" ", 2)[1].partition(b"=")[2].decode()
        self._tail = b""

    def opened(self) -> None:
        """Subscribe; the answer to the PING says that it is done."""
        self.send(_HELLO + f"SUB {self._room} 1\r\nPING\r\n".encode())

    def frame(self, frame: bytes) -> None:
        """Several messages may come in one frame, and one in several."""
        data, end = self._tail + frame, 0
        for said in AT.finditer(data):
            # Digits at the very end may go on in the next frame.
            if said.end() < len(data):
                self.crowd.heard(int(said[1]))
                end = said.end()
        if b"PONG\r\n" in data and not self.ready.done():
            self.ready.set_result(None)
        if b"PING\r\n" in data[end:]:
            self.send(b"PONG\r\n")
            end = len(data)
        self._tail = data[max(end, len(data) - _LONGEST_TAIL) :]

    def send(self, data: bytes) -> None:
        """One masked binary message (RFC 6455, 5.3)."""
        if self.transport is None:
            return
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        self.transport.write(bytes((0x82, 0x80 | len(data))) + mask + masked)


class Speaker:
    """A program that publishes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._number = 0

    @classmethod
    async def connect(cls, port: int) -> "Speaker":
        """Open."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(_HELLO)
        return cls(reader, writer)

    async def say(self, rooms: list[str]) -> None:
        """Publish one message a room, and wait until the server has taken them."""
        for room in rooms:
            self._number += 1
            content = {"msgtype": "m.text", "body": _WORDS, "at": time.monotonic_ns()}
            frame = {"event_id": f"$e{self._number}", "content": content}
            body = json.dumps(frame, separators=(",", ":")).encode()
            self._writer.write(f"PUB {room} {len(body)}\r\n".encode() + body + b"\r\n")
        self._writer.write(b"PING\r\n")
        while await self._reader.readline() != b"PONG\r\n":
            pass

    def close(self) -> None:
        """Close."""
        self._writer.close()
