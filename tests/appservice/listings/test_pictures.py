# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of listings: whose, in which order, for whom, and when they go."""

from uuid import UUID

from appservice.profile_media.for_listings import ListingPictures
from appservice.profile_media.signing import Signer
from tests.support.door import SECRETS, Answer, Door, Person

PATH = "/api/listings"


async def picture(
    door: Door, owner: Person, status: str = "ready", purpose: str = "listing"
) -> str:
    media_id = door.clock.new_id()
    await owner.get("/api/me")
    await door.sql(
        "INSERT INTO profile_media (id, user_id, purpose, status, bytes, created_at, updated_at)"
        " VALUES (%(id)s, %(owner)s, %(purpose)s, %(status)s, 1, %(now)s, %(now)s)",
        id=media_id,
        owner=owner.user_id,
        purpose=purpose,
        status=status,
        now=door.clock.now(),
    )
    return str(media_id)


async def post(person: Person, *images: str) -> Answer:
    return await person.post(PATH, {"title": "Bike", "images": list(images)})


def shown(answer: Answer) -> list[str]:
    return [one["media_id"] for one in answer.body["images"]]


async def test_pictures_keep_their_order_and_only_good_ones_are_shown(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    first, second, third = [await picture(door, alice) for _ in range(3)]
    made = await post(alice, second, third, first)
    assert made.status == 201, made.text
    assert shown(made) == [second, third, first]
    path = f"{PATH}/{made.body['id']}"
    # A moderator has looked at it again.
    judged = "UPDATE profile_media SET status = %(status)s WHERE id = %(id)s"
    await door.sql(judged, status="rejected", id=second)
    found = await bob.get(path)
    assert shown(found) == [third, first]
    urls = found.body["images"][0]["urls"]
    assert set(urls) == {"1024", "320"}
    assert all("expires=" in url and "signature=" in url for url in urls.values())
    row = (await bob.get(PATH)).body["listings"][0]
    assert row["image"]["media_id"] == third
    changed = await alice.patch(path, {"images": [first, third]})
    assert shown(changed) == [first, third]
    assert shown(await alice.patch(path, {"images": []})) == []


async def test_a_card_shows_the_first_picture_small(door: Door) -> None:
    alice = door.person("alice")
    made = await post(alice, await picture(door, alice))
    cards = [{"entity_id": made.body["id"]}]
    answer = await alice.ask(
        "PUT",
        f"/api/profile/{alice.user_id}/showcase",
        {"collection": "featured_listings", "cards": cards},
    )
    url = answer.body["showcase"][0]["thumbnail_url"]
    assert url == made.body["images"][0]["urls"]["320"]


async def test_what_is_not_a_picture_of_ones_own_for_listings_is_refused(door: Door) -> None:
    alice, bob = door.person("alice"), door.person("bob")
    for wrong in (
        await picture(door, bob),
        await picture(door, alice, purpose="avatar"),
        await picture(door, alice, "rejected"),
        await picture(door, alice, "waiting"),
        await picture(door, alice, "review"),
    ):
        answer = await post(alice, await picture(door, alice), wrong)
        assert (answer.status, answer.code) == (400, "unknown_image")
    many = [await picture(door, alice) for _ in range(11)]
    assert (await post(alice, *many)).code == "invalid"


async def test_pictures_that_no_listing_shows_are_swept(door: Door) -> None:
    alice = door.person("alice")
    kept, dropped, lost = [await picture(door, alice) for _ in range(3)]
    avatar = await picture(door, alice, purpose="avatar")
    await post(alice, kept)
    made = await post(alice, kept, dropped)
    await alice.delete(f"{PATH}/{made.body['id']}")
    sweeper = ListingPictures(door.database, Signer(SECRETS["secret_key"]), door.clock)

    async def left() -> set[str]:
        return {str(row[0]) for row in await door.sql("SELECT id FROM profile_media")}

    await sweeper.sweep()
    assert await left() == {kept, dropped, lost, avatar}
    door.clock.advance(days=1, seconds=1)
    fresh = await picture(door, alice)
    await sweeper.sweep()
    assert await left() == {kept, avatar, fresh}
    jobs = await door.sql(
        "SELECT args->>'media_id' FROM procrastinate_jobs WHERE task_name = 'profile_media.forget'"
    )
    assert {UUID(row[0]) for row in jobs} == {UUID(dropped), UUID(lost)}
