# SPDX-License-Identifier: AGPL-3.0-or-later
from policy.person import DmPolicy, Person, Relationship, Trust
from policy.rooms import RoomKind
from schema import facts
from tests.schema.conftest import Kith

A, B, BOT = "@a:hs.test", "@b:hs.test", "@bot:hs.test"


async def test_somebody_unknown_has_the_defaults(kith: Kith) -> None:
    assert await facts.person(kith.read, "@nobody:far.test") == Person("@nobody:far.test")
    assert await facts.relationship(kith.read, A, B) == Relationship()
    assert await facts.room(kith.read, "!unknown") is None
    assert await facts.inviter(kith.read, "!unknown", A) is None


async def test_a_person_is_read_whole(kith: Kith) -> None:
    await kith.run(
        "INSERT INTO people (user_id, local, dm_policy, may_create_rooms, messages)"
        " VALUES (%s, true, 'none', false, 7)",
        A,
    )
    await kith.run("INSERT INTO staff (user_id, role) VALUES (%s, 'moderator')", A)
    expected = Person(A, staff=True, dm_policy=DmPolicy.NONE, may_create_rooms=False, messages=7)
    assert await facts.person(kith.read, A) == expected


async def test_each_side_sees_the_relationship_from_its_own(kith: Kith) -> None:
    await kith.people(A, B)
    await kith.run("INSERT INTO blocks (blocker, blocked) VALUES (%s, %s)", A, B)
    await kith.run("INSERT INTO follows (follower, followed) VALUES (%s, %s)", B, A)
    mine = await facts.relationship(kith.read, A, B)
    assert mine == Relationship(i_block=True, they_follow=True)
    assert await facts.relationship(kith.read, B, A) == mine.reversed()


async def test_a_decline_still_looks_pending_to_the_one_who_asked(kith: Kith) -> None:
    await kith.people(A, B)
    await kith.run(
        "INSERT INTO friend_requests (id, requester, recipient, status, created_at, expires_at)"
        " VALUES (gen_random_uuid(), %s, %s, 'declined', now(), now() + interval '1 day')",
        *(A, B),
    )
    assert (await facts.relationship(kith.read, A, B)).i_asked
    assert not (await facts.relationship(kith.read, B, A)).they_asked


async def test_an_expired_request_is_no_request(kith: Kith) -> None:
    await kith.people(A, B)
    await kith.run(
        "INSERT INTO friend_requests (id, requester, recipient, created_at, expires_at)"
        " VALUES (gen_random_uuid(), %s, %s, now() - interval '31 d', now() - interval '1 d')",
        *(A, B),
    )
    assert not (await facts.relationship(kith.read, A, B)).i_asked
    assert not (await facts.relationship(kith.read, B, A)).they_asked


async def test_which_rooms_are_a_shared_place(kith: Kith) -> None:
    cases = [
        ("server", "public", False, False, True),
        ("forum", "private", False, False, True),
        ("forum", "unlisted", False, False, True),
        ("forum", "public", False, False, False),
        ("forum", "private", True, False, False),
        ("circle", "private", False, False, True),
        ("circle", "private", False, True, False),
        ("dm", "private", False, False, False),
        ("foreign", "private", False, False, False),
    ]
    for number, (kind, visibility, default, ended, expected) in enumerate(cases):
        one, other = f"@one{number}:hs.test", f"@other{number}:hs.test"
        await kith.run(
            "INSERT INTO rooms (room_id, id, kind, local, visibility, is_default, read_only,"
            " created_at) VALUES (%s, gen_random_uuid(), %s, true, %s, %s, %s, now())",
            *(f"!{number}", kind, visibility, default, ended),
        )
        for user in (one, other):
            await kith.run(
                "INSERT INTO memberships (room_id, user_id, membership, sender, event_id,"
                " stream_ordering, since) VALUES (%s, %s, 'join', %s, '$e', 1, now())",
                *(f"!{number}", user, user),
            )
        found = await facts.shared_place(kith.read, one, other)
        assert found is expected, (kind, visibility, default, ended)


async def test_a_registered_room_and_its_open_invite(kith: Kith) -> None:
    await kith.run(
        "INSERT INTO rooms (room_id, id, kind, local, people, slow_mode, kept, created_at)"
        " VALUES ('!r', gen_random_uuid(), 'dm', true, %s, 30, true, now())",
        [A, B],
    )
    await kith.run(
        "INSERT INTO memberships (room_id, user_id, membership, sender, event_id,"
        " stream_ordering, since) VALUES ('!r', %s, 'invite', %s, '$e', 1, now())",
        *(B, A),
    )
    room = await facts.room(kith.read, "!r")
    assert room is not None
    assert (room.kind, room.one_to_one, room.slow_mode) == (RoomKind.DM, (A, B), 30)
    assert (room.kept, room.min_trust) == (True, Trust.NEW)
    await kith.run("UPDATE rooms SET min_trust = 2")
    room = await facts.room(kith.read, "!r")
    assert room is not None
    assert room.min_trust is Trust.TRUSTED
    assert await facts.inviter(kith.read, "!r", B) == A


async def test_a_bot_knows_who_wrote_to_it(kith: Kith) -> None:
    await kith.people(A, BOT)
    await kith.run("INSERT INTO bot_contacts (bot, user_id) VALUES (%s, %s)", BOT, A)
    assert (await facts.relationship(kith.read, BOT, A)).they_wrote
    assert not (await facts.relationship(kith.read, A, BOT)).they_wrote
