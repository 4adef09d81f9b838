"""The repository carries nothing of the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.}>)*-])/(?:home|root|tmp|work|Users)[/]")
INDEX_ADDRESS = re.compile(
    r"https?:[/]{2}[^\s\"'<>)]*(?:/simp[l]e\b|pypi[.]org|pythonhosted|artifactory|devpi|nexus)",
    re.IGNORECASE,
)


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if pattern.search(line)
        ]
    return found


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (MACHINE_PATH, "cache = '/" + "home/ana/x'"),
        (MACHINE_PATH, "cd /" + "root/x"),
        (INDEX_ADDRESS, "--index-url https:/" + "/pypi" + ".org/simple"),
        (INDEX_ADDRESS, "https:/" + "/mirror.example/simp" + "le/"),
    ],
)
def test_patterns_see_what_they_look_for(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_matching(MACHINE_PATH) == []


def test_no_file_names_a_package_index() -> None:
    assert lines_matching(INDEX_ADDRESS) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_pins_every_package_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]

    assert entries
    assert "://" not in text
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_there_are_locks_for_tools_runtime_and_development() -> None:
    assert [lock.name for lock in LOCKS] == ["bootstrap.txt", "dev.txt", "runtime.txt"]
