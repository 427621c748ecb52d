"""How long it takes to give out the places of a large region; run as `python -m tests.benchmarks.allocation`."""

import json
import resource
import time

from matching.allocation import allocate, explained, first_come, totals
from matching.caseload import all_suited
from matching.scoring import Weights
from tests.benchmarks.regions import Region
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


def caseload_row(people: int = PEOPLE, places: int = PLACES) -> dict[str, float]:
    """One row from people and places with their vectors, as `passend allocate` works: computing seconds of each step.

    Rules, scores and solver together have to stay at or below 15 for 5,000 people and 2,000 places on one core.
    """
    region, weights = Region(), Weights.read()
    profiles = [region.person(number) for number in range(people)]
    offered = [region.place(number) for number in range(places)]
    positions = {place.opportunity.id: place.opportunity.positions for place in offered}
    seekers = [profile.seeker for profile in profiles]
    start = time.process_time()
    pairs = all_suited(profiles, offered, weights)
    scored = time.process_time()
    given = allocate(seekers, pairs, positions, weights)
    solved = time.process_time()
    explained(seekers, pairs, given)
    greedy = first_come(seekers, pairs, positions)
    compared = time.process_time()
    return {
        "people": people,
        "places": places,
        "positions": sum(positions.values()),
        "pairs": len(pairs),
        "cpu_seconds_rules_and_scores": round(scored - start, 2),
        "cpu_seconds_solver": round(solved - scored, 2),
        "cpu_seconds": round(solved - start, 2),
        "cpu_seconds_explained": round(compared - start, 2),
        "served": len(given),
        "served_well": totals(seekers, given, weights).served_well,
        "served_first_come": len(greedy),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    print(json.dumps({"caseload": caseload_row(), "solver": allocation_row()}, indent=2))
