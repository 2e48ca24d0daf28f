# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the demo's people say of themselves, and to whom. Only data."""

from collections.abc import Mapping, Sequence
from typing import Any

_OPEN = ("bio", "pronouns", "location", "search_interests", "activity", "banner")


def _said(  # noqa: PLR0917 - a row of a table
    bio: str,
    pronouns: str,
    city: str,
    country: str,
    zone: str,
    interests: Sequence[str],
    shows: Sequence[str] = (),
) -> Mapping[str, Any]:
    """A change of a profile as `PUT /api/profile/{user}` takes it; `shows` are public fields."""
    return {
        "bio": bio,
        "pronouns": pronouns,
        "location": {"city": city, "country_code": country},
        "timezone": zone,
        "search_interests": [{"label": one} for one in interests],
        "visibility_settings": dict.fromkeys(shows, "public"),
    }


PROFILES: Mapping[str, Mapping[str, Any]] = {
    "alice": _said(
        "Printmaker by day, film by **weekend**. I keep a darkroom that anybody may borrow.",
        "she/her",
        "Lyon",
        "FR",
        "Europe/Paris",
        ("Photography", "Film", "Cycling", "Jazz", "Risograph"),
        ("bio", "search_interests", "location"),
    ),
    "bob": _said(
        "Librarian. Sourdough *enthusiast*. Ask me about radios from before 1960.",
        "he/him",
        "Uppsala",
        "SE",
        "Europe/Stockholm",
        ("Books", "Baking", "Electronics", "Chess"),
    ),
    "carol": _said(
        "Type, ink, and long walks along the canal.",
        "she/they",
        "Utrecht",
        "NL",
        "Europe/Amsterdam",
        ("Design", "Writing", "Hiking", "Risograph"),
        ("bio", "search_interests"),
    ),
    "dave": _said(
        "New in town. Plays the cello badly and chess worse.",
        "he/him",
        "Plovdiv",
        "BG",
        "Europe/Sofia",
        ("Chess", "Classical", "Board games"),
        _OPEN,
    ),
    "erin": _said(
        "River paths, bird counts, and the odd marathon.",
        "she/her",
        "Galway",
        "IE",
        "Europe/Dublin",
        ("Running", "Birds", "Climate", "Cycling"),
        _OPEN,
    ),
    "farid": _said(
        "The open kitchen on Thursdays is mine. Bring a spoon.",
        "he/him",
        "Marseille",
        "FR",
        "Europe/Paris",
        ("Cooking", "Coffee", "Football"),
        _OPEN,
    ),
    "grace": _said(
        "Photographs of water, mostly. Currently on the second floor of the library.",
        "she/her",
        "Busan",
        "KR",
        "Asia/Seoul",
        ("Photography", "Sea", "Museums", "Tea"),
        _OPEN,
    ),
    "hiro": _said(
        "I mend bicycles and read about trains.",
        "he/him",
        "Kyoto",
        "JP",
        "Asia/Tokyo",
        ("Cycling", "Trains", "Books"),
        _OPEN,
    ),
    "ines": _said(
        "Building a reading corner, one crooked shelf at a time.",
        "she/her",
        "Porto",
        "PT",
        "Europe/Lisbon",
        ("Books", "Do it yourself", "Gardening"),
        _OPEN,
    ),
    "noor": _said(
        "Maps, mathematics and much too much tea.",
        "they/them",
        "Leicester",
        "GB",
        "Europe/London",
        ("Mathematics", "Tea", "Board games", "City trips"),
        _OPEN,
    ),
}
