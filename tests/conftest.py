"""What every test finds: fixtures out of ``tests/fixtures/``, Chromium, steady Hypothesis.

A module put into ``tests/fixtures/`` is loaded by itself; nobody needs to edit this file.
"""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "pytester",
    *(
        f"fixtures.{module.stem}"
        for module in sorted((Path(__file__).parent / "fixtures").glob("[!_]*.py"))
    ),
]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# The same examples every time and no deadline: a test fails because of the code, never because
# of luck or a busy machine. To search further: pytest --hypothesis-profile=search
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile("steady")


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium that browser tests drive.

    Without one the test is skipped with the name of the package to install; with
    ``REQUIRE_BROWSER=1`` it fails instead.
    """
    if path := find_chromium():
        return path
    advice = "no Chromium found: install the package 'chromium' to run the browser tests"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(advice)
    pytest.skip(advice)
