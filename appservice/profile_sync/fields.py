# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields of a profile under the names Matrix clients read them by (MSC4133). Pure.

``m.tz`` is in the specification (MSC4175), ``io.fsky.nyx.pronouns`` is MSC4247, and
``gay.fomx.biography`` MSC4440, both before they are accepted; ``chat.commet.…`` is what Commet and
others read. What has no such name stands under ``social.kith.…``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from appservice.homeserver.media import Stored
from policy.visibility import Field

Json = Any
Values = Mapping[str, Json]
"""Matrix field → value; absent is not set."""

_LONGEST = 4_000
"""Characters read from a field; what is longer is refused by every rule."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One of Kith's fields in the Matrix profile.

    Attributes:
        keys: the Matrix fields it is written to, the one to be believed first.
        write: Kith's value as theirs, key by key.
        read: Kith's value of what stands in one of them; None is nothing usable. Without it the
            field is Kith's alone, and whatever else stands there is written over.
    """

    keys: tuple[str, ...]
    write: Callable[[Any], Values]
    read: Callable[[str, Json], Any] | None = None

    def of(self, values: Values) -> dict[str, Json]:
        """Its part of a whole Matrix profile."""
        return {key: values[key] for key in self.keys if values.get(key) is not None}


def _text(_: str, value: Json) -> str | None:
    return value.strip()[:_LONGEST] if isinstance(value, str) and value.strip() else None


def _address(_: str, value: Json) -> str | None:
    if not isinstance(value, str) or Stored.parse(value) is None:
        return None
    return value if len(value) < _LONGEST else None


def _timezone(_: str, value: Json) -> str | None:
    # Some clients write the name with quotation marks around it.
    return _text(_, value.strip("\"' ")) if isinstance(value, str) else None


def _pronouns(_: str, value: Json) -> str | None:
    if isinstance(value, str):
        return _text(_, value)
    if not isinstance(value, list):
        return None
    said = [one.get("summary") for one in value[:5] if isinstance(one, Mapping)]
    return _text(_, "/".join(one for one in said if isinstance(one, str)))


def _bio(_: str, value: Json) -> str | None:
    """The plain one of several forms: Kith's own light Markdown is plain text too."""
    if isinstance(value, str):
        return _text(_, value)
    if not isinstance(value, Mapping):
        return None
    forms = value.get("m.text", [value])
    for form in forms if isinstance(forms, list) else []:
        if isinstance(form, Mapping) and form.get("mimetype", "text/plain") == "text/plain":
            return _text(_, form.get("body"))
    return None


@dataclass(frozen=True, slots=True)
class Bio:
    """A bio as it was written, and as safe HTML."""

    text: str
    html: str


def _both_bios(bio: Bio) -> Values:
    forms = [{"body": bio.html, "mimetype": "text/html"}, {"body": bio.text}]
    return {
        "gay.fomx.biography": {"m.text": forms},
        "chat.commet.profile_bio": {"body": bio.text},
    }


def _as_they_are(*keys: str) -> Callable[[Any], Values]:
    return lambda value: dict.fromkeys(keys, value)


SHARED: Mapping[str, Shared] = {
    Field.DISPLAY_NAME: Shared(("displayname",), _as_they_are("displayname"), _text),
    Field.AVATAR: Shared(("avatar_url",), _as_they_are("avatar_url"), _address),
    Field.BANNER: Shared(
        ("chat.commet.profile_banner",), _as_they_are("chat.commet.profile_banner"), _address
    ),
    Field.BIO: Shared(("gay.fomx.biography", "chat.commet.profile_bio"), _both_bios, _bio),
    Field.PRONOUNS: Shared(
        ("io.fsky.nyx.pronouns",),
        lambda words: {"io.fsky.nyx.pronouns": [{"language": "en", "summary": words}]},
        _pronouns,
    ),
    Field.TIMEZONE: Shared(
        ("m.tz", "us.cloke.msc4175.tz"), _as_they_are("m.tz", "us.cloke.msc4175.tz"), _timezone
    ),
    Field.GENDER: Shared(("social.kith.gender",), _as_they_are("social.kith.gender")),
    Field.LOCATION: Shared(("social.kith.location",), _as_they_are("social.kith.location")),
    Field.SEARCH_INTERESTS: Shared(
        ("social.kith.interests",), _as_they_are("social.kith.interests")
    ),
}
"""Kith's field → how it is shared. What is not here never leaves Kith."""
