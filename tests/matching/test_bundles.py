from dataclasses import replace

from hypothesis import given

from matching.bundles import LEAST_HOURS, MOST_TASKS, bundles, pieces_for
from matching.explaining import WORTH_SAYING
from matching.model import Opportunity, Rung, Seeker
from matching.vectors import Place, Profile
from tests.matching.strategies import WEIGHTS, along, opportunities, place_lists, profile_lists, quick, seekers


def vacancy(identifier, hours, axes, **more):
    tasks = tuple(f"taak {identifier}{number}" for number in range(len(axes)))
    work = Opportunity(identifier, Rung.PAID, f"Werk {identifier}", tasks=tasks, hours_min=hours, **more)
    return Place(work, along(9, 9, 9, 9, *axes))


STRICT = replace(WEIGHTS, reached=0.99)
COOK = Profile(Seeker("s1", abilities=("koken", "poetsen"), hours_min=4, hours_max=16), along(0, 0, 0, 1))
KITCHEN, OFFICE = vacancy("a", 24, (0, 5, 6)), vacancy("b", 24, (1, 7, 8))


def test_tasks_of_two_vacancies_become_a_job_that_someone_can_do():
    (bundle,) = bundles([KITCHEN, OFFICE], [COOK], STRICT)
    assert (bundle.person, bundle.others, bundle.hours) == ("s1", (), 16)
    assert [(piece.key, piece.evidence.statement) for piece in bundle.pieces] == [(("a", 0), "koken"), (("b", 0), "poetsen")]
    assert [(kept.vacancy.id, kept.tasks, kept.hours) for kept in bundle.kept] == [
        ("a", ("taak a1", "taak a2"), 16),
        ("b", ("taak b1", "taak b2"), 16),
    ]


def test_a_vacancy_that_is_open_as_a_whole_is_not_cut_up():
    assert bundles([KITCHEN, OFFICE], [COOK], replace(WEIGHTS, reached=0.0)) != ()
    wide = Profile(replace(COOK.seeker, hours_max=40), COOK.vectors)
    assert bundles([KITCHEN, OFFICE], [wide], replace(WEIGHTS, reached=0.0)) == ()


def test_no_bundle_for_hours_dayparts_or_one_vacancy_that_do_not_suit():
    def made(places, **changes):
        return bundles(places, [Profile(replace(COOK.seeker, **changes), COOK.vectors)], STRICT)

    assert made([KITCHEN, OFFICE])
    assert not made([KITCHEN])
    assert not made([KITCHEN, OFFICE], hours_max=12)
    assert not made([KITCHEN, OFFICE], hours_min=17, hours_max=18)
    assert not made([KITCHEN, OFFICE], dayparts=frozenset(["mon_am", "mon_pm", "tue_am"]))
    assert made([KITCHEN, OFFICE], dayparts=frozenset(["mon_am", "mon_pm", "tue_am", "tue_pm"]))


def test_who_else_could_do_it_is_counted():
    twin = Profile(replace(COOK.seeker, id="s2"), COOK.vectors)
    (bundle,) = bundles([KITCHEN, OFFICE], [twin, COOK], STRICT)
    assert (bundle.person, bundle.others) == ("s1", ("s2",))


@quick
@given(place_lists(opportunities(), least=2, most=8), profile_lists(seekers()))
def test_every_bundle_is_small_sensible_and_has_a_person_who_can_do_every_task(places, profiles):
    by_id = {profile.seeker.id: profile for profile in profiles}
    for bundle in bundles(places, profiles, WEIGHTS):
        own = {piece.key: piece for piece in pieces_for(by_id[bundle.person], places, WEIGHTS)}
        seeker = by_id[bundle.person].seeker
        assert all(own[piece.key] == piece and piece.evidence.strength >= WORTH_SAYING for piece in bundle.pieces)
        assert len(bundle.pieces) <= MOST_TASKS
        assert max(LEAST_HOURS, seeker.hours_min) <= bundle.hours <= seeker.hours_max
        assert len({piece.vacancy.id for piece in bundle.pieces}) == len(bundle.kept) >= 2
        for kept in bundle.kept:
            taken = {piece.evidence.asked for piece in bundle.pieces if piece.vacancy.id == kept.vacancy.id}
            assert kept.tasks
            assert taken | set(kept.tasks) == set(kept.vacancy.tasks)


@quick
@given(place_lists(opportunities(), least=2, most=6), profile_lists(seekers()))
def test_the_order_of_what_is_handed_over_changes_nothing(places, profiles):
    assert bundles(places, profiles, WEIGHTS) == bundles(places[::-1], profiles[::-1], WEIGHTS)
