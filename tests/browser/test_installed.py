# SPDX-License-Identifier: AGPL-3.0-or-later
"""The app as something that is installed: it opens without a connection, and is renewed when told.

All other tests run without the service worker; here it is the browser's own.
"""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.element import Circle
from tests.browser.people import Browsing, Shots, Somebody
from tests.browser.talking import GENERAL, Talking

pytestmark = [pytest.mark.journey, pytest.mark.timeout(150)]
_OFFLINE = ("net::ERR_INTERNET_DISCONNECTED", "/ws/")
_WORKS = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  if (active.state === "activated") return;
  await new Promise((done) => active.addEventListener("statechange", done, { once: true }));
}"""
_FILES = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) found.push(url);
  }
  return found;
}"""
# Everything that is kept, by shelf: names and, as one text, what they hold.
_KEPT = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open("kith");
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const database = request.result;
    const shelves = [...database.objectStoreNames];
    const found = {};
    if (shelves.length === 0) { database.close(); resolve(found); return; }
    const transaction = database.transaction(shelves);
    for (const shelf of shelves) {
      const all = transaction.objectStore(shelf).getAll();
      all.onsuccess = () => {
        const names = all.result.map(({ name }) => name);
        found[shelf] = { names, text: JSON.stringify(all.result) };
      };
    }
    transaction.oncomplete = () => { database.close(); resolve(found); };
  };
})"""
_NEXT = "navigator.serviceWorker.register('/sw.js?next', { updateViaCache: 'none' })"
_RUNS = "navigator.serviceWorker.controller?.scriptURL.split('/').pop() ?? null"


def installed(browsing: Browsing, name: str, path: str) -> Somebody:
    """Somebody whose window the service worker looks after."""
    person = browsing.somebody(worker=True)
    person.enter(name, path)
    # It is fetched once the page is at rest.
    person.page.evaluate(_WORKS)
    person.go(path)
    assert person.page.evaluate(_RUNS) == "sw.js"
    return person


def keeps(page: Page, shelf: str, text: str) -> None:
    """This is kept now."""
    page.evaluate(
        f"""async ([shelf, text]) => {{
          while (!(await ({_KEPT})())[shelf]?.text.includes(text))
            await new Promise(requestAnimationFrame);
        }}""",
        [shelf, text],
    )


def test_it_can_be_installed(browsing: Browsing) -> None:
    person = browsing.somebody()
    person.go("/sign-in")
    devtools = person.page.context.new_cdp_session(person.page)
    manifest: dict[str, Any] = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert urlsplit(manifest["url"]).path == "/manifest.webmanifest"
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # Every window of a test is a private one.
    assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []


def test_without_a_connection_there_is_something_to_read(
    browsing: Browsing, crowd: Circle, shots: Shots
) -> None:
    tilda = crowd.person("tilda")
    # Everybody is brought there, but a new account not at once.
    crowd.kith(tilda, "POST", "/v1/rooms/general/join")
    person = browsing.somebody(worker=True)
    person.sign_in(tilda.name)
    person.page.evaluate(_WORKS)
    person.go(GENERAL)
    talk = Talking(person).at_the_newest()
    page = talk.page
    talk.say("Read this on the train.")
    talk.confirmed("Read this on the train.")
    keeps(page, "messages", "Read this on the train.")
    assert len(page.evaluate(_KEPT)["messages"]["names"]) == 1
    assert 'csrfToken":""' in page.evaluate(_KEPT)["answers"]["text"].replace("\\", "")
    paths = {urlsplit(url).path for url in page.evaluate(_FILES)}
    assert {path for path in paths if not path.startswith("/assets/")} == {"/"}

    person.provoked = _OFFLINE
    page.context.set_offline(True)
    page.reload()
    # A window that was opened anew does not hear of the network, only that nobody answers.
    away = page.get_by_text("The server does not answer. What you see is what this browser kept.")
    expect(away).to_be_visible()
    expect(talk.said("Read this on the train.")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="General")).to_be_visible()
    person.accessible("offline, after a reload")
    shots.take(page, "offline-room-dark-wide")
    talk.say("Written in the tunnel.")
    page.get_by_role("link", name="Messages").first.click()
    expect(page).to_have_url(re.compile("/messages$"))
    page.goto(person.url + GENERAL)
    talk.at_the_newest()
    expect(talk.said("Written in the tunnel.")).to_be_visible()

    page.context.set_offline(False)
    # It tries again by itself, in less than the longest wait.
    expect(away).to_be_hidden(timeout=40_000)
    person.settle()
    tunnel = talk.said("Written in the tunnel.")
    again = tunnel.get_by_role("button", name="Try again")
    if again.is_visible():
        again.click()
    talk.confirmed("Written in the tunnel.")
    expect(tunnel).to_have_count(1)

    person.provoked = ()
    person.you("Sign out")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert all(not shelf["names"] for shelf in page.evaluate(_KEPT).values())
    # Without a connection the app still opens, and shows nothing of whoever was here.
    person.provoked = _OFFLINE
    page.context.set_offline(True)
    page.goto(person.url + GENERAL)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_text("Read this on the train.")).to_have_count(0)


def test_a_new_version_waits_until_it_is_taken(browsing: Browsing, shots: Shots) -> None:
    person = installed(browsing, "alice", "/connections")
    page = person.page
    other = page.context.new_page()
    browsing.listen(person, other)
    other.goto(person.url + "/lounge")
    expect(other.get_by_role("heading", level=1, name="The Lounge")).to_be_visible()
    for window in (page, other):
        window.evaluate("() => { window.mine = navigator.serviceWorker.controller; }")
    page.evaluate(_NEXT)
    news = "There is a new version of Kith."
    expect(page.get_by_text(news)).to_be_visible()
    expect(other.get_by_text(news)).to_be_visible()
    assert page.evaluate(_RUNS) == "sw.js"
    person.accessible("a new version")
    shots.take(page, "new-version-dark-wide")
    page.get_by_role("button", name="Reload").click()
    page.wait_for_function("() => window.mine === undefined")
    other.wait_for_function("() => navigator.serviceWorker.controller !== window.mine")
    # The other window keeps what it has until its own button is pressed.
    assert other.evaluate("() => Boolean(window.mine)")
    other.get_by_role("button", name="Reload").click()
    other.wait_for_function("() => window.mine === undefined")
