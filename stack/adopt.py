# SPDX-License-Identifier: AGPL-3.0-or-later
"""`kith config synapse`: what an operator adds to a Synapse that runs already."""

import os

import yaml

from stack.credentials import Credentials
from stack.databases import ExternalDatabases
from stack.errors import StackError
from stack.files import write_private
from stack.layout import Layout
from stack.options import Asked, decide
from stack.synapse import MODULES, ApplicationService, registration
from stack.templates import ROOT


def instructions(layout: Layout) -> str:
    """Write the registration file and give the lines for homeserver.yaml.

    Raises:
        StackError: KITH_DATABASE_URL is missing: a foreign Synapse cannot reach the embedded one.
    """
    layout.make()
    env = {"KITH_SYNAPSE__URL": "http://127.0.0.1:8008", **os.environ}
    decided = decide(Asked(layout.data), layout, env)
    if not decided.external.database_url:
        raise StackError(
            "Set KITH_DATABASE_URL to a PostgreSQL that Synapse's modules can reach too, "
            "then run this again."
        )
    credentials = Credentials(layout.secrets)
    service = ApplicationService(
        url=f"http://127.0.0.1:{decided.internal_port}",
        as_token=credentials.get("as_token"),
        hs_token=credentials.get("hs_token"),
    )
    file = layout.data / "registration.yaml"
    write_private(file, registration(decided.server_name, service))
    module = {
        # The operator's file: the modules need the rules of it, and no secret.
        "kith_config": str(layout.operator_settings),
        "database_url": ExternalDatabases(decided.external, credentials).module,
    }
    wanted = {
        "app_service_config_files": [str(file)],
        "modules": [{"module": name, "config": module} for name in MODULES],
        "allow_per_room_profiles": False,
        "require_auth_for_profile_requests": True,
        "encryption_enabled_by_default_for_room_type": "off",
        "room_list_publication_rules": [{"action": "allow"}],
    }
    return (
        "# 1. kith migrate\n"
        "# 2. Add these lines to Synapse's homeserver.yaml. Its account must be able to read\n"
        f"#    {file} and {layout.operator_settings};\n"
        "#    with workers, give every module's config a redis_url as well.\n"
        f"# 3. Restart Synapse with PYTHONPATH={ROOT}\n"
        f"# 4. KITH_SYNAPSE__URL={env['KITH_SYNAPSE__URL']} kith up\n"
        f"{yaml.safe_dump(wanted, sort_keys=False)}"
    )
