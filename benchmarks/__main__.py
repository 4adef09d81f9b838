"""``make bench``: every measure beside its reference, as a ratio within one run.

``make bench ARGS="slots"`` runs one of them.
"""

import importlib
import sys

from benchmarks.table import Result, show

# A benchmark is a module with ``run() -> list[Result]``; its line here is all it needs.
BENCHMARKS = ("slots", "booking", "postgresql", "answering")


def main(chosen: list[str]) -> int:
    """Run the chosen benchmarks, or all; return 1 when a figure is not reached."""
    results: list[Result] = []
    for name in chosen or BENCHMARKS:
        if name not in BENCHMARKS:
            print(f"no benchmark {name}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
            return 2
        results += importlib.import_module(f"benchmarks.{name}").run()
    print(show(results))
    return 0 if all(result.reached for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
