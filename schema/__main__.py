# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m schema migrate`: the command of the launcher and of operators."""

import os
import sys

import psycopg

from schema.migrate import TooNewError, migrate


def main(arguments: list[str]) -> int:
    """Exit code 0 when the database fits the code, 2 with one line of why when it does not."""
    url = os.environ.get("KITH_DATABASE_URL")
    if arguments != ["migrate"] or not url:
        sys.stderr.write("usage: KITH_DATABASE_URL=postgresql://… python -m schema migrate\n")
        return 2
    try:
        applied = migrate(url)
    except (TooNewError, psycopg.Error) as error:
        sys.stderr.write(f"kith migrate: {str(error).strip().splitlines()[0]}\n")
        return 2
    sys.stdout.write("".join(f"applied {name}\n" for name in applied))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
