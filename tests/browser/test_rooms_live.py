# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done to a room or between two people is seen by the others at once, without a reload."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Route, expect

from appservice.rest.codes import Code
from stack.demo.cast import PASSWORD
from tests.browser.answers import refusing
from tests.browser.element import Circle, Element
from tests.browser.people import Browsing, Shots
from tests.browser.talking import GENERAL, Talking, Wire, soon
from tests.support.instance import Instance

pytestmark = [pytest.mark.journey, pytest.mark.timeout(200)]
SLOW_MODE = 20
_PATIENCE = 15_000
_GENERAL = re.compile(r"/api/v1/rooms/[^/?]+$")
_MESSAGES = re.compile(r"/api/v1/rooms/[^/]+/messages\?")
_NAMED_GENERAL = re.compile("^General")


@dataclass(frozen=True)
class Group:
    """Ada looks after it; Ben and Cleo are in it, Dov is not."""

    circle: Circle
    id: str

    @property
    def path(self) -> str:
        return f"/messages/{self.id}"


@pytest.fixture(scope="module")
def group(crowd: Circle) -> Group:
    crowd.friends(("ada", "ben"), ("ada", "cleo"), ("ada", "dov"))
    ada, ben, cleo = (crowd.person(name) for name in ("ada", "ben", "cleo"))
    body = {"participants": [ben.user_id, cleo.user_id], "name": "Kite builders"}
    made = crowd.kith(ada, "POST", "/dm/conversations", body)
    for one in (ben, cleo):
        crowd.kith(one, "POST", f"/dm/conversations/{made['id']}/accept")
    return Group(crowd, made["id"])


def _seen(there: Locator, *, gone: bool = False) -> None:
    started = time.monotonic()
    there.first.wait_for(state="detached" if gone else "visible", timeout=_PATIENCE)
    took = 1000 * (time.monotonic() - started)
    assert took <= soon(), f"{there} took {took:.0f} ms"


def test_what_a_groups_admin_does(browsing: Browsing, group: Group, shots: Shots) -> None:
    ada = Talking(browsing.somebody()).enter("ada", group.path)
    ben = Talking(browsing.somebody()).enter("ben", group.path)
    theirs = ben.page.get_by_role("complementary", name="About this conversation")
    mine = ada.page.get_by_role("complementary", name="About this conversation")
    expect(theirs.get_by_text("@cleo")).to_be_visible()
    ben.person.settle()

    mine.get_by_label("Name of the group").fill("Kite flyers")
    mine.get_by_role("button", name="Save").click()
    ada.person.says("The group has a new name.")
    _seen(ben.page.get_by_role("heading", level=1, name="Kite flyers"))

    mine.get_by_role("button", name="Add somebody").click()
    ada.page.get_by_role("dialog").get_by_role("button", name=re.compile("dov")).click()
    ada.person.says("Invited.")
    _seen(theirs.get_by_role("listitem").filter(has_text="@dov").get_by_text("Invited"))

    mine.get_by_role("button", name="More about cleo").click()
    ada.page.get_by_role("menuitem", name="Remove from the group").click()
    ada.page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    ada.person.says("cleo is no longer in the group.")
    _seen(theirs.get_by_text("@cleo"), gone=True)

    expect(theirs.get_by_role("button", name="Add somebody")).to_have_count(0)
    mine.get_by_role("button", name="More about ben").click()
    ada.page.get_by_role("menuitem", name="Hand the group over").click()
    ada.page.get_by_role("alertdialog").get_by_role("button", name="Hand").click()
    ada.person.says("ben looks after the group now.")
    _seen(theirs.get_by_role("button", name="Add somebody"))
    expect(mine.get_by_role("button", name="Add somebody")).to_have_count(0)
    ben.person.accessible("an admin's group")
    shots.take(ben.page, "group-admin-dark-wide")


def test_a_request_shows_at_once(browsing: Browsing, crowd: Circle) -> None:
    for name in ("eva", "finn"):
        crowd.person(name)
    theirs = browsing.somebody()
    theirs.enter("finn", "/connections/incoming")
    expect(theirs.page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    mine = browsing.somebody()
    # Strangers do not see each other's friends.
    mine.refusals = theirs.refusals = {403}
    mine.enter("eva", "/people/finn")
    mine.page.get_by_role("button", name="Add a friend").click()
    mine.page.get_by_label("A short note").fill("The kites need a tail.")
    mine.page.get_by_role("button", name="Send the request").click()
    mine.says("Your request to finn is on its way.")
    _seen(theirs.page.get_by_text("The kites need a tail."))
    way = theirs.page.get_by_role("navigation", name="Community").get_by_role(
        "link", name="People"
    )
    _seen(way.get_by_text("1 request waiting"))
    expect(theirs.page).to_have_title(re.compile(r"^\(1\) "))
    theirs.page.get_by_role("button", name=re.compile("^Accept: eva")).click()
    theirs.says("You and eva are friends now.")
    _seen(mine.page.get_by_role("button", name="Message"))


def _from_outside(route: Route) -> None:
    """A forum as somebody sees it who has not been brought in yet."""
    told = route.fetch()
    route.fulfill(response=told, json=told.json() | {"membership": None})


def test_a_newcomer_is_in_without_a_click(browsing: Browsing, crowd: Circle) -> None:
    juno = crowd.person("juno")
    # Everybody is brought there soon. Here it is to happen while the page is looked at.
    crowd.kith(juno, "POST", "/v1/rooms/general/join")
    person = browsing.somebody()
    page = person.page
    # Whoever has left is told no more who is there.
    person.refusals = {403, 404}
    page.route(_GENERAL, _from_outside)
    page.route(_MESSAGES, refusing(Code.FORBIDDEN))
    person.enter("juno", GENERAL)
    expect(page.get_by_role("heading", name="You are not in here yet")).to_be_visible()
    expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    person.accessible("a forum one is not in yet")
    page.unroute(_GENERAL)
    page.unroute(_MESSAGES)
    mine = page.get_by_role("navigation", name="Forums").get_by_role("link", name=_NAMED_GENERAL)
    crowd.kith(juno, "POST", "/v1/rooms/general/leave")
    expect(mine).to_be_hidden()
    crowd.kith(juno, "POST", "/v1/rooms/general/join")
    there = Talking(person)
    expect(there.composer).to_be_visible()
    expect(page.get_by_role("log").get_by_role("article").first).to_be_visible()
    expect(mine).to_be_visible()
    there.say("Nobody had to ask for me.")
    there.confirmed("Nobody had to ask for me.")


@pytest.fixture(scope="module")
def gail(instance: Instance, crowd: Circle) -> Element:
    """Staff."""
    command = ("user", "create", "gail", "--admin", "--password-stdin")
    made = instance.command(*command, stdin=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stdout + made.stderr
    return crowd.staff("gail")


@pytest.fixture
def slowed(crowd: Circle, gail: Element) -> Iterator[str]:
    """General, in slow mode for as long as a test lasts."""
    crowd.kith(gail, "POST", "/v1/rooms/general/join")
    general = str(crowd.kith(gail, "GET", "/v1/rooms/general")["room_id"])
    gail.say(general, f"!kith slowmode {SLOW_MODE}")
    gail.until(lambda: _slow_mode(gail, general) == SLOW_MODE)
    yield general
    gail.say(general, "!kith slowmode off")
    gail.until(lambda: _slow_mode(gail, general) == 0)


def _slow_mode(who: Element, room: str) -> int | None:
    """As the room's state says it to every client."""
    kind = "social.kith.slow_mode"
    told = [one["content"] for one in who.seen.get(room, []) if one["type"] == kind]
    return int(told[-1]["seconds"]) if told else None


def test_slow_mode_shows_its_clock(
    browsing: Browsing, crowd: Circle, slowed: str, shots: Shots
) -> None:
    crowd.kith(crowd.person("hana"), "POST", "/v1/rooms/general/join")
    person = browsing.somebody()
    there = Talking(person).enter("hana", GENERAL)
    clock = there.page.get_by_role("timer")
    there.say("Is anybody else here?")
    there.confirmed("Is anybody else here?")
    _seen(clock)
    expect(clock).to_have_text(re.compile(r"you can write again in \d+ s$"))
    first = _seconds(clock)
    # Longer than it took until now, and not longer than new people wait.
    assert 0 < first <= 2 * SLOW_MODE
    there.composer.fill("This has to wait.")
    expect(there.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    there.page.wait_for_function(
        "was => parseInt(document.querySelector('[role=timer]').innerText.split(' in ')[1]) < was",
        arg=first,
    )
    person.accessible("slow mode")
    shots.take(there.page, "slow-mode-dark-wide")
    del slowed


def test_a_refusal_says_for_how_long(
    browsing: Browsing, crowd: Circle, slowed: str, shots: Shots
) -> None:
    ivar = crowd.person("ivar")
    crowd.kith(ivar, "POST", "/v1/rooms/general/join")
    person = browsing.somebody()
    person.refusals = {429}
    person.provoked = ("/events?",)
    wire = Wire(person.page)
    there = Talking(person).enter("ivar", GENERAL)
    # Said in another app while this window hears nothing: it learns of the wait by the refusal.
    wire.cut(polling=True)
    ivar.say(slowed, "From my other app.")
    there.composer.fill("And from this one.")
    there.composer.press("Enter")
    failed = there.page.get_by_role("article").filter(has_text="And from this one.")
    expect(failed.get_by_role("alert")).to_contain_text("Not sent.")
    again = failed.get_by_role("button", name=re.compile(r"^Try again \(\d+ s\)$"))
    expect(again).to_be_disabled()
    expect(there.page.get_by_role("timer")).to_be_visible()
    person.accessible("refused by slow mode")
    shots.take(there.page, "slow-mode-refused-dark-wide")


def _seconds(clock: Locator) -> int:
    found = re.search(r"(\d+) s$", clock.inner_text())
    assert found
    return int(found[1])
