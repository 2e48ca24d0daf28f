# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof of an erasure: what was removed, what is kept and why. Pure; it names nobody."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from appservice.erasure.store import Erasure
from appservice.privacy.declared import TABLES
from appservice.privacy.entry import Anonymise, Cascade, Delete, Keep
from appservice.privacy.entry import Step as Declared
from appservice.privacy.places import PLACES

_VERSION = 1
_ACTS: Mapping[type[Declared], str] = {
    Delete: "removed",
    Cascade: "removed",
    Anonymise: "anonymised",
    Keep: "kept",
}


def proof(erasure: Erasure, server_name: str, finished_at: datetime) -> tuple[str, str]:
    """The proof as it is given out, and its SHA-256 in hexadecimal digits.

    Args:
        erasure: with everything counted.
        server_name: of this homeserver.
        finished_at: when the last step was done.
    """
    text = json.dumps(
        {
            "version": _VERSION,
            "report": str(erasure.id),
            "server": server_name,
            "asked_by": erasure.source,
            "asked_at": _moment(erasure.asked_at),
            "began_at": _moment(erasure.began_at),
            "finished_at": _moment(finished_at),
            "tables": _tables(erasure.counts),
            "places": _places(erasure),
            "for_the_operator": list(erasure.answers.get("operator", {}).values()),
        },
        ensure_ascii=False,
        indent=1,
    )
    return text + "\n", hashlib.sha256((text + "\n").encode()).hexdigest()


def _tables(counts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """One row a table and act, of every table that may hold something of somebody."""
    found = []
    for table, entry in TABLES.items():
        reasons: dict[str, list[str]] = {}
        for step in entry.on_erase:
            known = reasons.setdefault(_ACTS[type(step)], [])
            if step.reason not in known:
                known.append(step.reason)
        found += [
            {
                "table": table,
                "holds": entry.what,
                "done": act,
                "rows": counts.get(table, {}).get(act, 0),
                "because": " ".join(because),
            }
            for act, because in reasons.items()
        ]
    return found


def _places(erasure: Erasure) -> list[dict[str, Any]]:
    told = erasure.answers.get("places", {})
    return [
        {
            "place": place.name,
            "holds": place.what,
            "meant": place.on_erase,
            "done": told.get(place.name, "Nothing had to be done here."),
            **_number(erasure.counts.get(f"place {place.name}", {})),
        }
        for place in PLACES
    ]


def _number(counts: Mapping[str, int]) -> dict[str, int]:
    return {"removed": counts["removed"]} if "removed" in counts else {}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
