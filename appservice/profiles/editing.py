# SPDX-License-Identifier: AGPL-3.0-or-later
"""A change of a profile: judged field by field, written, noted, and sent on to the homeserver."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from appservice.clock import Clock
from appservice.database import Transaction
from appservice.errors import Denied
from appservice.people.comparing import compare
from appservice.places.gazetteer import Gazetteer
from appservice.places.timezones import is_timezone
from appservice.profiles import activity, bio, interests, names, store
from appservice.profiles.activity import Kind
from appservice.profiles.store import Row
from policy.names import tidied
from policy.profile import judge_bio, judge_interests, judge_words
from policy.reason import Reason
from policy.verdict import Deny, Verdict
from policy.visibility import DEFAULTS, Field, Viewer, level_of, visible


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody says they live."""

    city: str | None
    country_code: str | None
    place_id: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change; what is not given stays.

    Attributes:
        texts: of `display_name`, `bio`, `gender`, `pronouns`, `timezone`; None takes it away.
        place: a new place; None with `moved` takes it away.
        moved: whether a place is given.
        chosen: interests as pairs of id and label, each of which may be None; None keeps them.
        levels: new levels by the names of `Field`.
        hidden: hide the whole profile, or show it again.
        onboarding: steps with what became of them.
        revision: the revision this change was made on; None is any.
    """

    texts: Mapping[str, str | None] = field(default_factory=dict)
    place: Place | None = None
    moved: bool = False
    chosen: Sequence[tuple[str | None, str | None]] | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
    hidden: bool | None = None
    onboarding: Mapping[str, str] = field(default_factory=dict)
    revision: int | None = None


_SHOWN: Mapping[str, Kind] = {"bio": Kind.CHANGED_BIO, "interests": Kind.CHANGED_INTERESTS}
_TO_MATRIX = frozenset(
    {"display_name", "bio", "pronouns", "timezone", "visibility", "hidden", "gender", "interests"}
    | {"city", "country_code"}
)


class Editing:
    """Applies changes."""

    def __init__(self, clock: Clock, gazetteer: Gazetteer) -> None:
        """Take the time, and who knows places."""
        self._clock = clock
        self._gazetteer = gazetteer

    async def apply(self, tx: Transaction, found: Row, change: Change, *, by: str) -> None:
        """Apply a change to a profile whose owner's lock is held.

        Raises:
            Denied: the first field that cannot be as it is given, named in the details.
        """
        wanted = await self._judged(tx, found, change)
        now_is = _present(found)
        changes = {name: value for name, value in wanted.items() if value != now_is[name]}
        if not changes:
            return
        now = self._clock.now()
        await store.save(tx, found.user_id, changes, now)
        for name in _closed(found, changes):
            # The lists that show it must not wait for the homeserver, which may be away.
            await store.tell_no_address(tx, found.user_id, name)
        if "display_name" in changes:
            await names.remember(tx, found.user_id, changes["display_name"])
        await self._note(tx, found, change, changes, by=by, now=now)
        if changes.keys() & _TO_MATRIX:
            await compare(tx, found.user_id)

    async def _judged(self, tx: Transaction, found: Row, change: Change) -> dict[str, Any]:
        wanted: dict[str, Any] = {}
        for name, text in change.texts.items():
            given = text or name == Field.DISPLAY_NAME
            wanted[name] = await self._text(tx, found, name, text or "") if given else None
        if change.moved:
            place = await self._place(change.place)
            wanted.update(asdict(place))
        if change.chosen is not None:
            wanted["interests"] = _interests(change.chosen)
        if change.levels:
            wanted.update(_levels(found, change.levels))
        if change.hidden is not None:
            wanted["hidden"] = change.hidden
        if change.onboarding:
            wanted["onboarding"] = {**found.onboarding, **change.onboarding}
        return wanted

    async def _text(self, tx: Transaction, found: Row, name: str, text: str) -> str | None:
        if name == Field.DISPLAY_NAME:
            # What one is called already is not judged (D34).
            if tidied(text) == found.display_name:
                return tidied(text)
            _refuse(name, await names.judge(tx, found.user_id, text))
            return tidied(text)
        if name == Field.BIO:
            _refuse(name, judge_bio(bio.words(text)))
        elif name == Field.TIMEZONE:
            if not is_timezone(text):
                _refuse(name, Deny(Reason.TIMEZONE_UNKNOWN))
        else:
            _refuse(name, judge_words(text))
            return tidied(text) or None
        return text

    async def _place(self, place: Place | None) -> Place:
        if place is None:
            return Place(None, None, None)
        if place.place_id is not None:
            known = await self._gazetteer.place(place.place_id)
            if known is not None:
                return Place(known.city, known.country_code, place.place_id)
            _refuse(Field.LOCATION, Deny(Reason.PLACE_UNKNOWN))
        code = (place.country_code or "").upper()
        if self._gazetteer.country(code) is None:
            _refuse(Field.LOCATION, Deny(Reason.PLACE_UNKNOWN))
        return Place(place.city or None, code, None)

    async def _note(
        self,
        tx: Transaction,
        found: Row,
        change: Change,
        changes: Mapping[str, Any],
        *,
        by: str,
        now: datetime,
    ) -> None:
        owner = found.user_id
        staff = {"by": by} if by != owner else {}
        if staff:
            subject = {**staff, "fields": sorted(changes)}
            await activity.record(tx, owner, Kind.CHANGED_BY_STAFF, now, subject=subject)
        else:
            for name, kind in _SHOWN.items():
                if changes.get(name):
                    await activity.record(tx, owner, kind, now, once=True)
        for name, level in change.levels.items():
            before = level_of(name, found.settings)
            if name != Field.DISPLAY_NAME and level != before:
                subject = {"field": name, "from": before, "to": level, **staff}
                await activity.record(tx, owner, Kind.VISIBILITY_CHANGED, now, subject=subject)
        if "hidden" in changes:
            kind = Kind.HIDDEN if changes["hidden"] else Kind.SHOWN
            await activity.record(tx, owner, kind, now, subject=staff)


def _present(found: Row) -> dict[str, Any]:
    names_of_row = ("display_name", "connections", *store.COLUMNS)
    present = {name: getattr(found, name) for name in names_of_row}
    return {**present, "interests": [dict(one) for one in found.interests]}


def _interests(chosen: Sequence[tuple[str | None, str | None]]) -> list[dict[str, str]]:
    found: dict[str, interests.Interest] = {}
    for interest_id, label in chosen:
        one = interests.known(interest_id) if interest_id else None
        if one is None:
            text = label or ""
            if not tidied(text):
                _refuse(Field.SEARCH_INTERESTS, Deny(Reason.WORDS_CHARACTERS))
            _refuse(Field.SEARCH_INTERESTS, judge_words(text))
            one = interests.own(tidied(text))
        found.setdefault(one.id, one)
    _refuse(Field.SEARCH_INTERESTS, judge_interests(list(found)))
    return [asdict(one) for one in found.values()]


def _closed(found: Row, changes: Mapping[str, Any]) -> set[str]:
    """Pictures that everybody saw and not everybody sees any more."""
    if not changes.keys() & {"visibility", "hidden"}:
        return set()
    pictures: dict[str, bool] = {Field.AVATAR: True, Field.BANNER: True}
    levels, hidden = (
        changes.get("visibility", found.visibility),
        changes.get("hidden", found.hidden),
    )
    before = visible(pictures, found.visibility, Viewer.REMOTE, hidden=found.hidden)
    after = visible(pictures, levels, Viewer.REMOTE, hidden=hidden)
    return before.keys() - after.keys()


def _levels(found: Row, levels: Mapping[str, str]) -> dict[str, Any]:
    """Only what differs from the defaults is kept; who sees friends is a setting of its own."""
    merged = {**found.visibility, **levels}
    merged.pop(Field.DISPLAY_NAME, None)
    wanted: dict[str, Any] = {}
    connections = merged.pop(Field.CONNECTIONS, None)
    if connections is not None:
        wanted["connections"] = str(connections)
    wanted["visibility"] = {
        str(name): str(level) for name, level in merged.items() if level != DEFAULTS[name]
    }
    return wanted


def _refuse(name: str, verdict: Verdict) -> None:
    if isinstance(verdict, Deny):
        problem = {"field": str(name), "problem": verdict.reason.sentence}
        raise Denied(verdict.reason, details={"fields": [problem]})
