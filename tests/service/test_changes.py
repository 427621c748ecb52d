from dataclasses import replace

import pytest

from matching.model import LanguageLevels, Level, Position, Rung, Seeker, Support, Transport
from service.changes import Wished, changed, seeker_from
from service.errors import BadInput
from service.receipts import content_of

PERSON = Seeker(
    "s",
    abilities=("Ik kook graag.",),
    position=Position(51.9, 6.2, False),
    hours_min=8.0,
    hours_max=16.0,
    dayparts=frozenset(["mon_am"]),
    language=LanguageLevels(Level.A2, Level.A1, Level.A1),
    licences=frozenset(["AM"]),
    open_to=frozenset([Rung.PAID]),
)


@pytest.mark.parametrize(
    ("wished", "becomes"),
    [
        (Wished(values=("hours_max=32", "hours_min=7,5")), {"hours_max": 32.0, "hours_min": 7.5}),
        (Wished(values=("max_travel_km = 20", "transport=ebike")), {"max_travel_km": 20.0, "transport": Transport.EBIKE}),
        (Wished(values=("speaking=B1",)), {"language": LanguageLevels(Level.B1, Level.A1, Level.A1)}),
        (Wished(values=("dayparts=flexible",)), {"dayparts": None}),
        (Wished(values=("dayparts=sat_am, sat_pm",)), {"dayparts": frozenset(["sat_am", "sat_pm"])}),
        (Wished(values=("licences=B,VOG",)), {"licences": frozenset(["B", "VOG"])}),
        (Wished(added=("licence=B", "daypart=fri_eve")), {"licences": {"AM", "B"}, "dayparts": {"mon_am", "fri_eve"}}),
        (
            Wished(added=("support=buddy", "rung=learning")),
            {"support_needs": {Support.BUDDY}, "open_to": {Rung.PAID, Rung.LEARNING}},
        ),
        (Wished(open_to=("volunteering",)), {"open_to": {Rung.PAID, Rung.VOLUNTEERING}}),
        (Wished(learned=("Ik kan lassen.",)), {"abilities": ("Ik kook graag.", "Ik kan lassen.")}),
    ],
)
def test_a_change_is_made_and_the_rest_stays(wished: Wished, becomes: dict) -> None:
    assert changed(PERSON, wished) == replace(PERSON, **becomes)


def test_a_person_in_a_receipt_is_read_back_as_they_were() -> None:
    for person in (PERSON, replace(PERSON, position=None, dayparts=None)):
        assert seeker_from(content_of(person)) == person


@pytest.mark.parametrize(
    ("wished", "says"),
    [
        (Wished(values=("hours_max=veel",)), ("hours_max", "'veel'", "0 to 60")),
        (Wished(values=("hours_max=1",)), ("hours_min", "not more than hours_max")),
        (Wished(values=("transport=raket",)), ("transport", "walk, bike, ebike, car, public")),
        (Wished(values=("speaking=goed",)), ("speaking", "A1, A2, B1")),
        (Wished(values=("dayparts=zaterdag",)), ("dayparts", "mon_am")),
        (Wished(values=("leeftijd=40",)), ("--set", "hours_max")),
        (Wished(values=("hours_max",)), ("--set", "FIELD=VALUE")),
        (Wished(added=("hond=ja",)), ("--add", "licence, daypart")),
        (Wished(open_to=("directeur",)), ("open_to", "volunteering")),
        (Wished(learned=("!",)), ("abilities", "a sentence")),
        (Wished(), ("Nothing changes",)),
    ],
)
def test_a_change_that_cannot_be_names_the_field_and_what_is_allowed(wished: Wished, says: tuple) -> None:
    with pytest.raises(BadInput) as error:
        changed(PERSON, wished)
    assert all(part in str(error.value) for part in says), str(error.value)
