# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever a client sends, in whatever pieces: messages, or one clear end."""

import base64
from contextlib import suppress
from itertools import pairwise

import pytest
from aiohttp.http import WS_KEY
from hypothesis import given
from hypothesis import strategies as st

from appservice.realtime.rfc6455 import (
    MOST_BYTES,
    Message,
    Opcode,
    Parser,
    Wrong,
    WrongError,
    accept,
    closing,
    control,
)

MASK = b"\x01\x82\x03\xf4"


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    mask: bytes | None = MASK,
    first: int = 0,
) -> bytes:
    """A client's frame."""
    size = len(payload)
    head = bytes(((0x80 if fin else 0) | opcode | first,))
    masked = 0x80 if mask is not None else 0
    if size < 126:
        head += bytes((masked | size,))
    elif size < 65_536:
        head += bytes((masked | 126,)) + size.to_bytes(2, "big")
    else:
        head += bytes((masked | 127,)) + size.to_bytes(8, "big")
    if mask is None:
        return head + payload
    return head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


def wrong(data: bytes) -> Wrong:
    with pytest.raises(WrongError) as caught:
        Parser().feed(data)
    return caught.value.code


def in_pieces(data: bytes, cuts: list[int]) -> list[Message]:
    """All messages when the bytes come in these pieces."""
    parser, places = Parser(), sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [one for begin, end in pairwise(places) for one in parser.feed(data[begin:end])]


@given(
    st.binary(max_size=300),
    st.lists(st.integers(0, 400), max_size=8),
    st.binary(min_size=4, max_size=4),
)
def test_a_message_comes_whole_in_whatever_pieces(
    payload: bytes, cuts: list[int], mask: bytes
) -> None:
    data = frame(Opcode.TEXT, payload, mask=mask)
    assert in_pieces(data * 2, cuts) == [Message(Opcode.TEXT, payload)] * 2


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=6), st.lists(st.integers(0, 300)))
def test_parts_are_put_together_with_control_frames_between(
    parts: list[bytes], cuts: list[int]
) -> None:
    frames = [
        frame(Opcode.TEXT if at == 0 else Opcode.MORE, part, fin=at == len(parts) - 1)
        for at, part in enumerate(parts)
    ]
    ping = frame(Opcode.PING, b"there?")
    found = in_pieces(ping.join(frames), cuts)
    assert found.pop() == Message(Opcode.TEXT, b"".join(parts))
    assert found == [Message(Opcode.PING, b"there?")] * (len(parts) - 1)


@given(st.lists(st.binary(max_size=60), max_size=12))
def test_noise_ends_in_messages_or_one_clear_error(chunks: list[bytes]) -> None:
    parser = Parser()
    # Anything but this error would end the test.
    with suppress(WrongError):
        for chunk in chunks:
            for message in parser.feed(chunk):
                assert len(message.payload) <= MOST_BYTES
    assert len(parser._held) <= sum(map(len, chunks))


@pytest.mark.parametrize("size", [125, 126, 65_535, MOST_BYTES])
def test_every_form_of_a_length(size: int) -> None:
    payload = b"x" * size
    assert in_pieces(frame(Opcode.TEXT, payload), [1, 2, 3, 9, 13]) == [
        Message(Opcode.TEXT, payload)
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(Opcode.TEXT, b"x", mask=None), Wrong.PROTOCOL),
        (frame(Opcode.TEXT, b"x", first=0x40), Wrong.PROTOCOL),
        (frame(3, b"x"), Wrong.PROTOCOL),
        (frame(11), Wrong.PROTOCOL),
        (frame(Opcode.PING, fin=False), Wrong.PROTOCOL),
        (frame(Opcode.PING, b"x" * 126), Wrong.PROTOCOL),
        (frame(Opcode.MORE, b"x"), Wrong.PROTOCOL),
        (frame(Opcode.TEXT, fin=False) + frame(Opcode.TEXT), Wrong.PROTOCOL),
        (frame(Opcode.TEXT, b"x" * (MOST_BYTES + 1)), Wrong.TOO_BIG),
        # Said, not sent: nothing is kept for it.
        (b"\x81\xff" + (2**63 - 1).to_bytes(8, "big"), Wrong.TOO_BIG),
        (frame(Opcode.TEXT, b"x" * MOST_BYTES, fin=False) + frame(0, b"y"), Wrong.TOO_BIG),
    ],
)
def test_what_is_against_the_protocol(data: bytes, code: Wrong) -> None:
    assert wrong(data) is code


def test_nothing_is_kept_between_messages() -> None:
    parser = Parser()
    parser.feed(frame(Opcode.TEXT, b"x" * 60_000))
    assert parser._held.__alloc__() == 0
    assert parser._parts == b""


def test_the_servers_own_frames() -> None:
    assert closing(1001, "going_away") == b"\x88\x0c\x03\xe9going_away"
    assert control(Opcode.PONG, b"x" * 200) == b"\x8a\x7d" + b"x" * 125
    # The example of RFC 6455, 1.3.
    assert accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert WS_KEY.startswith(b"258EAFA5")
    for bad in ("", "x", "dGhl", "\u20ac", base64.b64encode(b"x" * 17).decode()):
        assert accept(bad) is None
