"""pyproject.toml, the locks and the folders agree."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


@cache
def project_file() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def packages() -> set[str]:
    return {init.parent.name for init in ROOT.glob("[!.]*/__init__.py")}


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pins}


def asked_for(*extras: str) -> list[Requirement]:
    project = project_file()["project"]
    chosen = [line for extra in extras for line in project["optional-dependencies"][extra]]
    return [Requirement(line) for line in [*project["dependencies"], *chosen]]


def developers_tools() -> list[Requirement]:
    groups = project_file()["dependency-groups"]
    lines = [line for group in groups.values() for line in group if isinstance(line, str)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("runtime.txt", asked_for("postgres", "geo")),
        ("dev.txt", asked_for("postgres", "geo", "fast") + developers_tools()),
    ],
)
def test_lock_answers_every_requirement(lock: str, requirements: list[Requirement]) -> None:
    pins = locked(lock)

    unanswered = [
        str(wanted)
        for wanted in requirements
        if not wanted.specifier.contains(pins.get(canonicalize_name(wanted.name), "0"))
    ]

    assert unanswered == []


@pytest.mark.parametrize("lock", ["runtime.txt", "bootstrap.txt"])
def test_smaller_locks_choose_the_versions_that_were_tested(lock: str) -> None:
    tested = locked("dev.txt")

    assert locked(lock).items() <= tested.items()


def test_every_package_is_type_checked_and_layered() -> None:
    tools = project_file()["tool"]

    assert packages() | {"tests"} == set(tools["mypy"]["files"])
    assert packages() == set(tools["importlinter"]["root_packages"])


def test_every_package_but_the_benchmarks_is_in_the_wheel() -> None:
    wheel = project_file()["tool"]["hatch"]["build"]["targets"]["wheel"]

    assert set(wheel["packages"]) == packages() - {"benchmarks"}


def test_check_runs_every_tool() -> None:
    plan = subprocess.run(
        ["make", "--dry-run", "check"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    tools = ["ruff format --check", "ruff check", "mypy", "lint-imports", "codespell", "pytest"]

    assert [tool for tool in tools if tool not in plan] == []
