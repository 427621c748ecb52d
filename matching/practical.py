"""Practical fit: hours, dayparts, reach, licences, language, support, openness and free positions (DESIGN section 5)."""

import math

from matching.model import (
    HOURS_PER_DAYPART,
    Level,
    Opportunity,
    Outcome,
    Position,
    Rule,
    Seeker,
    State,
)

TOLERANCE_KM = 0.5
EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the GRS 80 ellipsoid (Moritz 2000, Journal of Geodesy 74:128)."""

SOON_TO_GET = frozenset({"VCA", "BHV", "HACCP", "SVH", "VOG", "FORKLIFT", "AM"})
"""Licences and certificates that take days or weeks; the others (a driving licence, a diploma) take months."""


def distance_km(one: Position, other: Position) -> float:
    """Great-circle distance (haversine)."""
    latitude, other_latitude = math.radians(one.latitude), math.radians(other.latitude)
    across = math.radians(other.longitude - one.longitude)
    half = math.sin((other_latitude - latitude) / 2) ** 2
    half += math.cos(latitude) * math.cos(other_latitude) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def distance_between(seeker: Seeker, place: Opportunity) -> float | None:
    """Distance in km, or None when one of the two positions is not known."""
    if seeker.position is None or place.position is None:
        return None
    return distance_km(seeker.position, place.position)


def practical_fit(seeker: Seeker, place: Opportunity) -> tuple[Outcome, ...]:
    """Every rule with its state, in a fixed order."""
    return tuple(rule(seeker, place) for rule in RULES)


def hours(seeker: Seeker, place: Opportunity) -> Outcome:
    """The two ranges of hours overlap."""
    low, high = max(seeker.hours_min, place.hours_min), min(seeker.hours_max, place.hours_max)
    if low <= high:
        return Outcome(Rule.HOURS, State.MET, "hours_met", {"low": low, "high": high})
    facts = {"low": place.hours_min, "high": place.hours_max, "wanted_low": seeker.hours_min, "wanted_high": seeker.hours_max}
    return Outcome(Rule.HOURS, State.BLOCKING, "hours_apart", facts)


def dayparts(seeker: Seeker, place: Opportunity) -> Outcome:
    """The shared dayparts hold the larger of the two minimum hours; a side without dayparts is flexible."""
    if seeker.dayparts is None or place.dayparts is None:
        return Outcome(Rule.DAYPARTS, State.MET, "dayparts_flexible")
    shared = len(seeker.dayparts & place.dayparts) * HOURS_PER_DAYPART
    needed = max(seeker.hours_min, place.hours_min)
    if shared >= needed:
        return Outcome(Rule.DAYPARTS, State.MET, "dayparts_met", {"shared": shared})
    return Outcome(Rule.DAYPARTS, State.BLOCKING, "dayparts_short", {"shared": shared, "needed": needed})


def reach(seeker: Seeker, place: Opportunity) -> Outcome:
    """The straight line is no longer than the person travels, give or take half a kilometre."""
    distance = distance_between(seeker, place)
    if distance is None:
        return Outcome(Rule.REACH, State.MET, f"reach_unknown_{_unknown(seeker, place)}")
    facts = {"km": distance, "limit": seeker.max_travel_km, "transport": seeker.transport}
    if distance > seeker.max_travel_km + TOLERANCE_KM:
        return Outcome(Rule.REACH, State.BLOCKING, "reach_far", facts)
    both_exact = bool(seeker.position and seeker.position.exact and place.position and place.position.exact)
    return Outcome(Rule.REACH, State.MET, "reach_met" if both_exact else "reach_met_by_place", facts)


def _unknown(seeker: Seeker, place: Opportunity) -> str:
    if seeker.position or place.position:
        return "place" if seeker.position else "home"
    return "both"


def licences(seeker: Seeker, place: Opportunity) -> Outcome:
    """Every licence and certificate that is asked for is held."""
    held = {licence.upper() for licence in seeker.licences}
    asked = sorted(place.licences)
    missing = [licence for licence in asked if licence.upper() not in held]
    if not asked:
        return Outcome(Rule.LICENCES, State.MET, "licences_none")
    if not missing:
        return Outcome(Rule.LICENCES, State.MET, "licences_met", {"licences": asked})
    if {licence.upper() for licence in missing} <= SOON_TO_GET:
        return Outcome(Rule.LICENCES, State.TO_LEARN, "licences_soon", {"licences": missing})
    return Outcome(Rule.LICENCES, State.BLOCKING, "licences_later", {"licences": missing})


def language(seeker: Seeker, place: Opportunity) -> Outcome:
    """Speaking and reading are at least at the level that is asked; one step below is something to learn."""
    asked = place.language_min
    steps = {
        "speaking": _steps_to_go(seeker.language.speaking, asked.speaking),
        "reading": _steps_to_go(seeker.language.reading, asked.reading),
    }
    facts: dict[str, object] = {"speaking": asked.speaking, "reading": asked.reading}
    if asked.speaking is None and asked.reading is None:
        return Outcome(Rule.LANGUAGE, State.MET, "language_free")
    if max(steps.values()) <= 0:
        return Outcome(Rule.LANGUAGE, State.MET, "language_met", facts)
    facts = {skill: getattr(asked, skill) if to_go > 0 else None for skill, to_go in steps.items()}
    state = State.TO_LEARN if max(steps.values()) == 1 else State.BLOCKING
    if not any(getattr(seeker.language, skill) for skill, level in facts.items() if level):
        return Outcome(Rule.LANGUAGE, state, "language_unknown", facts)
    return Outcome(Rule.LANGUAGE, state, "language_step" if state is State.TO_LEARN else "language_later", facts)


def support(seeker: Seeker, place: Opportunity) -> Outcome:
    """The place offers all support the person needs to work well."""
    missing = sorted(seeker.support_needs - place.support)
    if missing:
        return Outcome(Rule.SUPPORT, State.BLOCKING, "support_to_arrange", {"support": missing})
    if seeker.support_needs:
        return Outcome(Rule.SUPPORT, State.MET, "support_met", {"support": sorted(seeker.support_needs)})
    return Outcome(Rule.SUPPORT, State.MET, "support_none")


def open_to(seeker: Seeker, place: Opportunity) -> Outcome:
    """The person is open to this rung."""
    if place.kind in seeker.open_to:
        return Outcome(Rule.OPEN_TO, State.MET, "open_met", {"rung": place.kind})
    return Outcome(Rule.OPEN_TO, State.BLOCKING, "open_not", {"rung": place.kind})


def positions(_: Seeker, place: Opportunity) -> Outcome:
    """At least one position is free."""
    if place.positions >= 1:
        return Outcome(Rule.POSITIONS, State.MET, "positions_free", {"count": place.positions})
    return Outcome(Rule.POSITIONS, State.BLOCKING, "positions_taken")


def _steps_to_go(has: Level | None, asked: Level | None) -> int:
    if asked is None:
        return 0
    return asked.step - (has.step if has else -1)


RULES = (hours, dayparts, reach, licences, language, support, open_to, positions)
