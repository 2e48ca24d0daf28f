# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guard before every address a stranger named."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest
from yarl import URL

from appservice.outward import Found, Outward, OutwardError, is_public

INSIDE = [
    "0.0.0.0",  # noqa: S104 - an address that must be refused
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.1.1.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c:0:7eff:f5ff:fffe",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2002:c0a8:101::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OUTSIDE = [
    "1.1.1.1",
    "93.184.216.34",
    "2606:4700:4700::1111",
    "64:ff9b::1.1.1.1",
    "::ffff:1.1.1.1",
]
ADDRESSES = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fe80::1%25lo]/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://0/",
    "http://user@127.0.0.1/",
    "http://user:pass@1.1.1.1/",
    "http://1.1.1.1@127.0.0.1/",
    "http://:pass@1.1.1.1/",
    "http://1.1.1.1:22/",
    "http://1.1.1.1:8080/",
    "http://1.1.1.1:0/",
    "ftp://1.1.1.1/",
    "file:///etc/passwd",
    "gopher://1.1.1.1:80/",
    "http:///",
    "//1.1.1.1/",
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_asked(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", ADDRESSES)
async def test_no_spelling_leads_inside(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(*_: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", connected)
    outward = Outward(schemes=("http", "https"), ports=(80, 443))
    with pytest.raises(OutwardError):
        await outward.fetch(URL(address), most=1000)


async def test_a_name_is_judged_by_the_address_it_has_when_it_is_asked(
    unused_tcp_port: int,
) -> None:
    answers = iter(["1.1.1.1", "127.0.0.1"])

    async def rebinding(host: str, port: int, family: socket.AddressFamily) -> Found:
        assert host == "rebind.test"
        place = (next(answers), port)
        return [(family or socket.AF_INET, socket.SOCK_STREAM, 6, "", place)]

    # Whoever asked the name before (a validator, a proxy) learned a good address.
    assert (await rebinding("rebind.test", 80, socket.AF_INET))[0][4][0] == "1.1.1.1"
    outward = Outward(schemes=("http",), lookup=rebinding)
    with pytest.raises(OutwardError) as refused:
        await outward.fetch(URL(f"http://rebind.test:{unused_tcp_port}/"), most=1000)
    assert str(refused.value) == "ClientConnectorDNSError"
