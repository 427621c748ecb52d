"""Sizes of groups for outsiders: true, in bands, never below five, and the same for the same people."""

from hypothesis import given
from hypothesis import strategies as some

from service.crowds import FLOORS, MOST_WITHHELD, at_least

KEYS = some.sets(some.binary(min_size=32, max_size=32), max_size=120)
BANDS = (None, *FLOORS)


@given(KEYS)
def test_what_is_said_is_true_and_never_about_fewer_than_five(keys: set[bytes]) -> None:
    said = at_least(keys)
    assert said in BANDS
    assert said is None or 5 <= said <= len(keys)
    assert said is not None or len(keys) < 5 + MOST_WITHHELD


@given(KEYS, some.binary(min_size=32, max_size=32))
def test_one_person_more_or_less_changes_an_answer_by_one_band_at_most(keys: set[bytes], one: bytes) -> None:
    without, together = BANDS.index(at_least(keys - {one})), BANDS.index(at_least(keys | {one}))
    assert abs(together - without) <= 1


@given(KEYS, some.randoms())
def test_the_same_people_give_the_same_answer_however_they_are_found(keys: set[bytes], chance: object) -> None:
    again = [*keys, *keys]
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert at_least(again) == at_least(keys)


def test_near_a_floor_other_people_can_give_another_answer_for_the_same_number() -> None:
    groups = [[bytes([group, person]) * 16 for person in range(6)] for group in range(100)]
    told = sum(at_least(group) == 5 for group in groups)
    assert 30 < told < 70  # six people are told in two of the four cases


def test_far_from_a_floor_nothing_depends_on_one_person() -> None:
    for count in (8, 9, 13, 24, 28, 49, 53, 99, 103):
        groups = [[bytes([group, person]) * 16 for person in range(count)] for group in range(50)]
        assert len({at_least(group) for group in groups}) == 1
