# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a profile the whole world may see, as Matrix fields (D34)."""

from typing import Any

from appservice.profile_sync.fields import SHARED, Bio, Json
from appservice.profiles import bio
from appservice.profiles.store import Row
from policy.person import Trust
from policy.visibility import Field, Level, Viewer, visible


def public(found: Row, avatar: str | None, banner: str | None) -> dict[str, Json]:
    """Matrix field → value of everything that is for everybody.

    Args:
        found: the profile.
        avatar: its address at the homeserver.
        banner: the same.
    """
    seen = visible(
        _values(found, avatar, banner), found.settings, Viewer.REMOTE, hidden=found.hidden
    )
    written: dict[str, Json] = {}
    for name, value in seen.items():
        if value:
            written.update(SHARED[name].write(value))
    return written


def open_to_all(found: Row, name: str) -> bool:
    """Whether everybody may see a field."""
    return name in visible({name: True}, found.settings, Viewer.REMOTE, hidden=found.hidden)


def decided(found: Row, name: str) -> bool:
    """Whether its owner has said of a field here what it is, or that it is not for everybody."""
    own = {**_values(found, None, None), Field.AVATAR: found.avatar_media}
    own[Field.BANNER] = found.banner_media
    return bool(own[name]) or found.visibility.get(name, Level.PUBLIC) != Level.PUBLIC


def _values(found: Row, avatar: str | None, banner: str | None) -> dict[str, Any]:
    links = found.trust is not Trust.NEW
    location = {"city": found.city, "country_code": found.country_code}
    return {
        Field.DISPLAY_NAME: found.display_name,
        Field.AVATAR: avatar,
        Field.BANNER: banner,
        Field.BIO: Bio(found.bio, bio.html(found.bio, links=links)) if found.bio else None,
        Field.PRONOUNS: found.pronouns,
        Field.TIMEZONE: found.timezone,
        Field.GENDER: found.gender,
        Field.LOCATION: {k: v for k, v in location.items() if v} if found.country_code else None,
        Field.SEARCH_INTERESTS: [one["label"] for one in found.interests],
    }
