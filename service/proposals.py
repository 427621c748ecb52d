"""The states of a proposal, and who may take which step: one table, the same in `0003_proposals.sql` (a test compares)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Label(NamedTuple):
    """A word for people to read."""

    nl: str
    en: str


class State(StrEnum):
    """How far a proposal is, from a suggestion to work that lasts."""

    SUGGESTED = "suggested"
    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    INTRODUCED = "introduced"
    REFUSED = "refused"
    MET = "met"
    TRIAL = "trial"
    STARTED = "started"
    LASTING_1 = "lasting_1"
    LASTING_3 = "lasting_3"
    LASTING_6 = "lasting_6"
    LASTING_12 = "lasting_12"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Party(StrEnum):
    """Whose reason it is."""

    RESIDENT = "resident"
    EMPLOYER = "employer"
    STAFF = "staff"


STATES: dict[State, Label] = {
    State.SUGGESTED: Label("idee", "suggested"),
    State.PROPOSED: Label("voorgesteld aan de inwoner", "proposed to the resident"),
    State.AGREED: Label("de inwoner wil dit", "the resident agreed"),
    State.DECLINED: Label("de inwoner kiest iets anders", "declined by the resident"),
    State.INTRODUCED: Label("voorgesteld aan de werkgever", "introduced to the employer"),
    State.REFUSED: Label("de werkgever kiest iets anders", "refused by the employer"),
    State.MET: Label("kennisgemaakt", "met"),
    State.TRIAL: Label("begonnen op proef", "started on trial"),
    State.STARTED: Label("begonnen", "started"),
    State.LASTING_1: Label("een maand aan de slag", "lasting for one month"),
    State.LASTING_3: Label("drie maanden aan de slag", "lasting for three months"),
    State.LASTING_6: Label("een half jaar aan de slag", "lasting for six months"),
    State.LASTING_12: Label("een jaar aan de slag", "lasting for a year"),
    State.ENDED: Label("afgerond", "ended"),
    State.WITHDRAWN: Label("teruggetrokken", "withdrawn"),
}

ACTIONS: dict[State, Label] = {
    State.PROPOSED: Label("stel voor aan de inwoner", "propose it to the resident"),
    State.AGREED: Label("zeg ja", "agree"),
    State.DECLINED: Label("kies iets anders", "choose something else"),
    State.INTRODUCED: Label("stel voor aan de werkgever", "introduce them to the employer"),
    State.REFUSED: Label("leg vast dat de werkgever iets anders kiest", "record that the employer chooses someone else"),
    State.MET: Label("leg vast dat zij elkaar spraken", "record that they met"),
    State.TRIAL: Label("leg vast dat de proef begint", "record that the trial starts"),
    State.STARTED: Label("leg vast dat het werk begint", "record that the work starts"),
    State.LASTING_1: Label("leg vast dat het een maand duurt", "record that it has lasted for one month"),
    State.LASTING_3: Label("leg vast dat het drie maanden duurt", "record that it has lasted for three months"),
    State.LASTING_6: Label("leg vast dat het een half jaar duurt", "record that it has lasted for six months"),
    State.LASTING_12: Label("leg vast dat het een jaar duurt", "record that it has lasted for a year"),
    State.ENDED: Label("rond af", "end it"),
    State.WITHDRAWN: Label("trek het voorstel terug", "withdraw the proposal"),
}
"""What someone does to come to a state, as the words of a button."""

REASONS: dict[Party, dict[str, Label]] = {
    Party.RESIDENT: {
        "other_work": Label("ik heb al iets anders gevonden", "I found something else"),
        "not_my_choice": Label("dit werk trekt me niet", "this work does not appeal to me"),
        "learn_first": Label("ik wil eerst iets leren", "I want to learn something first"),
        "hours": Label("de uren komen niet uit", "the hours do not suit me"),
        "travel": Label("de reis komt niet uit", "the journey does not suit me"),
        "later": Label("liever op een later moment", "rather at a later moment"),
        "other": Label("iets anders", "something else"),
    },
    Party.EMPLOYER: {
        "position_taken": Label("de plek is al bezet", "the position was taken"),
        "other_experience": Label("we zoeken andere ervaring", "we look for other experience"),
        "hours": Label("de uren komen niet uit", "the hours do not match"),
        "no_guidance_now": Label("we hebben nu geen tijd om te begeleiden", "we have no time to guide someone now"),
        "place_gone": Label("de plek is er niet meer", "the place is no longer there"),
        "other": Label("iets anders", "something else"),
    },
    Party.STAFF: {
        "better_option": Label("er is een plek die beter past", "there is a place that fits better"),
        "place_gone": Label("de plek is er niet meer", "the place is no longer there"),
        "agreed_together": Label("zo samen afgesproken", "agreed together"),
        "step_forward": Label("een stap vooruit, naar een andere plek", "a step forward, to another place"),
        "period_over": Label("de afgesproken tijd is voorbij", "the agreed period is over"),
        "moved": Label("verhuisd", "moved"),
        "mistake": Label("per ongeluk aangemaakt", "made by mistake"),
        "other": Label("iets anders", "something else"),
    },
}
_WHOSE_REASON = {State.DECLINED: Party.RESIDENT, State.REFUSED: Party.EMPLOYER}


def reason_label(state: State, reason: str) -> Label:
    """The words of a reason to come to a state; a reason that is not listed any more stands for itself."""
    parties = sorted(Party, key=lambda party: party is not _WHOSE_REASON.get(state, Party.STAFF))
    return next((REASONS[party][reason] for party in parties if reason in REASONS[party]), Label(reason, reason))


OTHER = "other"
"""The reason that needs words of its own."""

LASTING = {State.LASTING_1: 1, State.LASTING_3: 3, State.LASTING_6: 6, State.LASTING_12: 12}
"""Months since the start."""

AT_WORK = (State.TRIAL, State.STARTED, *LASTING)
"""Someone is there: one of the positions is taken."""

WITH_EMPLOYER = (State.INTRODUCED, State.MET, *AT_WORK)
"""The employer sees the profile by code; the name only while the resident's agreement stands."""

AFTER_AGREEMENT = (State.AGREED, *WITH_EMPLOYER)
"""The resident said yes: the name can be hidden and shown again."""

FINAL = (State.DECLINED, State.REFUSED, State.ENDED, State.WITHDRAWN)
UNDER_WAY = tuple(state for state in State if state not in FINAL)

_STAFF = ("client_manager", "account_manager")
_WITH_EMPLOYER = (*_STAFF, "employer")
_WHOSE = {"resident": Party.RESIDENT, "employer": Party.EMPLOYER}


@dataclass(frozen=True, slots=True)
class Step:
    """One step that someone in a role may take; `reason` says whose reason has to be given with it, if any."""

    source: State
    target: State
    role: str
    reason: Party | None = None


def _forward() -> Iterator[Step]:
    yield Step(State.SUGGESTED, State.PROPOSED, "client_manager")
    yield Step(State.PROPOSED, State.AGREED, "resident")
    yield from (Step(State.AGREED, State.INTRODUCED, role) for role in _STAFF)
    yield from (Step(State.INTRODUCED, State.MET, role) for role in _WITH_EMPLOYER)
    for source, target in ((State.MET, State.TRIAL), (State.MET, State.STARTED), (State.TRIAL, State.STARTED)):
        yield from (Step(source, target, role) for role in _STAFF)
    lasting = (State.STARTED, *LASTING)
    for number, source in enumerate(lasting):
        yield from (Step(source, target, role) for target in lasting[number + 1 :] for role in _STAFF)


def _closing() -> Iterator[Step]:
    yield from (Step(source, State.DECLINED, "resident", Party.RESIDENT) for source in (State.PROPOSED, State.AGREED))
    for source in (State.INTRODUCED, State.MET):
        yield from (Step(source, State.REFUSED, role, Party.EMPLOYER) for role in ("employer", "account_manager"))
    for source in AT_WORK:
        yield from (Step(source, State.ENDED, role, Party.STAFF) for role in _STAFF)
    for source in UNDER_WAY:
        yield from (Step(source, State.WITHDRAWN, role, _WHOSE.get(role, Party.STAFF)) for role in (*_STAFF, "resident"))


STEPS = {(step.source, step.target, step.role): step for step in (*_forward(), *_closing())}
"""Every step there is. Nothing else changes a state, and nobody but a person takes a step."""


def steps_from(state: State, role: str) -> list[Step]:
    """The steps that this role may take from this state."""
    return [step for step in STEPS.values() if step.source is state and step.role == role]
