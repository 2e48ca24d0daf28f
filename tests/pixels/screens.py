# SPDX-License-Identifier: AGPL-3.0-or-later
"""The screens that are pictured: whose window, which address, what is pressed, what is there."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from appservice.rest.codes import Code
from tests.browser.answers import Answer, refusing, saying
from tests.browser.people import Somebody
from tests.browser.talking import GENERAL, PLANET, Talking
from tests.pixels.tape import Tape

ALICE, NOBODY = "alice", "nobody"
_INBOX = "GET /api/dm/conversations?filter=all&limit=30"
_GOODS = "GET /api/listings?"
_SHELF = "Does anybody have a spare bookshelf? The reading corner grows."
_REGISTRATION = re.compile(r"/api/auth/registration$")
_FORUMS = re.compile(r"/api/v1/lounge\?")
_FORUM = re.compile(r"/api/v1/rooms/general$")


@dataclass(frozen=True)
class Screen:
    """One view of the app.

    Attributes:
        path: where; or found in what the person was told.
        there: what says that it is all there.
        who: whose window.
        press: what is done before the picture.
        instead: what the server is said to answer, by address.
    """

    name: str
    path: str | Callable[[Tape], str]
    there: Callable[[Page], Locator]
    who: str = ALICE
    press: Callable[[Somebody], None] | None = None
    instead: Mapping[re.Pattern[str], Answer] = field(default_factory=dict)

    def open(self, person: Somebody, tape: Tape) -> None:
        """Bring a window there."""
        for asked, answer in self.instead.items():
            person.page.route(asked, answer)
        person.go(self.path if isinstance(self.path, str) else self.path(tape))
        if self.press:
            self.press(person)
        expect(self.there(person.page).first).to_be_visible()


def _heading(name: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_role("heading", name=name)


def _button(name: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_role("button", name=name)


def _text(text: str) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_text(text)


def _role(role: Any) -> Callable[[Page], Locator]:
    return lambda page: page.get_by_role(role)


def _composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^Message "))


def _conversation(name: str) -> Callable[[Tape], str]:
    def path(tape: Tape) -> str:
        listed = tape.answers[_INBOX].body["conversations"]
        return next(f"/messages/{one['id']}" for one in listed if named(one) == name)

    def named(one: dict[str, Any]) -> Any:
        others = [other["display_name"] for other in one["participants"]]
        return one["name"] or (name if name in others and len(others) == 2 else None)

    return path


def _thread(tape: Tape) -> str:
    told = next(
        answer.body["items"]
        for key, answer in tape.answers.items()
        if re.fullmatch(r"GET /api/v1/rooms/[^/]+/messages\?limit=50", key)
        and any(one.get("body") == _SHELF for one in answer.body["items"])
    )
    root = next(one["event_id"] for one in told if one.get("body") == _SHELF)
    return f"{GENERAL}?thread={root}"


def _listing(tape: Tape) -> str:
    for key, answer in tape.answers.items():
        if key.startswith(_GOODS):
            for one in answer.body["listings"]:
                if one["title"].startswith("City bicycle"):
                    return f"/listings/{one['id']}"
    raise LookupError("no bicycle is offered")


def _more(person: Somebody) -> None:
    Talking(person).tool(PLANET, "More")


def _keys(keys: str) -> Callable[[Somebody], None]:
    return lambda person: person.page.keyboard.press(keys)


def _end(person: Somebody) -> None:
    """See the end of a long page."""
    person.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    person.settle()


def _showcase(person: Somebody) -> None:
    """Put the builder at the top of the window."""
    title = person.page.get_by_role("heading", name="Showcase", exact=True)
    title.evaluate("(it) => it.scrollIntoView({ block: 'start' })")
    person.settle()


SCREENS = (
    Screen("sign-in", "/sign-in", _button("Sign in"), NOBODY),
    Screen(
        "sign-up",
        "/sign-up",
        _role("textbox"),
        NOBODY,
        instead={_REGISTRATION: saying({"policy": "token"})},
    ),
    Screen("styleguide", "/styleguide-neon", _role("heading"), NOBODY),
    Screen("styleguide-end", "/styleguide-neon", _role("heading"), NOBODY, _end),
    Screen("lounge", "/lounge", _text("General")),
    Screen(
        "lounge-empty",
        "/lounge",
        _heading("No forums yet"),
        instead={_FORUMS: saying({"forums": [], "next_cursor": None})},
    ),
    Screen(
        "lounge-failed",
        "/lounge",
        _heading("That did not work"),
        instead={_FORUMS: refusing(Code.INVALID)},
    ),
    Screen("forum", GENERAL, _composer),
    Screen("thread", _thread, _text("I can carry the other end.")),
    Screen(
        "forum-forbidden",
        GENERAL,
        _heading("There is no such forum"),
        instead={_FORUM: refusing(Code.FORBIDDEN)},
    ),
    Screen("inbox", "/messages", _text("Seed swap crew")),
    Screen("requests", "/messages?filter=requests", _text("Repair café helpers")),
    Screen("conversation", _conversation("Bob Lindqvist"), _composer),
    Screen("menu", _conversation("Seed swap crew"), _role("menu"), press=_more),
    Screen("friends", "/connections", _text("Grace Kim")),
    Screen("people", "/people", _role("heading")),
    Screen("profile-self", "/profile/alice", _text("Photography")),
    Screen("profile-stranger", "/profile/dave", _text("Dave Petrov")),
    Screen("editor", "/settings/profile", _role("textbox")),
    Screen("showcase", "/settings/profile", _heading("Showcase"), press=_showcase),
    Screen("listings", "/listings", _text("City bicycle, three gears")),
    Screen("listing", _listing, _heading("City bicycle, three gears")),
    Screen("new-listing", "/listings/new", _role("textbox")),
    Screen("privacy", "/settings/privacy", _role("radio")),
    Screen("your-data", "/settings/data", _button("Make a copy")),
    Screen("switcher", "/connections", _role("dialog"), press=_keys("Control+k")),
    Screen("shortcuts", "/connections", _role("dialog"), press=_keys("?")),
    Screen("unknown", "/no/such/page", _heading("There is no page here")),
)
