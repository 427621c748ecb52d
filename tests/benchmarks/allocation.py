"""How long it takes to give out the places of a large region; run as `python -m tests.benchmarks.allocation`."""

import json
import resource
import time

from matching.allocation import allocate, explained, first_come, totals
from matching.scoring import Weights
from tests.matching.caseloads import region

PEOPLE, PLACES, EACH = 5_000, 2_000, 40


def allocation_row(people: int = PEOPLE, places: int = PLACES, each: int = EACH) -> dict[str, float]:
    """One row, where everyone fits `each` places: seconds, of which computing, what it came to, and peak memory in MB."""
    seekers, pairs, positions = region(people, places, each)
    weights = Weights.read()
    start, computing = time.perf_counter(), time.process_time()
    given = allocate(seekers, pairs, positions, weights)
    seconds, computed = time.perf_counter() - start, time.process_time() - computing
    explained(seekers, pairs, given)
    best, greedy = (totals(seekers, one, weights) for one in (given, first_come(seekers, pairs, positions)))
    return {
        "people": people,
        "places": places,
        "positions": sum(positions.values()),
        "pairs": len(pairs),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(computed, 2),
        "seconds_explained": round(time.perf_counter() - start, 2),
        "served": best.served,
        "served_well": best.served_well,
        "served_first_come": greedy.served,
        "served_well_first_come": greedy.served_well,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    print(json.dumps(allocation_row(), indent=2))
