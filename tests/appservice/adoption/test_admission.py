# SPDX-License-Identifier: AGPL-3.0-or-later
"""When the intake may begin."""

from typing import cast

import pytest

from appservice.adoption.admission import NotAdoptedError, admitted
from appservice.database import Database
from appservice.errors import Unavailable
from appservice.homeserver.stream import SynapseStream

SERVICE = "@kith:hs.test"


class Asked:
    """Synapse's database, with answers given beforehand; None is no answer."""

    def __init__(self, *answers: bool | None) -> None:
        self.answers = list(answers)

    async def lived(self, service_user: str) -> bool:
        """As the real one."""
        assert service_user == SERVICE
        answer = self.answers.pop(0)
        if answer is None:
            raise Unavailable("homeserver")
        return answer

    def stream(self) -> SynapseStream:
        """As what it stands in for."""
        return cast("SynapseStream", self)


async def test_a_new_synapse_may_be_listened_to(store: Database) -> None:
    await admitted(store, Asked(False).stream(), SERVICE)
    await admitted(store, None, SERVICE)


async def test_a_past_nobody_took_over_is_refused(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appservice.adoption.admission._PAUSE", 0.0)
    asked = Asked(None, None, True)
    with pytest.raises(NotAdoptedError, match="run `kith adopt` first"):
        await admitted(store, asked.stream(), SERVICE)
    assert asked.answers == []


@pytest.mark.parametrize("stream", ["events", "adopted"])
async def test_whoever_was_here_before_is_not_asked_again(store: Database, stream: str) -> None:
    await store.run("INSERT INTO positions VALUES (%(stream)s, 7)", {"stream": stream})
    await admitted(store, Asked().stream(), SERVICE)
