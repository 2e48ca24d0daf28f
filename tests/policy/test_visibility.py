# SPDX-License-Identifier: AGPL-3.0-or-later
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.visibility import DEFAULTS, UNHIDDEN, Field, Level, Viewer, level_of, may_see, visible

LEVELS = st.sampled_from([level.value for level in Level])
SETTINGS = st.dictionaries(st.sampled_from(list(Field)), LEVELS)
FIELDS = {field.value: object() for field in Field}
SEEN_BY = {
    Level.PUBLIC: set(Viewer),
    Level.CONNECTIONS: {Viewer.SELF, Viewer.FRIEND},
    Level.PRIVATE: {Viewer.SELF},
}


def test_name_and_picture_are_public_and_all_else_is_for_friends() -> None:
    public = {name for name, level in DEFAULTS.items() if level is Level.PUBLIC}
    assert public == {"display_name", "avatar"}
    assert set(DEFAULTS) == set(Field)
    assert {level for name, level in DEFAULTS.items() if name not in public} == {Level.CONNECTIONS}


@pytest.mark.parametrize(
    ("level", "viewer", "hidden"), list(itertools.product(Level, Viewer, (False, True)))
)
def test_who_sees_which_level(level: Level, viewer: Viewer, hidden: bool) -> None:
    expected = viewer in SEEN_BY[level] and (not hidden or viewer is Viewer.SELF)
    assert may_see(level, viewer, hidden=hidden) is expected


@given(SETTINGS, st.sampled_from(Viewer), st.booleans())
def test_every_field_is_there_or_absent(
    settings: dict[str, str], viewer: Viewer, hidden: bool
) -> None:
    found = visible(FIELDS, settings, viewer, hidden=hidden)
    for field in Field:
        level = Level.PUBLIC if field == "display_name" else settings.get(field, DEFAULTS[field])
        expected = viewer in SEEN_BY[Level(level)]
        if hidden and viewer is not Viewer.SELF:
            expected = expected and field in UNHIDDEN
        assert (field in found) is expected
    assert all(found[name] is FIELDS[name] for name in found)


@given(SETTINGS, st.booleans())
def test_strangers_of_every_kind_see_the_same(settings: dict[str, str], hidden: bool) -> None:
    strangers = (Viewer.SIGNED_IN, Viewer.ANONYMOUS, Viewer.REMOTE)
    seen = [visible(FIELDS, settings, viewer, hidden=hidden) for viewer in strangers]
    assert seen[0] == seen[1] == seen[2]
    friend = visible(FIELDS, settings, Viewer.FRIEND, hidden=hidden)
    assert seen[0].keys() <= friend.keys()


@given(SETTINGS)
def test_hiding_and_coming_back_restores_what_was(settings: dict[str, str]) -> None:
    before = visible(FIELDS, settings, Viewer.FRIEND, hidden=False)
    assert visible(FIELDS, settings, Viewer.FRIEND, hidden=True).keys() <= UNHIDDEN
    assert visible(FIELDS, settings, Viewer.FRIEND, hidden=False) == before


def test_what_is_unknown_only_its_owner_sees() -> None:
    fields = {"shoe_size": 42, "bio": "x"}
    for viewer in set(Viewer) - {Viewer.SELF}:
        settings = {"shoe_size": "public", "bio": "everybody"}
        assert visible(fields, settings, viewer, hidden=False) == {}
    assert visible(fields, {}, Viewer.SELF, hidden=True) == fields


def test_the_name_is_public_whatever_is_set() -> None:
    assert level_of("display_name", {"display_name": "private"}) is Level.PUBLIC
    seen = visible({"display_name": "A"}, {"display_name": "private"}, Viewer.REMOTE, hidden=True)
    assert seen == {"display_name": "A"}
