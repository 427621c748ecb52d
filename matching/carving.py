"""Job carving: what in a place, when it is dropped or learned on the job, opens it to how many more people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from matching.model import LanguageLevels, Level, Need, Opportunity, Rule, State, Support
from matching.practical import practical_fit
from matching.ranking import match_pair
from matching.scoring import Weights
from matching.standing import Standing, open_places
from matching.vectors import Place, Profile, opportunity_texts

FEWER_HOURS = 8.0
FREE_HOURS = (0.0, 60.0)


@dataclass(frozen=True)
class Cut:
    """One change of a place.

    Attributes:
        name: the phrase that says it, filled from `facts`.
        need: the text of the need it is about, if any.
    """

    name: str
    place: Place
    facts: Mapping[str, object] = field(default_factory=dict)
    need: str | None = None


@dataclass(frozen=True)
class Carving:
    """What one change of a place brings.

    Attributes:
        opens: people to whom the place is open after it, and not before.
        settles: people to whom it is open already, and for whom this need was the only one left to talk about.
    """

    cut: Cut
    opens: tuple[str, ...]
    settles: tuple[str, ...]


@dataclass(frozen=True)
class Near:
    """Someone whose abilities reach the threshold of a place, and the practical rules that stand in between."""

    person: str
    between: tuple[Rule, ...]


@dataclass(frozen=True)
class Carved:
    """A place with what each change of it brings, most first. People by id alone.

    Attributes:
        open_now: people to whom the place is open as it is.
        near: people whose abilities suit it while something practical stands in between, least first.
    """

    opportunity: Opportunity
    open_now: tuple[str, ...]
    carvings: tuple[Carving, ...]
    near: tuple[Near, ...]


def carve(place: Place, profiles: Sequence[Profile], weights: Weights) -> Carved:
    """Tries every single change on the people handed over; the same as changing the place and matching again.

    A place is open to someone when it fits practically and its ability reaches the threshold.
    """
    cuts = list(single_cuts(place))
    variants = [place, *(cut.place for cut in cuts)]
    stands = {one.seeker.id: open_places(one, variants, weights) for one in _by_id(profiles)}
    opened = {person: set(stand.fitting.tolist()) for person, stand in stands.items()}
    open_now = tuple(person for person, rows in opened.items() if 0 in rows)
    to_settle = {one.seeker.id: _only_need(one, place, weights) for one in _by_id(profiles) if one.seeker.id in open_now}
    carvings = [
        Carving(
            cut,
            opens=tuple(person for person, rows in opened.items() if number in rows and 0 not in rows),
            settles=tuple(person for person, need in to_settle.items() if need is not None and need == cut.need),
        )
        for number, cut in enumerate(cuts, start=1)
    ]
    carvings.sort(key=lambda carving: (-len(carving.opens), -len(carving.settles)))
    return Carved(place.opportunity, open_now, tuple(carvings), _near(place.opportunity, stands.values()))


def single_cuts(place: Place) -> Iterator[Cut]:
    """Every change of one need or one limit of this place."""
    for number, need in enumerate(place.opportunity.needs):
        if need.must:
            yield Cut("need_dropped", without_need(place, number), {"text": need.text}, need.text)
        if need.must and not need.learnable:
            yield Cut("need_learnable", with_need(place, number, replace(need, learnable=True)), {"text": need.text}, need.text)
    yield from _limits(place)


def without_need(place: Place, number: int) -> Place:
    """The place without one of its needs."""
    needs = place.opportunity.needs
    row = len(opportunity_texts(place.opportunity)) - len(needs) + number
    fewer = replace(place.opportunity, needs=needs[:number] + needs[number + 1 :])
    return Place(fewer, np.delete(place.vectors, row, axis=0))


def with_need(place: Place, number: int, need: Need) -> Place:
    """The place with other conditions on one of its needs; the text stays."""
    needs = place.opportunity.needs
    return _with(place, needs=(*needs[:number], need, *needs[number + 1 :]))


def _limits(place: Place) -> Iterator[Cut]:
    asked = place.opportunity
    for licence in sorted(asked.licences):
        yield Cut("licence_dropped", _with(place, licences=asked.licences - {licence}), {"licences": [licence]})
    if lower := _one_level_lower(asked.language_min):
        yield Cut("language_lower", _with(place, language_min=lower), {"speaking": lower.speaking, "reading": lower.reading})
        yield Cut("language_dropped", _with(place, language_min=LanguageLevels()))
    if asked.hours_min > FEWER_HOURS:
        hours = max(asked.hours_min - FEWER_HOURS, FEWER_HOURS)
        yield Cut("hours_fewer", _with(place, hours_min=hours), {"hours": hours})
    yield Cut("hours_free", _with(place, hours_min=FREE_HOURS[0], hours_max=FREE_HOURS[1]))
    if asked.dayparts is not None:
        yield Cut("dayparts_free", _with(place, dayparts=None))
    for support in sorted(set(Support) - asked.support):
        yield Cut("support_added", _with(place, support=asked.support | {support}), {"support": [support]})


def _one_level_lower(asked: LanguageLevels) -> LanguageLevels | None:
    """One level less for what is asked; None where nothing is asked. Below A1 nothing is asked."""
    if asked.speaking is None and asked.reading is None:
        return None
    return replace(asked, speaking=_lower(asked.speaking), reading=_lower(asked.reading))


def _lower(level: Level | None) -> Level | None:
    return list(Level)[level.step - 1] if level and level.step else None


def _with(place: Place, **changes: object) -> Place:
    return Place(replace(place.opportunity, **changes), place.vectors)  # type: ignore[arg-type]


def _near(place: Opportunity, stands: Iterable[Standing]) -> tuple[Near, ...]:
    able = [stand.seeker for stand in stands if 0 in stand.rows]
    unmet = {one.id: [outcome for outcome in practical_fit(one, place) if outcome.state is not State.MET] for one in able}
    near = [Near(person, tuple(outcome.rule for outcome in between)) for person, between in unmet.items() if between]
    return tuple(sorted(near, key=lambda one: len(one.between)))


def _by_id(profiles: Sequence[Profile]) -> list[Profile]:
    return sorted(profiles, key=lambda profile: profile.seeker.id)


def _only_need(profile: Profile, place: Place, weights: Weights) -> str | None:
    """The one must that is still to talk about with this person, if it is the only one."""
    gaps = match_pair(profile, place, weights).gaps
    to_discuss = [gap.text for gap in gaps if gap.must and gap.state is State.BLOCKING]
    return to_discuss[0] if len(to_discuss) == 1 else None
