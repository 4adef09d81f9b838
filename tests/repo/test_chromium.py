"""A missing browser is named, and fails the run that requires one."""

from pathlib import Path

import pytest

TEST_THAT_NEEDS_A_BROWSER = """
def test_page(chromium_path):
    assert chromium_path
"""


@pytest.fixture
def bare_machine(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A folder with our conftest and one browser test, on a machine without any program."""
    conftest = Path(__file__).parents[1] / "conftest.py"
    pytester.makeconftest(conftest.read_text(encoding="utf-8"))
    pytester.makepyfile(TEST_THAT_NEEDS_A_BROWSER)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    monkeypatch.setenv("PATH", str(pytester.path))
    return pytester


def test_absence_skips_and_names_the_package(
    bare_machine: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)

    outcome = bare_machine.runpytest_subprocess("-rs")

    outcome.assert_outcomes(skipped=1)
    outcome.stdout.fnmatch_lines(["*install the package 'chromium'*"])


def test_absence_fails_where_a_browser_is_required(
    bare_machine: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_BROWSER", "1")

    outcome = bare_machine.runpytest_subprocess()

    outcome.assert_outcomes(errors=1)
    outcome.stdout.fnmatch_lines(["*install the package 'chromium'*"])
