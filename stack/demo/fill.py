# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fills an instance with the demo's people, friendships and talk; again, it changes nothing."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

import aiohttp

from stack.accounts import Doors
from stack.demo.cast import FRIENDS, PENDING, PEOPLE
from stack.demo.goods import GOODS
from stack.demo.person import DemoPerson, sign_in
from stack.demo.profiles import PROFILES
from stack.demo.speaking import Speaking
from stack.demo.talk import CONVERSATIONS, GROUPS, TALK, Group
from stack.errors import StackError

GENERAL = "General"
_AT_ONCE = 4
_ROOM_POLLS = 120
_CREATED = frozenset({200, 201})
_REFUSED = frozenset({403, 409})

People = Mapping[str, DemoPerson]


async def fill(path: Path, tell: Callable[[str], None]) -> None:
    """Make the demo in the running instance of this `kith.yaml`.

    Raises:
        StackError: a name is taken by somebody else, or a door refused what it should allow.
    """
    doors = Doors.of(path)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
        people = await _people(http, doors)
        tell(f"Demo: {len(people)} people")
        try:
            for one, other in FRIENDS:
                await _befriend(people[one], people[other])
            for one, other, note in PENDING:
                await _ask(people[one], people[other], note)
            tell(f"Demo: {len(FRIENDS)} friendships, {len(PENDING)} open requests")
            speaking = Speaking(people, await people["alice"].server_time())
            general = await _general(people["alice"])
            # A few at once: each waits mostly for Synapse.
            await asyncio.gather(*(_enter(person, general) for person in people.values()))
            await asyncio.gather(
                speaking.talk(general, TALK),
                _conversations(people, speaking),
                *(_group(people, speaking, group) for group in GROUPS),
                *(people[good.seller].offer(good) for good in GOODS),
            )
            await speaking.read(general, ("bob", "grace", "hiro", "ines", "farid"))
            count = len(CONVERSATIONS) + len(GROUPS)
            tell(f"Demo: {count} conversations and talk in {GENERAL}, {len(GOODS)} listings")
        finally:
            await asyncio.gather(*(person.leave_device() for person in people.values()))


async def _people(http: aiohttp.ClientSession, doors: Doors) -> dict[str, DemoPerson]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> tuple[str, DemoPerson]:
        async with gate:
            person = await sign_in(http, doors, PEOPLE[number])
            await person.dress()
            if person.person.name in PROFILES:
                await person.introduce(PROFILES[person.person.name])
            return person.person.name, person

    return dict(await asyncio.gather(*(one(number) for number in range(len(PEOPLE)))))


async def _befriend(one: DemoPerson, other: DemoPerson) -> None:
    request = await _ask(one, other, "")
    if request is not None:
        path = f"/friends/{quote(request)}/respond"
        status, answer = await other.kith("POST", path, {"action": "accept"})
        if status not in _CREATED | _REFUSED:
            raise StackError(f"The demo's {other.person.name} could not accept: {answer}")


async def _ask(one: DemoPerson, other: DemoPerson, note: str) -> str | None:
    """The id of a request that was made or waits; None when none is needed or possible.

    A refusal is not a fault: visitors may have declined, blocked or unfriended since.
    """
    body = {"message": note} if note else {}
    path = f"/profile/{quote(other.user_id, safe='')}/friend-request"
    status, answer = await one.kith("POST", path, body)
    if status in _CREATED:
        return str(answer["id"])
    code = answer.get("error", {}).get("code") if isinstance(answer, dict) else None
    if code == "request_exists":
        return await _waiting(one, other)
    if status in _REFUSED:
        return None
    raise StackError(f"The demo's {one.person.name} could not ask: {answer}")


async def _waiting(one: DemoPerson, other: DemoPerson) -> str | None:
    _, answer = await one.kith("GET", "/me/friend-requests?direction=outgoing")
    for request in answer.get("items", []):
        recipient = request["recipient"]
        if recipient == other.user_id or (
            isinstance(recipient, dict) and recipient.get("user_id") == other.user_id
        ):
            return str(request["id"])
    return None


async def _conversation(one: DemoPerson, other: DemoPerson) -> str | None:
    """The room of the two; None when visitors made them strangers again."""
    body = {"participants": [other.user_id]}
    status, answer = await one.kith("POST", "/dm/conversations", body)
    if status in _REFUSED or answer.get("read_only"):
        return None
    if status not in _CREATED:
        raise StackError(f"The demo's {one.person.name} could not write: {answer}")
    room = str(answer["room_id"])
    await _enter(other, room)
    return room


async def _conversations(people: People, speaking: Speaking) -> None:
    for (one, other), lines in CONVERSATIONS:
        room = await _conversation(people[one], people[other])
        if room:
            await speaking.talk(room, lines)


async def _group(people: People, speaking: Speaking, group: Group) -> None:
    """Begin a group, unless its first person has one of that name."""
    admin, *others = (people[name] for name in group.people + group.waiting)
    _, answer = await admin.kith("GET", f"/dm/conversations?filter=groups&q={quote(group.name)}")
    found = [one for one in answer.get("conversations", []) if one["name"] == group.name]
    if found:
        await speaking.talk(str(found[0]["room_id"]), group.lines)
        return
    body = {"participants": [one.user_id for one in others], "name": group.name}
    status, made = await admin.kith("POST", "/dm/conversations", body)
    if status in _REFUSED:
        return
    if status not in _CREATED:
        raise StackError(f"The demo's {admin.person.name} could not begin a group: {made}")
    room = str(made["room_id"])
    for name in group.people[1:]:
        await _enter(people[name], room)
    await speaking.talk(room, group.lines)


async def _enter(person: DemoPerson, room: str) -> None:
    await person.must("POST", f"/join/{quote(room)}", {})


async def _general(person: DemoPerson) -> str:
    """The Lounge's General, which the appservice makes soon after its first start."""
    for _ in range(_ROOM_POLLS):
        answer = await person.must("GET", "/publicRooms?limit=100")
        for room in answer["chunk"]:
            if room.get("name") == GENERAL:
                return str(room["room_id"])
        await asyncio.sleep(0.25)
    raise StackError(f"The room {GENERAL} does not exist yet; see logs/appservice.log.")
