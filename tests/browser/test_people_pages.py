# SPDX-License-Identifier: AGPL-3.0-or-later
"""Profiles as people use them: three viewers, an editor, and what others then see."""

import json
import re
import zipfile
from typing import Any

import nio
import pytest
from playwright.sync_api import expect

from stack.demo.cast import PASSWORD
from stack.demo.portrait import portrait
from tests.browser.element import Circle, Element
from tests.browser.looks import ALL, SMALL, TWO, WIDE, everywhere, wear
from tests.browser.people import Browsing, Shots, Somebody
from tests.support.instance import Instance

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

_PRIVATE = {"pronouns", "timezone", "bio", "location", "search_interests"}


def _body(person: Somebody, path: str) -> dict[str, Any]:
    return person.page.evaluate(
        "async (path) => { const answer = await fetch(path); return await answer.json(); }", path
    )


def test_three_viewers_see_three_pages(browsing: Browsing, shots: Shots) -> None:
    friend, stranger, nobody = (browsing.somebody() for _ in range(3))
    friend.enter("bob", "/profile/alice")
    stranger.refusals = nobody.refusals = {401, 403}
    stranger.enter("dave", "/profile/alice")
    nobody.go("/profile/alice")
    for name, person in (("friend", friend), ("stranger", stranger), ("anonymous", nobody)):
        expect(person.page.get_by_role("heading", level=1, name="Alice Moreau")).to_be_visible()
        expect(person.page.get_by_text("I keep a darkroom")).to_be_visible()
        person.accessible(name)
        shots.take(person.page, f"profile-{name}-dark-wide")
        if name == "friend":
            wear(person, "light", WIDE)
            shots.take(person.page, "profile-friend-light-wide")
    seen = {
        name: _PRIVATE & set(_body(person, "/api/profile/alice"))
        for name, person in (("friend", friend), ("stranger", stranger), ("nobody", nobody))
    }
    assert seen["friend"] == _PRIVATE
    assert seen["stranger"] == seen["nobody"] == {"bio", "location", "search_interests"}
    assert "relationship" in _body(stranger, "/api/profile/alice")
    assert "relationship" not in _body(nobody, "/api/profile/alice")
    expect(friend.page.get_by_text("she/her")).to_be_visible()
    expect(stranger.page.get_by_text("she/her")).to_have_count(0)
    expect(nobody.page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(nobody.page.get_by_role("button", name="Add a friend")).to_have_count(0)


def test_somebody_changes_their_profile(browsing: Browsing, shots: Shots) -> None:
    noor = browsing.somebody()
    noor.refusals = {403, 409}
    noor.enter("carol", "/settings/profile")
    page = noor.page
    preview = page.get_by_role("complementary", name="Preview")
    bio = page.get_by_label("About you", exact=True)
    bio.fill("Letters of **lead**, and tea.")
    expect(preview.get_by_text("Letters of lead, and tea.")).to_be_visible()
    bio.fill("x" * 281)
    expect(page.get_by_text("One character too many.")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    bio.fill("Letters of **lead**, and tea.")
    # What is not saved is still there after the page was left.
    page.reload()
    expect(page.get_by_text("What you left unsaved here is back.")).to_be_visible()
    expect(bio).to_have_value("Letters of **lead**, and tea.")
    page.get_by_role("combobox", name="Add an interest").fill("bir")
    page.get_by_role("option", name=re.compile("Birds")).click()
    page.get_by_role("combobox", name="Add an interest").fill("Letterpress")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Where you live").fill("berg")
    page.get_by_role("option", name=re.compile("Bergen, Norway")).click()
    seen = page.get_by_role("radiogroup", name="Who sees: About you").first
    seen.get_by_role("radio", name="Friends").check(force=True)
    preview.get_by_role("button", name="Somebody signed in").click()
    expect(preview.get_by_text("Letters of")).to_have_count(0)
    noor.accessible("editor")
    shots.take(page, "edit-profile-unsaved-dark-wide")
    page.get_by_role("button", name="Save").click()
    noor.says("Your profile is saved.")
    body = _body(noor, "/api/profile/carol")
    assert (body["bio"], body["location"]["label"]) == (
        "Letters of **lead**, and tea.",
        "Bergen, Norway",
    )
    assert {"Birds", "Letterpress"} <= {one["label"] for one in body["search_interests"]}
    assert body["mine"]["visibility_settings"]["bio"] == "connections"

    # Another window was first: both touched the same field, and one is asked.
    second = page.context.new_page()
    browsing.listen(noor, second)
    second.goto(noor.url + "/settings/profile")
    second.get_by_label("About you", exact=True).fill("Ink.")
    bio.fill("Lead.")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_text("Your profile is saved.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("alertdialog")
    expect(dialog.get_by_text("About you")).to_be_visible()
    noor.announced()
    noor.accessible("conflict")
    shots.take(page, "edit-profile-conflict-dark-wide")
    dialog.get_by_role("button", name="Keep my changes").click()
    page.get_by_role("button", name="Save").click()
    noor.says("Your profile is saved.")
    assert _body(noor, "/api/profile/carol")["bio"] == "Lead."


def test_a_page_as_others_see_it(browsing: Browsing, shots: Shots) -> None:
    alice = browsing.somebody("small", "light")
    alice.refusals = {403}
    alice.enter("alice", "/profile/alice")
    page = alice.page
    expect(page.get_by_text("Friends only").first).to_be_visible()
    page.get_by_role("link", name="Signed out").click()
    expect(page).to_have_url(re.compile(r"\?as=anonymous$"))
    expect(page.get_by_text("she/her")).to_have_count(0)
    alice.accessible("as somebody signed out")
    shots.take(page, "profile-as-anonymous-light-small")


def _listed(person: Somebody, title: str) -> None:
    made = person.page.evaluate(_POST, ["/api/listings", {"title": title}])
    assert made == 201, made


def test_a_showcase_is_put_in_order_by_keys(browsing: Browsing) -> None:
    alice = browsing.somebody()
    alice.refusals = {403}
    alice.enter("alice", "/settings/profile")
    page, keys = alice.page, alice.page.keyboard
    names = ("Enlarger", "Tripod", "Light meter")
    for name in names:
        _listed(alice, name)
    page.reload()
    for name in names:
        page.get_by_role("combobox", name="Add a listing").click()
        page.get_by_role("option", name=name).click()
        expect(page.get_by_role("button", name=f"Move {name}")).to_be_visible()
    rows = page.get_by_role("grid", name="Listings").get_by_role("row")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Move Enlarger").focus()
    focus = page.locator(":focus")
    for key in ("Enter", "ArrowDown", "ArrowDown"):
        before = focus.get_attribute("aria-label")
        keys.press(key)
        # The places to put it take the focus one after the other, each in its time.
        expect(focus).to_have_attribute("aria-label", re.compile("^Insert"))
        expect(focus).not_to_have_attribute("aria-label", before or "")
    keys.press("Enter")
    expect(page.get_by_text("Enlarger is now", exact=False)).to_be_attached()
    # The same without dragging: the menu of a card.
    alice.announced()
    # It is said before it is drawn: what stands first until then has no way to the end.
    expect(rows.first.get_by_role("button", name="Move Enlarger")).to_have_count(0)
    first = rows.first.get_by_role("button", name=re.compile("^Move ")).get_attribute("aria-label")
    title = (first or "").removeprefix("Move ")
    page.get_by_role("button", name=f"More about {title}").click()
    page.get_by_role("menuitem", name="Move to the end").click()
    expect(page.get_by_text(f"{title} is now 3 of 3.")).to_be_attached()
    expect(rows.last.get_by_role("button", name=f"Move {title}")).to_be_visible()
    alice.settle()
    page.reload()
    expect(rows.last.get_by_role("button", name=f"Move {title}")).to_be_visible()


def test_a_name_from_the_editor_is_the_matrix_name(browsing: Browsing, crowd: Circle) -> None:
    tuva = crowd.person("tuva")
    person = browsing.somebody()
    person.enter("tuva", "/settings/profile")
    page = person.page
    page.get_by_label("Name", exact=True).fill("Tuva Holm")
    page.get_by_role("button", name="Save").click()
    person.says("Your profile is saved.")
    # What every Matrix app asks the homeserver itself for.
    tuva.until(lambda: _matrix_name(tuva) == "Tuva Holm")


def _matrix_name(person: Element) -> str | None:
    answer = person.run(person.client.get_displayname(person.user_id))
    assert isinstance(answer, nio.ProfileGetDisplayNameResponse), answer
    return answer.displayname


def _taken_along(person: Somebody, shots: Shots) -> None:
    """Have a copy made, fetch it, open it, take it away again."""
    page = person.page
    page.get_by_role("button", name="Make a copy").click()
    under_way = page.get_by_role("progressbar", name="How far the archive is")
    fetching = page.get_by_role("link", name=re.compile("^Download the archive of"))
    # It may be made before anybody could see how far it is.
    expect(under_way.or_(fetching)).to_be_visible()
    expect(fetching).to_be_visible(timeout=60_000)
    everywhere(person, "your-data-archive", fetching, ALL, shots, all_shots=True)
    with page.expect_download() as download:
        fetching.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert {"index.html", "manifest.json"} <= {
            name.split("/")[-1] for name in archive.namelist()
        }
    page.get_by_role("button", name=re.compile("^Remove the archive of")).click()
    person.says("The archive is removed.")
    expect(fetching).to_have_count(0)


def test_data_is_taken_along_and_an_account_given_up(
    browsing: Browsing, crowd: Circle, instance: Instance, shots: Shots
) -> None:
    user = crowd.person("odile").user_id
    person = browsing.somebody()
    person.refusals = {403, 404}
    person.enter("odile", "/settings/data")
    page = person.page
    _taken_along(person, shots)
    page.get_by_role("button", name="Delete my account…").click()
    dialog = page.get_by_role("alertdialog")
    dialog.get_by_label("Your password").fill("not it")
    dialog.get_by_role("button", name="Delete my account").click()
    expect(dialog.get_by_text("The password is wrong.")).to_be_visible()
    person.announced()
    everywhere(person, "erase", dialog, ALL, shots)
    dialog.get_by_label("Your password").fill(PASSWORD)
    dialog.get_by_role("button", name="Delete my account").click()
    address = dialog.get_by_label("Address of the proof")
    expect(address).to_have_value(re.compile("^http.*/erasures/.+"))
    kept = address.input_value()
    person.announced()
    everywhere(person, "erase-begun", address, ALL, shots)
    dialog.get_by_role("button", name="I have kept it").click()
    told = page.get_by_role("region", name="Delete your account")
    expect(told).to_contain_text("Your account will be deleted on")
    expect(told).to_contain_text("in 14 days.")
    expect(told.get_by_role("button", name="Keep my account")).to_be_visible()
    everywhere(person, "your-data-waiting", told, ALL, shots, all_shots=True)
    assert _body(person, "/api/profile/odile")["mine"]["hidden"] is True

    anybody = browsing.somebody("small")
    anybody.refusals = {404}
    anybody.go(kept.removeprefix(anybody.url))
    waiting = anybody.page.get_by_text("It will be deleted on")
    everywhere(anybody, "proof-waiting", waiting, ALL, shots)
    # Another way to say who one is, and the old address is none any more.
    page.get_by_role("button", name="New address of the proof").click()
    dialog.get_by_role("button", name="I sign in without a password").click()
    dialog.get_by_label(f"Type {user}").fill(user)
    dialog.get_by_role("button", name="Make a new address").click()
    expect(dialog.get_by_role("heading", name="Keep this address")).to_be_visible()
    dialog.get_by_role("button", name="I have kept it").click()
    anybody.page.reload()
    expect(anybody.page.get_by_role("heading", name="This address leads nowhere")).to_be_visible()

    # Every page says so until it is called off.
    person.go("/lounge")
    bar = page.get_by_role("region", name="Your account ends")
    expect(bar).to_contain_text("Your account will be deleted on")
    bar.get_by_role("button", name="Keep my account").click()
    person.says("Your account stays. Everything is as it was.")
    expect(bar).to_have_count(0)
    assert _body(person, "/api/me/erasure")["state"] == "none"
    assert _body(person, "/api/profile/odile")["mine"]["hidden"] is False
    _given_up(person, anybody, instance, shots)


def _given_up(person: Somebody, anybody: Somebody, instance: Instance, shots: Shots) -> None:
    """Without the days in between: their window is left, and the proof says what was done."""
    person.refusals = {401, 403, 404}
    done = instance.command("erase", "odile", "--now")
    assert done.returncode == 0, done.stderr
    # By itself: what it has open was closed, and it is not let in any more.
    expect(person.page).to_have_url(re.compile("/sign-in"), timeout=15_000)
    link = re.search(r"/erasures/\S+", done.stderr)
    assert link, done.stderr
    anybody.go(link.group())
    page = anybody.page
    expect(page.get_by_text("It was deleted on")).to_be_visible()
    gone = page.get_by_text(re.compile(r"^Removed: \d"))
    everywhere(anybody, "proof-done", gone, TWO, shots, all_shots=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the proof").click()
    told = download.value.path().read_text()
    assert json.loads(told) == json.loads(done.stdout)
    assert "odile" not in told


def test_somebody_new_is_shown_round(browsing: Browsing, shots: Shots) -> None:
    dave = browsing.somebody("small")
    dave.refusals = {403}
    dave.enter("dave", "/profile/dave")
    page = dave.page
    page.get_by_role("button", name="Go on with it").click()
    dialog = page.get_by_role("dialog", name="Welcome")
    expect(dialog.get_by_label("What should others call you?")).to_have_value("Dave Petrov")
    dave.accessible("welcome")
    shots.take(page, "welcome-dark-small")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_text("Step 2 of 3")).to_be_visible()
    dialog.get_by_role("button", name="Skip").click()
    dialog.get_by_role("button", name="Climbing").click()
    dave.announced()
    dave.accessible("welcome, interests")
    shots.take(page, "welcome-interests-dark-small")
    # It goes on where it was left.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Go on with it").click()
    expect(dialog.get_by_text("Step 3 of 3")).to_be_visible()
    dialog.get_by_role("button", name="Climbing").click()
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_text("That is you.")).to_be_visible()
    dialog.get_by_role("button", name="Go and say hello").click()
    expect(page.get_by_role("link", name="Climbing")).to_be_visible()
    assert _body(dave, "/api/profile/dave")["mine"]["onboarding"] == {
        "display_name": "done",
        "avatar": "skipped",
        "interests": "done",
    }


def test_a_picture_is_cut_and_shown(browsing: Browsing, shots: Shots) -> None:
    bob = browsing.somebody("small")
    bob.refusals = {403}
    bob.enter("bob", "/settings/profile")
    page, keys = bob.page, bob.page.keyboard
    chosen = page.locator("#avatar input[type=file]")
    small = {"name": "small.png", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    chosen.set_input_files([small])
    expect(page.get_by_text("Choose a PNG, JPEG, WebP or GIF.")).to_be_visible()
    picture = {"name": "me.png", "mimeType": "image/png", "buffer": portrait("bob again", "B")}
    chosen.set_input_files([picture])
    dialog = page.get_by_role("dialog", name="Your picture")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="The part that is shown").focus()
    for key in ("+", "+", "ArrowLeft", "ArrowUp"):
        keys.press(key)
    assert float(dialog.get_by_role("slider").input_value()) > 1.2
    bob.accessible("crop")
    shots.take(page, "crop-dark-small")
    dialog.get_by_role("button", name="Use this part").click()
    place = page.get_by_role("region", name="Messages of the app")
    expect(place.get_by_text("Your new picture is there.")).to_be_visible(timeout=30_000)
    assert set(_body(bob, "/api/profile/bob")["avatar"]["urls"]) == {"64", "128", "256", "512"}


def test_people_are_found_and_asked(browsing: Browsing, shots: Shots) -> None:
    carol = browsing.somebody()
    carol.enter("carol", "/people")
    page = carol.page
    expect(page.get_by_role("heading", name="People you may know")).to_be_visible()
    page.get_by_label("Find people").fill("grace")
    row = page.get_by_role("list", name="People found").get_by_role("listitem")
    expect(row.filter(has_text="Grace Kim")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=grace"))
    page.get_by_label("Find people").fill("")
    page.goto(carol.url + '/people?interests=["cycling"]')
    expect(row.filter(has_text="Hiro Tanaka")).to_be_visible()
    expect(page.get_by_role("complementary", name="Narrow down")).to_be_visible()
    carol.settle()
    carol.accessible("people found")
    shots.take(page, "people-found-dark-wide")
    wear(carol, "light", WIDE)
    shots.take(page, "people-found-light-wide")
    # On a phone whoever is found comes first; what narrows it down opens when it is wanted.
    wear(carol, "dark", SMALL)
    narrow = page.get_by_role("button", name="Narrow down")
    expect(narrow).to_have_attribute("aria-expanded", "false")
    countries = page.get_by_role("heading", name="Countries")
    expect(countries).to_be_hidden()
    carol.accessible("people found, small")
    shots.take(page, "people-found-dark-small")
    narrow.press("Enter")
    expect(countries).to_be_visible()
    wear(carol, "light", WIDE)
    page.get_by_role("button", name="Take away the filter Cycling").click()
    expect(page.get_by_role("heading", name="Whom do you look for?")).to_be_visible()


_POST = """async ([path, body]) => {
  const { csrf_token } = await (await fetch("/api/auth/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.status;
}"""
