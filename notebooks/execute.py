"""Executes every notebook from top to bottom and keeps the results in build/notebooks; a failing cell fails the run."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

FOLDER = Path(__file__).parent
RESULTS = FOLDER.parent / "build" / "notebooks"


def main() -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    notebooks = sorted(FOLDER.glob("*.ipynb"))
    with ProcessPoolExecutor() as processes:
        done = list(processes.map(executes, notebooks))
    failed = [path.name for path, succeeded in zip(notebooks, done, strict=True) if not succeeded]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


def executes(path: Path) -> bool:
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    try:
        NotebookClient(notebook, timeout=900, kernel_name="python3", resources={"metadata": {"path": str(FOLDER.parent)}}).execute()
    except CellExecutionError as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return False
    finally:
        nbformat.write(notebook, RESULTS / path.name)
    print(f"{path.name}: executed in {time.perf_counter() - start:.0f} s")
    return True


if __name__ == "__main__":
    main()
