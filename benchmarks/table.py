"""What every benchmark returns, how it is printed, and how time is taken."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Result:
    """One measure beside its reference, taken in the same run."""

    name: str
    measured: str
    reference: str
    ratio: float
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
        name, _time(measured), _time(reference), ratio, f"at most {most:g}", ratio <= most
    )


def show(results: list[Result]) -> str:
    """Return the results as a table."""
    head = ("name", "measure", "reference", "ratio", "reach", "")
    rows = [
        (
            r.name,
            r.measured,
            r.reference,
            f"{r.ratio:.2f}",
            r.reach,
            "ok" if r.reached else "SHORT",
        )
        for r in results
    ]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])


def _time(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} us" if seconds < 0.001 else f"{seconds * 1e3:.2f} ms"
