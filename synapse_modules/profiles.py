# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tells the appservice what Synapse tells no appservice: ignore lists, profiles, deactivations.

Hints only: what changed is read again, and polled for, by the appservice.
"""

from collections.abc import Mapping
from typing import Any

from synapse.module_api import JsonDict, ModuleApi, ProfileInfo

from synapse_modules.config import ModuleConfig, parse
from synapse_modules.runtime import runtime_of

_IGNORED = "m.ignored_user_list"


class ProfilesModule:
    """`modules: - module: synapse_modules.profiles.ProfilesModule`."""

    def __init__(self, config: ModuleConfig, api: ModuleApi) -> None:
        """Register the callbacks; none of them can fail or wait."""
        self._signals = runtime_of(api, config).signals
        api.register_account_data_callbacks(on_account_data_updated=self.on_account_data_updated)
        api.register_third_party_rules_callbacks(
            on_profile_update=self.on_profile_update,
            on_user_deactivation_status_changed=self.on_user_deactivation_status_changed,
        )

    @staticmethod
    def parse_config(config: Mapping[str, Any]) -> ModuleConfig:
        """Synapse's hook for the `config:` block."""
        return parse(config)

    async def on_account_data_updated(
        self, user_id: str, room_id: str | None, account_data_type: str, content: JsonDict
    ) -> None:
        """Somebody ignores or no longer ignores people in a Matrix client (D17)."""
        del content
        if room_id is None and account_data_type == _IGNORED:
            self._signals.send("ignored", user_id)

    async def on_profile_update(
        self,
        user_id: str,
        new_profile: ProfileInfo,
        by_admin: bool,  # noqa: FBT001 - Synapse's signature
        deactivation: bool,  # noqa: FBT001 - Synapse's signature
    ) -> None:
        """A name, an avatar or a custom field was written (probes 9.4)."""
        del new_profile, by_admin, deactivation
        self._signals.send("profile", user_id)

    async def on_user_deactivation_status_changed(
        self,
        user_id: str,
        deactivated: bool,  # noqa: FBT001 - Synapse's signature
        by_admin: bool,  # noqa: FBT001 - Synapse's signature
    ) -> None:
        """An account was closed, or opened again (F1)."""
        del deactivated, by_admin
        self._signals.send("deactivated", user_id)
