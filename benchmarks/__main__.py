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


README = "--readme"
_BEGIN, _END = "<!-- bench:start -->", "<!-- bench:end -->"


def main(words: list[str]) -> int:
    """Run the chosen benchmarks, or all, and print them; ``--readme`` writes them there too.

    A figure that is not reached is a figure, not a failure: it is said, and nothing more.
    """
    chosen = [word for word in words if word != README]
    results: list[Result] = []
    for name in chosen or BENCHMARKS:
        if name not in BENCHMARKS:
            print(f"no benchmark {name}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
            return 2
        results += importlib.import_module(f"benchmarks.{name}").run()
    print(show(results))
    if README in words:
        _write(Path("README.md"), markdown(results))
    return 0


def _write(page: Path, table: str) -> None:
    before, begin, rest = page.read_text().partition(_BEGIN)
    _, end, after = rest.partition(_END)
    page.write_text(f"{before}{begin}\n{table}\n{end}{after}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
