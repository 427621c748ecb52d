"""Says in words what was found: quotes the person's own sentence beside the task, and invents nothing."""

from matching.explaining import WORTH_SAYING
from matching.ladder import StepDown, SteppingStone
from matching.model import AskedFor, Evidence, Gap, Outcome, State
from matching.phrases import PHRASES, RUNGS, SKILLS, TRANSPORT, Language
from matching.wording import capital, gained, joined, named, number, span

STRONG = 0.8
RELATED = 0.1
"""Ability from which a place on a higher rung is near enough to name what comes first."""

MOST_STEPS = 3


def practical_sentence(outcome: Outcome, language: Language = "nl") -> str:
    """One sentence about one practical rule."""
    return _say(outcome.phrase, language, **{name: _fact(name, value, language) for name, value in outcome.facts.items()})


def reason_sentence(evidence: Evidence, language: Language = "nl") -> str:
    """The person's own words beside what the place asks or offers."""
    if evidence.part is AskedFor.OFFER:
        phrase = "reason_offer"
    elif evidence.strength >= WORTH_SAYING:
        phrase = "reason_strong" if evidence.strength >= STRONG else "reason_good"
    else:
        phrase = "reason_light"
    return _say(phrase, language, statement=evidence.statement, asked=evidence.asked)


def gap_sentence(gap: Gap, language: Language = "nl") -> str:
    """What is still to learn there, or to talk about."""
    return _say("gap_to_learn" if gap.state is State.TO_LEARN else "gap_to_discuss", language, text=gap.text)


def step_down_sentence(step: StepDown, language: Language = "nl") -> str:
    """Why the ranking went below this rung: what stood between the person and the nearest place on it."""
    rung = RUNGS[step.rung][language]
    if not step.nearest:
        return _say("down_nothing_near", language, rung=rung)
    nearest = min(step.nearest, key=lambda match: (-match.ability, match.opportunity.id))
    steps = [practical_sentence(outcome, language) for outcome in nearest.unmet]
    steps += [gap_sentence(gap, language) for gap in nearest.gaps if gap.must]
    phrase = "down_between" if steps and nearest.ability >= RELATED else "down_ability"
    return _say(phrase, language, rung=rung, title=nearest.opportunity.title, steps=" ".join(steps[:MOST_STEPS]))


def stone_sentence(stone: SteppingStone, language: Language = "nl") -> str:
    """What a stepping stone builds, and towards which place."""
    return _say(
        "stone",
        language,
        place=stone.place.opportunity.title,
        towards=stone.towards.opportunity.title,
        rung=RUNGS[stone.towards.opportunity.kind][language],
        builds=joined([_built(built, stone, language) for built in stone.builds], language),
    )


def _built(built: str, stone: SteppingStone, language: Language) -> str:
    if built in stone.towards.opportunity.tasks or built == stone.towards.opportunity.title:
        return f"“{built}”"
    return gained(built, language)


def _say(phrase: str, language: Language, **facts: str) -> str:
    skills = [f"{names[language]} {facts[skill]}" for skill, names in SKILLS.items() if facts.get(skill)]
    derived = {"levels": joined(skills, language), "Rung": capital(facts.get("rung", ""))}
    spans = {
        "span": span(facts.get("low", ""), facts.get("high", ""), language),
        "wish": span(facts.get("wanted_low", ""), facts.get("wanted_high", ""), language),
    }
    return PHRASES[phrase][language].format(**derived, **spans, **facts)


def _fact(name: str, value: object, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return number(value, language)
    if isinstance(value, list):
        return joined([named(name, item, language) for item in value], language)
    tables = {"rung": RUNGS, "transport": TRANSPORT}
    return tables[name][str(value)][language] if name in tables else str(value)
