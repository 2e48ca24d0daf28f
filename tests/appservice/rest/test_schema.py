# SPDX-License-Identifier: AGPL-3.0-or-later
"""Schemathesis over the whole description, in a short form (quality Q13)."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import schemathesis
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from stack.postgres import Postgres
from tests.fakes.media import FakeMedia
from tests.support import databases
from tests.support.background import Background
from tests.support.door import SECRETS, open_door

# Well-formed is not yet meant well: a cursor that was never given out, oneself as the other one.
UNDESCRIBED = [positive_data_acceptance]


@dataclass
class Served:
    """A door on a real port, and somebody who uses it."""

    url: str
    token: str
    document: dict[str, object]


@pytest.fixture(scope="module")
def served(background: Background, migrated: Postgres) -> Iterator[Served]:
    fresh = databases.fresh_kith(migrated)
    held = AsyncExitStack()

    async def start() -> Served:
        media = await held.enter_async_context(TestServer(FakeMedia(SECRETS["as_token"]).app()))
        synapse = {"url": str(media.make_url("/"))}
        door = await held.enter_async_context(open_door(fresh.url, synapse=synapse))
        alice, bob = door.person("alice"), door.person("bob")
        await door.befriend(alice, bob)
        document = (await door.ask("GET", "/api/openapi.json")).body
        return Served(str(door.client.make_url("")).rstrip("/"), alice.token, document)

    yield background.run(start())
    background.run(held.aclose())
    migrated.drop_database(fresh.name)


def cases(served: Served) -> dict[str, SearchStrategy[schemathesis.Case]]:
    """A strategy for each operation."""
    schema = schemathesis.openapi.from_dict(served.document)
    schema.config.update(base_url=served.url)
    # What is too long for its field may be too long for its address before it is read.
    refused = schema.config.checks.negative_data_rejection
    refused.expected_statuses = [*refused.expected_statuses, "413"]
    found = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        found[operation.label] = st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        )
    return found


# Three thousand requests, most of a minute's work; on a busy machine many times that.
@pytest.mark.timeout(900)
def test_the_api_keeps_to_its_description(served: Served) -> None:
    headers = {"Authorization": f"Bearer {served.token}"}
    strategies = cases(served)
    assert len(strategies) > 25
    problems: list[str] = []
    for label, strategy in strategies.items():

        @settings(
            max_examples=25,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=strategy)
        def check(case: schemathesis.Case) -> None:
            # A made-up cookie beside a good token proves nothing; test_matrix has the anonymous.
            case.cookies.clear()
            case.call_and_validate(headers=headers, excluded_checks=UNDESCRIBED)

        try:
            check()
        except (AssertionError, BaseExceptionGroup) as problem:
            problems.append(f"{label}: {problem}")
    assert not problems, "\n\n".join(problems)
