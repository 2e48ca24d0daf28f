# SPDX-License-Identifier: AGPL-3.0-or-later

from pathlib import Path
from typing import Any

import pytest
from synapse.module_api.errors import ConfigError

from synapse_modules.config import parse

URL = "postgresql://kith_module:secret@/kith"


def block(folder: Path, text: str = "", **more: Any) -> dict[str, Any]:
    path = folder / "kith.yaml"
    path.write_text(text)
    return {"kith_config": str(path), "database_url": URL, **more}


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    config = parse(block(tmp_path), {})
    assert config.service_localpart == "kith"
    assert config.redis_url is None
    assert config.rules.dm.require_friendship


def test_the_file_is_read(tmp_path: Path) -> None:
    text = "rules: {dm: {group_limit: 5}}\nappservice: {sender_localpart: house}\nother: 1\n"
    config = parse(block(tmp_path, text, redis_url="redis://x"), {})
    assert (config.rules.dm.group_limit, config.service_localpart) == (5, "house")
    assert config.redis_url == "redis://x"


def test_the_environment_is_above_the_file(tmp_path: Path) -> None:
    environ = {
        "KITH_RULES__DM__REQUIRE_FRIENDSHIP": "false",
        "KITH_RULES__RATES__MESSAGES_PER_MINUTE": "7",
        "KITH_DATABASE_URL": "not for the modules",
        "OTHER_RULES__DM__GROUP_LIMIT": "3",
    }
    config = parse(block(tmp_path, "rules: {rates: {messages_per_minute: 3}}"), environ)
    assert not config.rules.dm.require_friendship
    assert config.rules.rates.messages_per_minute == 7
    assert config.rules.dm.group_limit == 10


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("rules: {dm: {group_limit: many}}", {}, "rules.dm.group_limit takes a number"),
        ("rules: {nonsense: 1}", {}, "rules.nonsense is not a rule"),
        ("rules: [1]", {}, "rules takes a group"),
        ("appservice: {sender_localpart: 3}", {}, "sender_localpart"),
        ("a: [", {}, "not valid YAML"),
        ("- 1", {}, "settings by name"),
        ("", {"database_url": ""}, "database_url is missing"),
        ("", {"databse_url": "x"}, "unknown setting"),
        ("", {"redis_url": 3}, "redis_url takes an address"),
        ("", {"redis_url": "rediss://x"}, "redis_url takes an address"),
        ("", {"kith_config": "/nowhere/kith.yaml"}, "cannot be read"),
    ],
)
def test_a_mistake_stops_the_start_with_a_sentence(
    tmp_path: Path, text: str, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        parse(block(tmp_path, text, **more), {})


def test_nothing_secret_is_shown(tmp_path: Path) -> None:
    config = parse(block(tmp_path, redis_url="redis://:secret@x"), {})
    assert "secret" not in repr(config)
