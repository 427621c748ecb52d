"""An estimate counts exactly those to whom matching and carving open a place."""

import numpy as np
from hypothesis import given

from matching.carving import carve
from matching.estimating import SkillGroups, estimate
from matching.explaining import WORTH_SAYING
from matching.model import Opportunity, Rung, Seeker
from matching.vectors import Place, Profile
from tests.matching.strategies import WEIGHTS, along, opportunities, profile_lists, quick, seekers, single_places

GROUPS = SkillGroups(along(0, 1, 2), ["repairing", "cooking", "cooking"])


@quick
@given(single_places(opportunities()), profile_lists(seekers()))
def test_it_counts_whom_carving_names(place, profiles):
    found, carved = estimate(place, profiles, GROUPS, WEIGHTS), carve(place, profiles, WEIGHTS)

    def ids(rows):
        return {profiles[row].seeker.id for row in rows}

    assert ids(found.able) == set(carved.open_now)
    added = {cut.name + str(cut.facts): ids(rows) for cut, rows in found.added}
    assert added == {one.cut.name + str(one.cut.facts): set(one.opens) for one in carved.carvings}
    assert all(ids(rows) <= ids(found.able) for rows in found.bring.values())


def test_a_sentence_counts_for_the_group_it_comes_nearest_to_and_a_vague_one_for_none():
    place = Place(Opportunity("p", Rung.PAID, "Kok", tasks=("koken",)), along(0, 0, 0, 0, 0))
    vague = along(0, 1, 2, 5, 6, 7, 8, 9, 10).sum(axis=0) / 3
    people = [
        Profile(Seeker("a", abilities=("x", "y")), np.stack([*along(0, 0, 0, 2)])),
        Profile(Seeker("b", abilities=("x",)), np.stack([*along(0, 0), vague])),
        Profile(Seeker("c"), along(0, 0)),
    ]
    assert WEIGHTS.evidence.probability({"cosine": np.array(1 / 3)}) < WORTH_SAYING
    found = estimate(place, people, GROUPS, WEIGHTS)
    assert found.able.tolist() == [0, 1, 2]
    assert {name: rows.tolist() for name, rows in found.bring.items()} == {"repairing": [0], "cooking": [0]}


def test_without_people_every_group_is_empty():
    place = Place(Opportunity("p", Rung.PAID, "Kok", licences=frozenset(["VOG"])), along(0, 0, 0, 0, 0))
    found = estimate(place, [], GROUPS, WEIGHTS)
    assert not len(found.able)
    assert found.added
    assert not any(len(rows) for _, rows in found.added)
    assert set(found.bring) == {"repairing", "cooking"}
