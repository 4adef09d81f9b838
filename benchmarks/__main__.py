"""``make bench``: every measure beside its reference, as a ratio within one run.

``make bench ARGS="slots booking"`` runs some of them, ``ARGS=--markdown`` prints a table for a
page and ``ARGS=--readme`` writes it into the README as well. Ratios are judged, since machines
differ; a figure that falls short is said so, and is no failure of the run.
"""

import importlib
import sys
from pathlib import Path

from benchmarks.table import Result, markdown, show

# A benchmark is a module with ``run() -> list[Result]``; its line here is all it needs.
BENCHMARKS = ("slots", "booking", "postgresql", "answering", "starting")
_README = Path("README.md")
_BEGIN, _END = "<!-- bench:start -->", "<!-- bench:end -->"


def main(arguments: list[str]) -> int:
    """Run the benchmarks that are named, or all; return 2 for a name there is none of."""
    options = {argument for argument in arguments if argument.startswith("--")}
    chosen = [argument for argument in arguments if argument not in options] or list(BENCHMARKS)
    if unknown := [*(options - {"--markdown", "--readme"}), *(set(chosen) - set(BENCHMARKS))]:
        print(f"no {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in chosen:
        print(f"{name} ...", file=sys.stderr, flush=True)
        results += importlib.import_module(f"benchmarks.{name}").run()
    print(markdown(results) if "--markdown" in options else show(results))
    if "--readme" in options:
        _write(_README, markdown(results))
    return 0


def _write(page: Path, table: str) -> None:
    """Put the table between its two marks on the page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for the table")
    page.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
