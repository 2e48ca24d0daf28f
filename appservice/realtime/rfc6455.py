# SPDX-License-Identifier: AGPL-3.0-or-later
"""WebSocket messages out of a client's bytes, and the few that a server makes itself. Pure.

RFC 6455 without extensions; section numbers are given where a rule is not obvious.
"""

import base64
import hashlib
from binascii import Error
from dataclasses import dataclass
from enum import IntEnum

MOST_BYTES = 64 * 1024
"""Bytes of one message; a command with 4,000 characters, each escaped, fits."""

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY_BYTES = 16
_FIN, _RESERVED, _OPCODE, _MASKED, _LENGTH = 0x80, 0x70, 0x0F, 0x80, 0x7F
_LONGEST_CONTROL, _TWO_MORE, _EIGHT_MORE = 125, 126, 127
_HEAD, _MASK = 2, 4


class Opcode(IntEnum):
    """Kinds of frames."""

    MORE = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Wrong(IntEnum):
    """Codes with which a client's mistake ends the connection (7.4.1)."""

    PROTOCOL = 1002
    NO_TEXT = 1003
    NOT_UTF8 = 1007
    TOO_BIG = 1009


class WrongError(Exception):
    """The client does not keep to the protocol."""

    def __init__(self, code: Wrong) -> None:
        super().__init__(code.name)
        self.code = code


@dataclass(frozen=True, slots=True)
class Message:
    """One whole message, or a control frame."""

    opcode: Opcode
    payload: bytes


def accept(key: str) -> str | None:
    """What answers the key of a handshake (4.2.2); None when it is none."""
    try:
        known = base64.b64decode(key, validate=True)
    except (Error, ValueError):
        return None
    if len(known) != _KEY_BYTES:
        return None
    digest = hashlib.sha1(key.encode() + _GUID, usedforsecurity=False)
    return base64.b64encode(digest.digest()).decode()


def control(opcode: Opcode, payload: bytes = b"") -> bytes:
    """A control frame of a server: whole and unmasked."""
    payload = payload[:_LONGEST_CONTROL]
    return bytes((_FIN | opcode, len(payload))) + payload


def closing(code: int, reason: str = "") -> bytes:
    """A close frame."""
    return control(Opcode.CLOSE, code.to_bytes(2, "big") + reason.encode())


class Parser:
    """What has come so far of one connection; next to nothing while nothing comes."""

    __slots__ = ("_begun", "_held", "_needed", "_parts")

    def __init__(self) -> None:
        self._held = bytearray()
        self._needed = _HEAD
        self._begun: Opcode | None = None
        self._parts = b""

    def feed(self, data: bytes) -> list[Message]:
        """Take bytes; the messages that are whole now.

        Raises:
            WrongError: the connection is to be ended; nothing may be fed any more.
        """
        self._held += data
        found: list[Message] = []
        while len(self._held) >= self._needed:
            self._needed = self._frame_end()
            if len(self._held) < self._needed:
                break
            message = self._take()
            self._needed = _HEAD
            if message is not None:
                found.append(message)
        if not self._held:
            # An empty one takes nothing, one that was emptied keeps what it had.
            self._held = bytearray()
        return found

    def _frame_end(self) -> int:
        """Bytes of the frame at the beginning, or as many as tell how many those are."""
        held = self._held
        first, length = held[0], held[1] & _LENGTH
        opcode = first & _OPCODE
        if first & _RESERVED or opcode not in _KNOWN or not held[1] & _MASKED:
            raise WrongError(Wrong.PROTOCOL)
        if opcode >= Opcode.CLOSE:
            if not first & _FIN or length > _LONGEST_CONTROL:
                raise WrongError(Wrong.PROTOCOL)
        elif (opcode == Opcode.MORE) != (self._begun is not None):
            raise WrongError(Wrong.PROTOCOL)
        more = {_TWO_MORE: 2, _EIGHT_MORE: 8}.get(length, 0)
        if more:
            if len(held) < _HEAD + more:
                return _HEAD + more
            length = int.from_bytes(held[_HEAD : _HEAD + more], "big")
        if length + len(self._parts) > MOST_BYTES:
            raise WrongError(Wrong.TOO_BIG)
        return _HEAD + more + _MASK + length

    def _take(self) -> Message | None:
        """The frame at the beginning, which is whole; a message when that is."""
        held, end = self._held, self._needed
        more = {_TWO_MORE: 2, _EIGHT_MORE: 8}.get(held[1] & _LENGTH, 0)
        start = _HEAD + more + _MASK
        payload = _unmasked(bytes(held[start:end]), bytes(held[start - _MASK : start]))
        opcode, whole = Opcode(held[0] & _OPCODE), bool(held[0] & _FIN)
        del held[:end]
        if opcode >= Opcode.CLOSE:
            return Message(opcode, payload)
        begun = opcode if self._begun is None else self._begun
        if not whole:
            self._begun, self._parts = begun, self._parts + payload
            return None
        payload = self._parts + payload
        self._begun, self._parts = None, b""
        return Message(begun, payload)


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    key = (mask * (size // _MASK + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


_KNOWN = frozenset(Opcode)
