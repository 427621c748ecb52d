"""The rows of a benchmark: as JSON, as a table, and beside the last run that was committed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

BASELINE = Path(__file__).parent / "baseline.json"
WORSE = 1.3


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        ours_ms: a median in milliseconds, unless the name says otherwise.
        other, other_ms: what it is compared with in the same run, in the same unit; None where the goal is a fixed number.
        ratio: ours to the other; lower is better.
        goal, met: the highest ratio (or number) that is good enough; None where the row only informs.
    """

    name: str
    size: int
    ours_ms: float
    other: str | None = None
    other_ms: float | None = None
    ratio: float | None = None
    goal: float | None = None
    met: bool | None = None


def against(name: str, size: int, ours: float, other: str, theirs: float, goal: float | None = None) -> Row:
    """A row that compares; `goal` is the highest ratio that is good enough."""
    ratio = ours / theirs
    return Row(
        name, size, round(ours, 3), other, round(theirs, 3), round(ratio, 3), goal, None if goal is None else ratio <= goal
    )


def at_most(name: str, size: int, ours: float, goal: float | None = None) -> Row:
    """A row with a fixed goal, or with none."""
    return Row(name, size, round(ours, 3), goal=goal, met=None if goal is None else ours <= goal)


def at_least(name: str, size: int, ours: float, goal: float) -> Row:
    """A row with a number that should not be lower."""
    return Row(name, size, round(ours, 3), goal=goal, met=ours >= goal)


def median(seconds: Sequence[float]) -> float:
    """In milliseconds."""
    return 1_000 * float(np.median(seconds))


def p95(seconds: Sequence[float]) -> float:
    """In milliseconds."""
    return 1_000 * float(np.quantile(seconds, 0.95))


def write(rows: Iterable[Row], path: Path) -> None:
    """Writes the rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"rows": [asdict(row) for row in rows]}, indent=1) + "\n")


def show(rows: Iterable[Row]) -> None:
    """Prints the table."""
    table = Table("row", "size", "ours", "other", "theirs", "ratio", "goal", "met")
    for row in rows:
        met = "" if row.met is None else "yes" if row.met else "NO"
        numbers = ["" if value is None else f"{value:g}" for value in (row.other_ms, row.ratio, row.goal)]
        table.add_row(row.name, f"{row.size:,}", f"{row.ours_ms:g}", row.other or "", *numbers, met)
    Console(width=150).print(table)


def regressions(rows: Iterable[Row], baseline: Path = BASELINE) -> list[str]:
    """Rows whose ratio is more than 30% above the committed one, as sentences."""
    if not baseline.exists():
        return []
    before = {(row["name"], row["size"], row["other"]): row["ratio"] for row in json.loads(baseline.read_text())["rows"]}
    worse = []
    for row in rows:
        was = before.get((row.name, row.size, row.other))
        if was and row.ratio and row.ratio > was * WORSE:
            worse.append(f"{row.name} at {row.size:,} against {row.other}: {row.ratio:g}, was {was:g}")
    return worse
