"""What every benchmark returns, how it is printed, and how time is taken."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Result:
    """One measure beside its reference, taken in the same run."""

    name: str
    figure: str
    reference: str
    ratio: str
    reach: str
    reached: bool


def best(function: Callable[[], object], rounds: int, repeat: int) -> float:
    """Return the seconds one call takes: the best of some rounds, so that noise only adds."""
    times = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            began = perf_counter()
            for _ in range(repeat):
                function()
            times.append((perf_counter() - began) / repeat)
    finally:
        gc.enable()
    return min(times)


def at_most(name: str, measured: float, reference: float, most: float) -> Result:
    """Return a measure of time that is to stay within a multiple of its reference."""
    ratio = measured / reference
    return Result(
        name, time(measured), time(reference), f"{ratio:.2f}", f"at most {most:g}", ratio <= most
    )


def rates(
    name: str, ours: Sequence[float], references: Sequence[float], *least: float
) -> list[Result]:
    """Return a speed beside its reference's, both as seconds per piece of work, by rounds.

    A round of one was taken right after a round of the other; their ratio is the median of the
    rounds'. There is one result for each ratio that is to be reached.
    """
    ratio = median(theirs / mine for mine, theirs in zip(ours, references, strict=True))
    figures = (f"{1 / median(ours):.0f}/s", f"{1 / median(references):.0f}/s", f"{ratio:.2f}")
    return [Result(name, *figures, f"at least {reach:.2f}", ratio >= reach) for reach in least]


def time(seconds: float) -> str:
    """Return a duration as it is printed."""
    return f"{seconds * 1e6:.0f} us" if seconds < 0.001 else f"{seconds * 1e3:.2f} ms"


_HEAD = ("measure", "figure", "reference", "ratio", "reach", "reached")


def show(results: Sequence[Result]) -> str:
    """Return the results as a table for a terminal."""
    rows = [_HEAD, *map(_cells, results)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def markdown(results: Sequence[Result]) -> str:
    """Return the results as a table for a page."""
    rows = [_HEAD, tuple("---" for _ in _HEAD), *map(_cells, results)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(result: Result) -> tuple[str, ...]:
    reached = "yes" if result.reached else "no"
    return (result.name, result.figure, result.reference, result.ratio, result.reach, reached)
