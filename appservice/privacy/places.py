# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where something of a person is outside Kith's database."""

from appservice.privacy.entry import Place

PLACES = (
    Place(
        name="synapse_account",
        what="Your Matrix account: profile, devices, e-mail addresses, notification settings,"
        " account data",
        on_export="Exported as Synapse has it, without keys and passwords.",
        on_erase="Deactivated for good; the user id cannot be taken again.",
    ),
    Place(
        name="synapse_events",
        what="What you said in rooms",
        on_export="Every event you sent and did not remove. Not what others said.",
        on_erase="Synapse is asked to erase: whoever comes into a room later does not see it, and"
        " other servers that have copies cannot be made to forget them.",
    ),
    Place(
        name="synapse_media",
        what="Files you uploaded",
        on_export="Exported as they were uploaded, up to the largest file that is taken in; what"
        " could not be had is named.",
        on_erase="Deleted from this homeserver; other servers that have copies keep them.",
    ),
    Place(
        name="pictures",
        what="Pictures of your profile and listings on Kith's disk",
        on_export="Exported: the original while it is there, and the largest size that is shown.",
        on_erase="Deleted with their rows.",
    ),
    Place(
        name="archives",
        what="Archives like this one on Kith's disk, for seven days",
        on_export="Not inside themselves.",
        on_erase="Deleted with their rows.",
    ),
    Place(
        name="redis",
        what="Hints that live for minutes: who is online, who types, how often somebody asked",
        on_export="Left out: gone before the archive is read.",
        on_erase="Deleted, or gone by themselves within a day.",
        keys=(
            "community:sockets:{user}",
            "rate_limit:community:{user}",
            "user:{user}:rooms",
            "kith:rest:*:{user}:*",
            "kith:rate:*{user}*",
        ),
    ),
    Place(
        name="logs",
        what="Lines of the processes' logs, which hold user ids and never words",
        on_export="Left out: they are the operator's, who can look.",
        on_erase="The operator's logs end by their own rule.",
    ),
    Place(
        name="backups",
        what="Copies of the databases the operator makes",
        on_export="Left out: what is in them is in the databases.",
        on_erase="The operator's backups end by their own rule.",
    ),
)
