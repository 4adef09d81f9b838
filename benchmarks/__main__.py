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
BENCHMARKS = (
    "slots",
    "booking",
    "postgresql",
    "answering",
    "answering_slack",
    "refreshing",
    "starting",
)
_README = Path("README.md")
_BEGIN, _END = "<!-- bench:start -->", "<!-- bench:end -->"
_OPTIONS = ("--markdown", "--readme")


def main(words: list[str]) -> int:
    """Run the chosen benchmarks, or all, and print what they measured."""
    chosen = [word for word in words if word not in _OPTIONS] or list(BENCHMARKS)
    if unknown := [name for name in chosen if name not in BENCHMARKS]:
        print(f"no benchmark {unknown[0]}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    results: list[Result] = []
    for name in chosen:
        results += importlib.import_module(f"benchmarks.{name}").run()
    print(markdown(results) if "--markdown" in words else show(results))
    if "--readme" in words:
        _write(markdown(results))
    return 0


def _write(table: str) -> None:
    before, _, rest = _README.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    _README.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
