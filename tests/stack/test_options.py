# SPDX-License-Identifier: AGPL-3.0-or-later

import socket
from pathlib import Path

import pytest
import yaml

from stack.errors import StackError
from stack.layout import Layout
from stack.options import Asked, Decided, External, check_ports, decide
from stack.ports import free_port


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    found = Layout(tmp_path / "data")
    found.make()
    return found


def decided(layout: Layout, env: dict[str, str] | None = None, **asked: object) -> Decided:
    return decide(Asked(layout.data, **asked), layout, env or {})  # type: ignore[arg-type]


def test_defaults(layout: Layout) -> None:
    found = decided(layout)
    assert (found.server_name, found.registration) == ("localhost", "closed")
    assert found.public_url == "http://localhost:8080"
    assert found.external == External()


def test_the_operators_file_is_written_once_and_privately(layout: Layout) -> None:
    decided(layout, server_name="kith.test")
    path = layout.operator_settings
    assert path.stat().st_mode & 0o777 == 0o600
    assert yaml.safe_load(path.read_text())["server_name"] == "kith.test"
    path.write_text("server_name: kith.test\nregistration: open  # mine\n")
    assert decided(layout).registration == "open"
    assert "# mine" in path.read_text()


def test_a_server_name_cannot_change(layout: Layout) -> None:
    decided(layout, server_name="one.test")
    assert decided(layout).server_name == "one.test"
    with pytest.raises(StackError, match=r"holds the people of one\.test, not of two\.test"):
        decided(layout, server_name="two.test")


@pytest.mark.parametrize(
    ("option", "env", "file", "wanted"),
    [
        (None, {}, "closed", "closed"),
        (None, {}, "token", "token"),
        (None, {"KITH_REGISTRATION": "open"}, "token", "open"),
        ("closed", {"KITH_REGISTRATION": "open"}, "token", "closed"),
    ],
)
def test_option_over_environment_over_file(
    layout: Layout, option: str | None, env: dict[str, str], file: str, wanted: str
) -> None:
    layout.operator_settings.write_text(f"server_name: localhost\nregistration: {file}\n")
    assert decided(layout, env, registration=option).registration == wanted


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("registration: maybe", "registration takes one of: closed, token, open"),
        ("public_url: kith.example.org", "public_url takes a URL"),
    ],
)
def test_a_wrong_setting_is_said(layout: Layout, file: str, sentence: str) -> None:
    layout.operator_settings.write_text(f"server_name: localhost\n{file}\n")
    with pytest.raises(StackError, match=sentence):
        decided(layout)


@pytest.mark.parametrize("name", ["", "two words", "kith/..", "a" * 300, "ünïcode.test"])
def test_a_server_name_has_a_shape(layout: Layout, name: str) -> None:
    if name:
        with pytest.raises(StackError, match="is not a server name"):
            decided(layout, server_name=name)
    else:
        assert decided(layout, server_name=name).server_name == "localhost"


def test_external_services_come_from_the_environment() -> None:
    found = External.of({"KITH_DATABASE_URL": "postgresql://x", "KITH_REDIS_URL": ""})
    assert found == External(database_url="postgresql://x")


def test_a_taken_port_names_the_option(layout: Layout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(StackError, match=f"Port {taken} is taken.*--matrix-port"):
            check_ports(decided(layout, port=free_port(), matrix_port=taken))
        elsewhere = {"KITH_SYNAPSE__URL": "http://elsewhere"}
        check_ports(decided(layout, elsewhere, port=free_port(), matrix_port=taken))


def test_two_options_with_one_port_are_refused(layout: Layout) -> None:
    port = free_port()
    with pytest.raises(StackError, match="must be different ports"):
        check_ports(decided(layout, port=port, matrix_port=port))


def test_the_port_comes_from_option_then_file(layout: Layout) -> None:
    layout.operator_settings.write_text("server_name: localhost\nappservice: {port: 8443}\n")
    assert decided(layout).port == 8443
    assert decided(layout).public_url == "http://localhost:8443"
    assert decided(layout, port=8444).port == 8444
    layout.operator_settings.write_text("server_name: localhost\nappservice: {port: web}\n")
    with pytest.raises(StackError, match="takes a number from 1 to 65535"):
        decided(layout)
