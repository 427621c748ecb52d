from dataclasses import replace

from hypothesis import given

from matching.carving import carve, single_cuts, without_need
from matching.model import AskedFor, LanguageLevels, Level, Need, Opportunity, Rung, Seeker, Support
from matching.ranking import candidates, match_pair
from matching.scoring import Logistic
from matching.vectors import Place, Profile, opportunity_texts
from tests.matching.strategies import WEIGHTS, along, opportunities, profile_lists, quick, seekers, single_places


def open_to(place, profiles):
    found = candidates(place, profiles, WEIGHTS, 100)
    return {match.seeker_id for match in found if match.ability >= WEIGHTS.reached}


@quick
@given(single_places(opportunities()), profile_lists(seekers()))
def test_carving_is_the_same_as_changing_the_place_and_matching_again(place, profiles):
    carved = carve(place, profiles, WEIGHTS)
    assert set(carved.open_now) == open_to(place, profiles)
    for carving in carved.carvings:
        assert set(carving.opens) == open_to(carving.cut.place, profiles) - set(carved.open_now)
        assert set(carving.settles) <= set(carved.open_now)
    pairs = [match_pair(profile, place, WEIGHTS) for profile in profiles]
    able = {one.seeker_id: tuple(outcome.rule for outcome in one.unmet) for one in pairs if one.ability >= WEIGHTS.reached}
    assert {one.person: one.between for one in carved.near} == {person: rules for person, rules in able.items() if rules}
    assert [len(one.between) for one in carved.near] == sorted(len(one.between) for one in carved.near)


@quick
@given(single_places(opportunities()))
def test_every_cut_asks_less_and_keeps_a_vector_for_each_text(place):
    for cut in single_cuts(place):
        assert cut.place.opportunity != place.opportunity
        assert len(cut.place.vectors) == len(opportunity_texts(cut.place.opportunity))


def test_dropping_a_need_takes_its_own_vector_away():
    needs = (Need("rekenen"), Need("rijden", learnable=True))
    place = Place(Opportunity("p", Rung.PAID, "Kok", tasks=("koken",), needs=needs), along(0, 0, 0, 0, 0, 1, 2))
    left = without_need(place, 0)
    assert [need.text for need in left.opportunity.needs] == ["rijden"]
    assert left.vectors.argmax(axis=1).tolist() == [0, 0, 0, 0, 0, 2]


DEMANDING = Opportunity(
    "p",
    Rung.PAID,
    "Kok",
    tasks=("koken",),
    needs=(Need("rekenen"), Need("samenwerken", learnable=True), Need("zingen", must=False)),
    hours_min=24,
    dayparts=frozenset(["mon_am"]),
    licences=frozenset(["VOG"]),
    language_min=LanguageLevels(Level.B1),
    support=frozenset(Support) - {Support.BUDDY},
)


def test_every_must_and_every_limit_has_a_cut():
    place = Place(DEMANDING, along(0, 0, 0, 0, 0, 1, 2, 3))
    assert [(cut.name, cut.need) for cut in single_cuts(place) if cut.need] == [
        ("need_dropped", "rekenen"),
        ("need_learnable", "rekenen"),
        ("need_dropped", "samenwerken"),
    ]
    assert [cut.name for cut in single_cuts(place) if not cut.need] == [
        *("licence_dropped", "language_lower", "language_dropped", "hours_fewer", "hours_free", "dayparts_free", "support_added"),
    ]


def test_the_cut_that_opens_most_comes_first_and_names_people_by_id():
    asked = Place(replace(DEMANDING, needs=(), dayparts=None), along(0, 0, 0, 0, 0))
    cook = Seeker("a", abilities=("koken",), language=LanguageLevels(Level.B1), licences=frozenset(["VOG"]), hours_max=30)
    people = [
        cook,
        replace(cook, id="b", hours_max=16),
        replace(cook, id="c", hours_max=20),
        replace(cook, id="d", licences=frozenset()),
    ]
    carved = carve(asked, [Profile(one, along(0, 0, 0)) for one in people], WEIGHTS)
    assert carved.open_now == ("a",)
    assert [(one.cut.name, one.opens) for one in carved.carvings[:3]] == [
        ("hours_fewer", ("b", "c")),
        ("hours_free", ("b", "c")),
        ("licence_dropped", ("d",)),
    ]


def test_a_need_that_was_the_only_one_to_talk_about_is_settled_for_who_can_start_already():
    easy = replace(WEIGHTS, ability=Logistic(0.5, {"best_task": 1.0}))
    place = Place(Opportunity("p", Rung.PAID, "Kok", tasks=("koken",), needs=(Need("rekenen"),)), along(0, 0, 0, 0, 0, 1))
    profile = Profile(Seeker("a", abilities=("koken",)), along(0, 0, 0))
    assert [one.part for one in match_pair(profile, place, easy).evidence] == [AskedFor.TASK]
    settled = {one.cut.name: one.settles for one in carve(place, [profile], easy).carvings}
    assert (settled["need_dropped"], settled["need_learnable"], settled["hours_free"]) == (("a",), ("a",), ())
