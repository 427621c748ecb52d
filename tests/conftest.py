"""What all tests share: the installation folder, the model cache, the shared data and a real PostgreSQL."""

import os
from pathlib import Path

import pytest

from service.settings import Settings

SHARED_DATA = Path(__file__).parent.parent.parent / "shared" / "data"

_LONGEST = ("test_occupations.py", "test_evaluation.py", "test_cli.py")
"""Files that take minutes. They begin first, so that no core waits for one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _LONGEST.index(item.path.name) if item.path.name in _LONGEST else len(_LONGEST))


@pytest.fixture(scope="session")
def home() -> Path:
    """The folder with the model cache; the same as that of the command, so that models are built once."""
    return Settings().home


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real ESCO, geography and MELO data; CI has them and fails without."""
    if not SHARED_DATA.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"CI has to run with {SHARED_DATA}")
        pytest.skip(f"there is no {SHARED_DATA} on this machine")
    return SHARED_DATA
