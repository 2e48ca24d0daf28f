# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m bench NAME [--json] [--quick]`: the command behind `./kith bench`."""

import argparse
import asyncio
import importlib
import sys

import structlog

NAMES = (
    "enforcement",
    "intake",
    "friends",
    "profiles",
    "profile_sync",
    "start",
    "chaos",
    "fanout",
    "idle",
    "sync",
    "media",
    "unread",
    "search",
    "export",
    "web",
    "lighthouse",
)


def main(arguments: list[str]) -> int:
    """Exit code 0 when every target was met, 1 when one was missed."""
    parser = argparse.ArgumentParser(prog="kith bench")
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--quick", action="store_true", help="a short run that only shows it works"
    )
    chosen = parser.parse_args(arguments)
    # What Kith logs meanwhile must not stand in the middle of the JSON.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    report = asyncio.run(importlib.import_module(f"bench.{chosen.name}").run(quick=chosen.quick))
    if chosen.json:
        sys.stdout.write(report.as_json() + "\n")
    else:
        report.show()
    return 0 if report.met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
