# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a benchmark says: a table for people, JSON for programs. Knows no benchmark."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a result.

    Attributes:
        name: what was measured.
        value: the figure, in ``unit``.
        unit: of the value; ``x`` for a ratio.
        target: what it has to reach, with its direction; empty when it only informs.
        met: whether it was reached; None without a target.
    """

    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None


@dataclass(slots=True)
class Report:
    """The figures of one benchmark run."""

    name: str
    conditions: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str) -> None:
        """A figure that informs."""
        self.figures.append(Figure(name, value, unit))

    def at_least(self, name: str, value: float, unit: str, bound: float) -> None:
        """A figure that must not be below ``bound``."""
        self.figures.append(Figure(name, value, unit, f">= {bound:g}", value >= bound))

    def at_most(self, name: str, value: float, unit: str, bound: float) -> None:
        """A figure that must not be above ``bound``."""
        self.figures.append(Figure(name, value, unit, f"<= {bound:g}", value <= bound))

    @property
    def met(self) -> bool:
        """Whether every figure with a target reached it."""
        return all(figure.met is not False for figure in self.figures)

    def as_json(self) -> str:
        """All figures and the machine, as JSON."""
        figures = [asdict(figure) for figure in self.figures]
        facts = {"name": self.name, "conditions": self.conditions, "machine": machine()}
        return json.dumps({**facts, "figures": figures}, indent=2)

    def show(self) -> None:
        """All figures as a table on standard output."""
        table = Table(title=f"{self.name} — {self.conditions}", caption=machine())
        for heading in ("figure", "value", "unit", "target", ""):
            table.add_column(heading, justify="right" if heading == "value" else "left")
        for figure in self.figures:
            mark = {None: "", True: "met", False: "MISSED"}[figure.met]
            table.add_row(figure.name, f"{figure.value:,.3f}", figure.unit, figure.target, mark)
        Console().print(table)


def machine() -> str:
    """The machine in one line, without a name that would tell where it stands."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)
