# SPDX-License-Identifier: AGPL-3.0-or-later
import pytest

from appservice.profiles import bio
from appservice.profiles.names import NameBook
from tests.support.door import Answer, Door, Person

LONG = "x" * 281


async def put(person: Person, **body: object) -> Answer:
    return await person.ask("PUT", f"/api/profile/{person.user_id}", body)


REFUSED: list[tuple[str, object, str]] = [
    ("display_name", "Al", "name_length"),
    ("display_name", "", "name_length"),
    ("display_name", "Ann\u202eA", "name_characters"),
    ("display_name", "Ann\x00A", "name_characters"),
    ("display_name", "\u0410lice", "name_scripts"),
    ("display_name", "Kith Support", "name_reserved"),
    ("bio", LONG, "bio_length"),
    ("gender", "x" * 31, "words_length"),
    ("pronouns", "x" * 31, "words_length"),
    ("pronouns", "she\u200b/her", "words_characters"),
    ("gender", "a\nb", "words_characters"),
    ("gender", "a\x00b", "words_characters"),
    ("location", {"place_id": 7}, "place_unknown"),
    ("location", {"city": "Oslo", "country_code": "ZZ"}, "place_unknown"),
    ("location", {"city": "Oslo"}, "place_unknown"),
    ("timezone", "Europe/Nowhere", "timezone_unknown"),
    ("timezone", "../../etc/passwd", "timezone_unknown"),
    ("search_interests", [{"label": f"n{n}"} for n in range(13)], "interests_limit"),
    ("search_interests", [{"label": "x" * 31}], "words_length"),
    ("search_interests", [{"label": " "}], "words_characters"),
    ("search_interests", [{"id": "no-such"}], "words_characters"),
]
MALFORMED: list[dict[str, object]] = [
    {"bio": "x" * 2001},
    {"avatar_url": "mxc://x/y"},
    {"visibility_settings": {"display_name": "private"}},
    {"visibility_settings": {"bio": "all"}},
    {"visibility_settings": {"shoes": "public"}},
    {"hidden": "yes"},
    {"location": {"country_code": "NOR"}},
    {"revision": -1},
    {"search_interests": [{"label": "x"}] * 51},
]


async def test_a_refusal_names_the_field_and_what_to_do(door: Door) -> None:
    alice = door.person("alice")
    for field, value, code in REFUSED:
        answer = await put(alice, **{field: value})
        assert (answer.status in (400, 403), answer.code) == (True, code)
        problem = answer.body["error"]["details"]["fields"][0]
        assert problem == {"field": field, "problem": answer.body["error"]["message"]}
    assert (await alice.get(f"/api/profile/{alice.user_id}")).body["mine"]["revision"] == 0


async def test_what_is_malformed_is_refused(door: Door) -> None:
    alice = door.person("alice")
    for body in MALFORMED:
        answer = await put(alice, **body)
        assert (answer.status, answer.code) == (400, "invalid"), body


async def test_what_fits_is_kept(door: Door) -> None:
    alice = door.person("alice")
    hidden_by_markdown = "[" + "x" * 280 + "](https://" + "y" * 300 + ".test)"
    assert (await put(alice, bio=hidden_by_markdown)).status == 200
    chosen = [{"label": f"n{n}"} for n in range(11)] + [{"id": "chess"}, {"label": "CHESS"}]
    answer = await put(alice, search_interests=chosen)
    assert len(answer.body["search_interests"]) == 12
    assert (await put(alice, gender="\u00e9" * 30)).status == 200
    assert (await put(alice, gender=" ")).body["gender"] is None
    assert (await put(alice, pronouns=" she  / her ")).body["pronouns"] == "she / her"
    assert (await put(alice, bio="a\r\nb\u202e\x07")).body["bio"] == "a\nb"


async def test_nobody_poses_as_another(door: Door) -> None:
    alice, eve, root = door.person("alice"), door.person("eve"), door.person("root")
    await root.get("/api/me")
    await door.sql("INSERT INTO staff VALUES (%(u)s, 'admin')", u=root.user_id)
    assert (await put(root, display_name="Olivia")).status == 200
    assert (await put(alice, display_name="Alina")).status == 200
    for name, code in (
        ("AIina", "name_posing"),
        ("0livia", "name_reserved"),
        ("Olivia!", "name_reserved"),
        ("root", "name_reserved"),
        ("kith", "name_reserved"),
    ):
        assert (await put(eve, display_name=name)).code == code
    # Matrix clients add the id where two names are the same.
    assert (await put(eve, display_name="Alina")).status == 200
    assert (await put(root, display_name="Olivia")).status == 200


async def test_a_name_that_came_another_way_is_guarded_too(door: Door) -> None:
    alice, eve = door.person("alice"), door.person("eve")
    await alice.get("/api/me")
    await door.sql(
        "UPDATE people SET display_name = 'Alice' WHERE user_id = %(u)s", u=alice.user_id
    )
    assert (await put(eve, display_name="AIice")).status == 200
    assert (await put(eve, display_name="Eve")).status == 200
    await NameBook(door.database).catch_up()
    assert (await put(eve, display_name="AIice")).code == "name_posing"
    # What somebody is called already is not judged.
    await door.sql("UPDATE people SET display_name = 'admin' WHERE user_id = %(u)s", u=eve.user_id)
    assert (await put(eve, display_name="admin", bio="x")).status == 200


async def test_links_of_new_people_are_not_clickable(door: Door) -> None:
    alice = door.person("alice")
    text = "**hi** [me](https://me.test) <https://me.test>"
    assert "<a " in (await put(alice, bio=text)).body["bio_html"]
    await door.sql("UPDATE people SET trust = 0 WHERE user_id = %(u)s", u=alice.user_id)
    found = (await alice.get(f"/api/profile/{alice.user_id}")).body["bio_html"]
    assert found.startswith("<p><strong>hi</strong> [me](https://me.test)")
    assert "<a" not in found


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="x">',
        "![x](https://x.test/a.png)",
        "[x](data:text/html,x)",
        "# big",
        "> " * 500,
        "*" * 1000,
        "[" * 1000,
    ],
)
@pytest.mark.parametrize("links", [True, False])
def test_a_bio_is_harmless(text: str, links: bool) -> None:
    found = bio.html(text, links=links)
    for bad in ("<script", "<img", "<h1", 'javascript:alert(1)"', 'href="data:', "<blockquote"):
        assert bad not in found


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("*a* **b** [c](https://d.test)", "a b c"),
        ("a\nb", "a\nb"),
        ("a\n\nb", "a\nb"),
        ("a &amp; \\*b\\*", "a & *b*"),
        ("", ""),
    ],
)
def test_only_what_is_read_counts(text: str, read: str) -> None:
    assert bio.words(text) == read
