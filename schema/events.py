# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of Kith's own Matrix event types and content keys; nothing else may spell them."""

from policy.rooms import STAMP

KIND = STAMP
"""In ``m.room.create``: the kind of a local room, written by the module or the appservice."""

REMOTE_INVITES = "social.kith.remote_invites"
"""In ``m.room.create``: true when the request invited people of other servers, whose refusal
leaves a half-made room that the appservice takes away."""

SLOW_MODE = "social.kith.slow_mode"
"""State event, empty state key: ``{"seconds": n}``. Clients show it; the registry decides."""

WAKE_UP = "social.kith.wake_up"
"""State event the service user sends to its own room so that Synapse empties its queue (D9)."""

KEY = "social.kith.key"
"""In content of what the bot sends: names the act, so that a repeated job finds it done."""

STATE_ROOM = "social.kith.state_room"
"""Room type of the service user's own room."""

TXN_ID = "social.kith.txn_id"
"""In content of what Kith's own clients send: what the client called it, so that it knows its own
message again and a repetition sends nothing new."""
