# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person in the browser, one with a Matrix client: what each does, the other sees."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FilePayload, expect

from stack.accounts import Doors
from tests.browser.element import Circle, Element, picture
from tests.browser.people import Browsing, Shots
from tests.browser.talking import Talking
from tests.support.instance import Instance

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]
SLOW = 15_000
"""Milliseconds for what goes round by Synapse, on a busy machine."""


@pytest.fixture(scope="session")
def circle(instance: Instance) -> Iterator[Circle]:
    """Wanda sits at the browser, the others have Matrix clients."""
    with Circle(Doors.of(instance.data / "run" / "kith.yaml")) as made:
        made.friends(("wanda", "nils"), ("wanda", "otto"), ("wanda", "pia"), ("nils", "otto"))
        yield made


def _enter(browsing: Browsing, circle: Circle, room: str) -> Talking:
    who = circle.person("wanda")
    return Talking(browsing.somebody()).enter(who.name, circle.address(who, room))


@pytest.mark.parametrize(("name", "version"), [("nils", "12"), ("otto", "11")])
def test_what_each_does_the_other_sees(
    browsing: Browsing, circle: Circle, shots: Shots, name: str, version: str
) -> None:
    wanda_elsewhere, other = circle.person("wanda"), circle.person(name)
    room = circle.room(other, wanda_elsewhere, is_direct=True, room_version=version)
    wanda = _enter(browsing, circle, room)
    made = other.sees(room, lambda one: one["type"] == "m.room.create")
    assert made["content"]["room_version"] == version
    mine = wanda_elsewhere.user_id
    _from_the_client(wanda, mine, other, room)
    _from_the_browser(wanda, mine, other, room)
    wanda.person.accessible(f"with a Matrix client, version {version}")
    shots.take(wanda.page, f"with-element-{version}-dark-wide")


def _from_the_client(wanda: Talking, mine: str, other: Element, room: str) -> None:
    page, name = wanda.page, other.name
    other.type(room)
    expect(page.get_by_text(f"{name} is typing")).to_be_visible()
    first = other.say(room, "Are the keys with you?")
    expect(wanda.said("Are the keys with you?")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text(f"{name} is typing")).to_be_hidden()
    other.type(room, typing=False)
    # Seen in a window that has the focus: the receipt reaches the client.
    other.until(lambda: other.read.get(room, {}).get(mine) == first)
    other.edit(room, first, "Are all the keys with you?")
    expect(wanda.said("Are all the keys with you?")).to_contain_text("edited", timeout=SLOW)
    other.react(room, first, "🔑")
    pressed = wanda.said("Are all the keys with you?").get_by_role("button", name=re.compile("🔑"))
    expect(pressed).to_be_visible(timeout=SLOW)
    other.reply(room, "I ask for the cellar one.", first)
    answer = wanda.said("I ask for the cellar one.")
    expect(answer).to_contain_text("Are all the keys with you?", timeout=SLOW)
    other.under(room, "And for the bicycle one.", first)
    root = wanda.said("Are all the keys with you?").first
    expect(root.get_by_role("button", name=re.compile("^1 reply"))).to_be_visible(timeout=SLOW)
    other.show(room, "keys.png", "teal")
    shown = page.get_by_role("button", name="Open keys.png").get_by_role("img")
    expect(shown).to_be_visible(timeout=SLOW)
    page.wait_for_function("it => it.naturalWidth > 0", arg=shown.element_handle())
    last = other.say(room, "Never mind, this one is mine.")
    expect(wanda.said("Never mind, this one is mine.")).to_be_visible(timeout=SLOW)
    other.remove(room, last)
    expect(wanda.said("Never mind, this one is mine.")).to_have_count(0, timeout=SLOW)
    expect(page.get_by_text("This message was deleted")).to_have_count(1)


def _from_the_browser(wanda: Talking, mine: str, other: Element, room: str) -> None:
    page = wanda.page
    wanda.composer.press_sequentially("They hang", delay=20)
    other.until(lambda: mine in other.typists.get(room, []))
    wanda.composer.fill("They hang **by the door**.")
    wanda.composer.press("Enter")
    wanda.confirmed("They hang by the door.")
    sent = other.hears(room, "They hang **by the door**.")
    assert sent["content"]["formatted_body"] == "They hang <strong>by the door</strong>."
    other.mark(room, sent["event_id"])
    read = wanda.said("They hang by the door.").get_by_role("button", name="Read by 1 person")
    expect(read).to_be_visible(timeout=SLOW)

    wanda.composer.press("ArrowUp")
    wanda.composer.fill("They hang by the window.")
    wanda.composer.press("Enter")
    edit = other.hears(room, "* They hang by the window.")["content"]
    assert edit["m.relates_to"] == {"rel_type": "m.replace", "event_id": sent["event_id"]}
    assert edit["m.new_content"]["body"] == "They hang by the window."

    cellar = other.hears(room, "I ask for the cellar one.")["event_id"]
    wanda.tool("I ask for the cellar one.", "React")
    page.get_by_role("button", name="👍", exact=True).click()
    liked = other.sees(room, lambda one: one["type"] == "m.reaction" and one["sender"] == mine)
    assert liked["content"]["m.relates_to"]["event_id"] == cellar
    wanda.tool("I ask for the cellar one.", "Reply")
    wanda.say("That one is rusty.")
    answer = other.hears(room, "That one is rusty.")["content"]
    assert answer["m.relates_to"] == {"m.in_reply_to": {"event_id": cellar}}
    assert answer["m.mentions"] == {"user_ids": [other.user_id]}

    wanda.tool("That one is rusty.", "Reply in thread")
    panel = page.get_by_role("complementary", name=re.compile("^Thread"))
    panel.get_by_role("textbox").fill("Oil helps.")
    panel.get_by_role("textbox").press("Enter")
    root = other.hears(room, "That one is rusty.")["event_id"]
    related = other.hears(room, "Oil helps.")["content"]["m.relates_to"]
    assert (related["rel_type"], related["event_id"]) == ("m.thread", root)
    page.go_back()
    expect(panel).to_be_hidden()

    files: FilePayload = {"name": "door.png", "mimeType": "image/png", "buffer": picture("peru")}
    page.get_by_label("Attach a file").and_(page.locator("input")).set_input_files(files)
    expect(page.get_by_role("list", name="Files to send").locator("img")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    image = other.sees(
        room, lambda one: one["content"].get("msgtype") == "m.image" and one["sender"] == mine
    )["content"]
    assert (image["info"]["w"], image["info"]["h"]) == (320, 200)
    assert image["url"].startswith("mxc://")

    wanda.delete("That one is rusty.")
    gone = other.sees(
        room, lambda one: one["type"] == "m.room.redaction" and one["sender"] == mine
    )
    assert root in (gone.get("redacts"), gone["content"].get("redacts"))


def test_an_encrypted_conversation_is_honest(
    browsing: Browsing, circle: Circle, shots: Shots
) -> None:
    pia = circle.person("pia")
    secret: dict[str, Any] = {
        "type": "m.room.encryption",
        "state_key": "",
        "content": {"algorithm": "m.megolm.v1.aes-sha2"},
    }
    room = circle.room(pia, circle.person("wanda"), is_direct=True, initial_state=[secret])
    wanda, address = browsing.somebody(), circle.address(circle.person("wanda"), room)
    wanda.enter(circle.person("wanda").name, address)
    expect(wanda.page.get_by_text("Kith cannot read it; open it in another")).to_be_visible()
    expect(wanda.page.get_by_role("textbox", name=re.compile("^Message "))).to_have_count(0)
    sealed = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "ciphertext": "AwgAEnACgAkLmt6qF84IK",
        "device_id": "PIA",
        "sender_key": "IlRMeOPX2e0MurIyfWEucYBRVOEEUMrOHqn/8mLqMjA",
        "session_id": "X3lUlvLELLYxeTx4yOVu6UDpasGEVO0Jbu+QFnm0cKQ",
    }
    pia.send(room, sealed, "m.room.encrypted")
    unread = wanda.page.get_by_role("article").filter(has_text="Kith cannot read this message")
    expect(unread).to_have_count(1, timeout=SLOW)
    wanda.accessible("encrypted")
    shots.take(wanda.page, "encrypted-dark-wide")
    # Coming back to it from the history shows the same.
    wanda.go(address)
    expect(unread).to_have_count(1)


@pytest.mark.parametrize("how", ["kick", "ban"])
def test_who_is_removed_sees_no_more(
    browsing: Browsing, circle: Circle, shots: Shots, how: str
) -> None:
    nils, otto = circle.person("nils"), circle.person("otto")
    room = circle.room(nils, circle.person("wanda"), otto, name=f"Keys by {how}")
    person = browsing.somebody()
    # What was open is asked for once more, and refused.
    person.refusals = {403, 404}
    removed = circle.person("wanda")
    wanda = Talking(person).enter(removed.name, circle.address(removed, room))
    otto.say(room, "This is for the three of us.")
    expect(wanda.said("This is for the three of us.")).to_be_visible(timeout=SLOW)
    act = nils.client.room_kick if how == "kick" else nils.client.room_ban
    answer = nils.run(act(room, removed.user_id, reason="Lost the keys."))
    assert "Error" not in type(answer).__name__, answer
    what = "removed" if how == "kick" else "banned"
    title = f"nils {what} you from Keys by {how}"
    gone = wanda.page.get_by_role("heading", name=title)
    expect(gone).to_be_visible(timeout=SLOW)
    if how == "kick":
        # The words of a ban reach only who hears the room at that moment: a stranger's must not.
        expect(wanda.page.get_by_text("Lost the keys.")).to_have_count(1)
    expect(wanda.page.get_by_text("This is for the three of us.")).to_have_count(0)
    otto.say(room, "This is for the two of us.")
    person.settle()
    expect(wanda.page.get_by_text("This is for the two of us.")).to_have_count(0)
    expect(wanda.page.get_by_role("link", name=f"Keys by {how}")).to_have_count(0)
    person.accessible(how)
    shots.take(wanda.page, f"removed-by-{how}-dark-wide")
    wanda.page.reload()
    expect(wanda.page.get_by_role("heading", name=f"nils {what} you")).to_be_visible(timeout=SLOW)
