# SPDX-License-Identifier: AGPL-3.0-or-later

from typing import Any

import pytest

from tests.appservice.bot.conftest import Talk


@pytest.fixture
def alice(talk: Talk) -> str:
    return talk.homeserver.add("alice")


@pytest.fixture
def bob(talk: Talk) -> str:
    return talk.homeserver.add("bob")


async def ask(talk: Talk, alice: str, note: str = "") -> str:
    """Alice asks Bob; the event of the prompt he gets."""
    assert "I have asked @bob:hs.test" in await talk.say(alice, f"befriend @bob {note}")
    rows = await talk.database.read("SELECT event_id FROM bot_prompts")
    return str(rows[-1][0])


async def are_friends(talk: Talk, one: str, other: str) -> bool:
    rows = await talk.database.read(
        "SELECT 1 FROM friendships WHERE user_id = %(a)s AND friend_id = %(b)s",
        {"a": one, "b": other},
    )
    return bool(rows)


async def test_a_conversation_is_made_once_and_marked_direct(talk: Talk, alice: str) -> None:
    assert "befriend" in await talk.say(alice, "help")
    await talk.say(alice, "friends")
    assert len(talk.homeserver.rooms) == 1
    room = next(iter(talk.homeserver.rooms))
    assert talk.homeserver.rooms[room].members[alice] == "join"
    assert talk.homeserver.account_data[alice, "m.direct"] == {"@kith:hs.test": [room]}


async def test_its_mark_takes_turns_with_those_of_other_conversations(
    talk: Talk, alice: str
) -> None:
    """Two friends' conversation was now and then not marked: the bot wrote the list meanwhile."""
    await talk.bot.command("$said", "!anywhere", alice, "help")
    rows = await talk.database.read(
        "SELECT task_name, lock FROM procrastinate_jobs WHERE task_name = 'dms.mark_direct'"
    )
    assert rows == [("dms.mark_direct", f"direct:{alice}")]


@pytest.mark.parametrize("answer", ["✅", "👍🏽", "✔️", "accept", "Yes."])
async def test_a_prompt_is_accepted_by_a_sign_or_a_word(
    talk: Talk, alice: str, bob: str, answer: str
) -> None:
    prompt = await ask(talk, alice, "we met at the fair")
    assert "we met at the fair" in (await talk.heard(bob))[-1]
    await talk.bot.answer(prompt=prompt, recipient=bob, event_id="$r", answer=answer)
    await talk.work()
    assert await are_friends(talk, alice, bob)
    assert "accepted your friend request" in (await talk.heard(alice))[-1]


@pytest.mark.parametrize("answer", ["❌", "👎", "decline"])
async def test_a_declined_prompt_tells_nobody(
    talk: Talk, alice: str, bob: str, answer: str
) -> None:
    prompt = await ask(talk, alice)
    before = await talk.heard(alice)
    await talk.bot.answer(prompt=prompt, recipient=bob, event_id="$r", answer=answer)
    await talk.work()
    assert await talk.heard(alice) == before
    assert "You asked:\n• bob (@bob:hs.test)" in await talk.say(alice, "requests")


async def test_any_other_sign_answers_nothing(talk: Talk, alice: str, bob: str) -> None:
    prompt = await ask(talk, alice)
    before = await talk.heard(bob)
    await talk.bot.answer(prompt=prompt, recipient=bob, event_id="$r", answer="🎉")
    assert await talk.heard(bob) == before
    await talk.bot.answer(prompt="$unknown", recipient=bob, event_id="$r", answer="✅")
    assert not await are_friends(talk, alice, bob)


async def test_the_prompt_carries_its_two_answers_and_is_sent_once(
    talk: Talk, alice: str, bob: str
) -> None:
    await ask(talk, alice)
    rows = await talk.database.read("SELECT request_id, room_id FROM bot_prompts")
    await talk.bot.notify_request(str(rows[0][0]))
    room = talk.homeserver.rooms[rows[0][1]]
    signs = [e["content"]["m.relates_to"]["key"] for e in room.events if "rel" in str(e)]
    assert signs == ["✅", "❌"]
    assert len(await talk.heard(bob)) == 1


async def test_accept_needs_a_name_only_when_several_wait(
    talk: Talk, alice: str, bob: str
) -> None:
    carol = talk.homeserver.add("carol")
    assert "No such friend request" in await talk.say(bob, "accept")
    await talk.say(alice, "befriend bob")
    await talk.say(carol, "befriend https://matrix.to/#/%40bob%3Ahs.test")
    assert "Several are waiting" in await talk.say(bob, "accept")
    assert "friends now" in await talk.say(bob, "accept @carol")
    assert "friends now" in await talk.say(bob, "accept")
    assert "alice" in await talk.say(bob, "friends")
    assert "no longer friends" in await talk.say(bob, "unfriend @alice:hs.test")
    assert not await are_friends(talk, alice, bob)


async def test_block_and_unblock(talk: Talk, alice: str, bob: str) -> None:
    assert "blocked" in await talk.say(alice, "block @bob")
    assert "blocked this person" in await talk.say(alice, "befriend @bob")
    assert "does not take friend requests" in await talk.say(bob, "befriend @alice")
    assert "no longer blocked" in await talk.say(alice, "unblock @bob")


async def test_who_may_write_is_set_by_a_word(talk: Talk, alice: str) -> None:
    assert "everyone, connections, following, none" in await talk.say(alice, "dm whoever")
    assert "nobody" in await talk.say(alice, "DM none")
    rows = await talk.database.read(
        "SELECT dm_policy FROM people WHERE user_id = %(a)s", {"a": alice}
    )
    assert rows == [("none",)]


@pytest.mark.parametrize(
    ("words", "answer", "seconds"),
    [
        ("slowmode 30", "one message in 30 seconds", 30),
        ("slowmode off", "off", 0),
        ("slowmode 99999", "up to 21600", 7),
        ("slowmode -1", "up to 21600", 7),
        ("slowmode ٣", "one message in 3 seconds", 3),
        ("slowmode", "up to 21600", 7),
    ],
)
async def test_staff_set_slow_mode_where_they_write(
    talk: Talk, alice: str, words: str, *, answer: str, seconds: int
) -> None:
    await talk.say(alice, "help")
    room = await talk.homeserver.create_room({}, as_user=None)
    async with talk.database.transaction() as tx:
        await tx.read(
            "INSERT INTO rooms (room_id, id, kind, local, slow_mode, created_at)"
            " VALUES (%(r)s, gen_random_uuid(), 'forum', true, 7, now())",
            {"r": room},
        )
    assert "Only staff" in await talk.say(alice, words, room)
    async with talk.database.transaction() as tx:
        await tx.read("INSERT INTO staff VALUES (%(a)s, 'moderator')", {"a": alice})
    assert answer in await talk.say(alice, words, room)
    rows = await talk.database.read(
        "SELECT slow_mode FROM rooms WHERE room_id = %(r)s", {"r": room}
    )
    assert rows == [(seconds,)]
    assert "no slow mode in this room" in await talk.say(alice, "slowmode 5", "!a-dm")


async def test_an_account_is_kept_by_a_word_while_it_waits_for_its_deletion(
    talk: Talk, alice: str
) -> None:
    assert "is not going to be deleted" in await talk.say(alice, "keep my account")
    await talk.erasures.ask(alice)
    await talk.work()
    before = await talk.heard(alice)
    assert 'answer "keep my account"' in before[-1]
    assert 'write "keep my account"' in await talk.say(alice, "keep it")
    assert (await talk.erasures.state(alice)).erasure
    answer = await talk.say(alice, "!kith Keep my account.")
    assert answer.startswith("Your account stays, and your profile is as it was.")
    assert len(await talk.heard(alice)) == len(before) + 2, "said once"
    assert (await talk.erasures.state(alice)).erasure is None
    assert "is not going to be deleted" in await talk.say(alice, "keep my account")
    await talk.erasures.ask(alice, at_once=True)
    async with talk.database.transaction() as tx:
        await tx.read("UPDATE erasures SET state = 'running', began_at = now()", {})
    assert "nothing can stop that" in await talk.say(alice, "keep my account")


async def test_a_seller_is_told_what_staff_closed_and_why(talk: Talk, alice: str) -> None:
    await talk.say(alice, "help")
    rows = []
    for title, by in (("La\u2028mp", "@mod:hs.test"), ("Chair", alice)):
        async with talk.database.transaction() as tx:
            rows += await tx.read(
                "INSERT INTO listings (id, seller, title, status, listed_at, created_at,"
                " updated_at, closed_at, closed_by, close_reason) VALUES (gen_random_uuid(),"
                " %(a)s, %(title)s, 'closed', now(), now(), now(), now(), %(by)s, 'Not yours')"
                " RETURNING id",
                {"a": alice, "title": title, "by": by},
            )
    before = await talk.heard(alice)
    for _ in range(2):
        for (listing,) in rows:
            await talk.bot.listing_note(str(listing))
    [told] = (await talk.heard(alice))[len(before) :]
    assert told.startswith("A moderator has closed your listing “La mp”: “Not yours”.")
    assert told.endswith(f"/listings/{rows[0][0]}.")


async def test_whoever_commands_too_fast_is_not_heard(talk: Talk, alice: str) -> None:
    for _ in range(30):
        await talk.say(alice, "help")
    assert len(await talk.heard(alice)) == 20
    talk.clock.advance(minutes=1)
    await talk.say(alice, "help")
    assert len(await talk.heard(alice)) == 21


async def test_a_repeated_job_says_nothing_twice(talk: Talk, alice: str, bob: str) -> None:
    for _ in range(3):
        for room in talk.homeserver.rooms.values():
            room.sent.clear()  # as a Synapse that was started again
        await talk.bot.command("$same", "!r", alice, f"befriend {bob}")
        await talk.work()
    assert len(await talk.heard(alice)) == 1
    assert len(await talk.heard(bob)) == 1


@pytest.mark.parametrize(
    "trick", ["\r\nmoved", "\u2028moved", "\u202emoved", "\0moved", "x" * 4096]
)
async def test_nothing_echoed_carries_tricks(talk: Talk, alice: str, bob: str, trick: str) -> None:
    talk.homeserver.profiles[alice]["displayname"] = f"Al{trick}"
    await talk.say(alice, f"befriend @bob no{trick[:100]}te")
    said: Any = "".join(await talk.heard(bob))
    assert said
    assert not set(said) & set("\r\u2028\u202e\0")
    assert len(said) < 1000
    assert said.count("\n") == 1


async def test_who_left_the_conversation_is_asked_back_not_dragged(
    talk: Talk, alice: str, bob: str
) -> None:
    await talk.say(bob, "help")
    room = next(iter(talk.homeserver.rooms))
    await talk.homeserver.leave(room, as_user=bob)
    async with talk.database.transaction() as tx:
        await tx.read(
            "INSERT INTO rooms (room_id, id, kind, local, created_at)"
            " VALUES (%(r)s, gen_random_uuid(), 'dm', true, now())",
            {"r": room},
        )
        await tx.read(
            "INSERT INTO memberships VALUES (%(r)s, %(b)s, 'leave', %(b)s, '$e', 1, now())",
            {"r": room, "b": bob},
        )
    await ask(talk, alice)
    assert talk.homeserver.rooms[room].members[bob] == "invite"
