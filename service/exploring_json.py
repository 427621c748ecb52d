"""What could be, as plain data for JSON: people by id alone, and a sentence for everything that is shown."""

from collections.abc import Sequence

from matching.bundles import Bundle
from matching.carving import Carved
from matching.exploring_sentences import (
    answer_word,
    bundle_sentence,
    change_sentence,
    cut_sentence,
    difference_sentences,
    effect_sentence,
    kept_sentence,
    near_sentence,
    no_question_sentence,
    opened_sentence,
    question_sentence,
    step_up_sentence,
    stone_sentence,
    towards_sentence,
    what_changed,
)
from matching.levers import Lever, Levers
from matching.model import Opportunity, Seeker
from matching.next_question import Asked
from matching.phrases import Language
from matching.reasons import practical_sentence
from matching.stepping_up import StepUp, Stone
from matching.what_if import Door, Effect
from service.render import Json


def what_if_json(before: Seeker, after: Seeker, effect: Effect, language: Language) -> Json:
    """A change of one person, with what it opens and closes."""
    return {
        "seeker": before.id,
        "changes": difference_sentences(before, after, language),
        "sentence": effect_sentence(effect, language),
        "rung_reached": {"before": effect.rung_before, "after": effect.rung_after},
        "opens": [_door_json(door, language) for door in effect.opens],
        "closes": [_door_json(door, language) for door in effect.closes],
        "per_rung": [{"rung": one.rung, "before": one.before, "after": one.after} for one in effect.per_rung],
    }


def levers_json(seeker: Seeker, found: Levers, language: Language) -> Json:
    """The changes that open places, how many were tried, and the closed places that are nearest."""
    return {
        "seeker": seeker.id,
        "tried": len(found.levers),
        "levers": [_lever_json(lever, language) for lever in found.levers if lever.opens],
        "nearest": [_door_json(door, language) for door in found.nearest],
    }


def carved_json(carved: Carved, language: Language) -> Json:
    """A place with the people to whom it is open, and what each change brings."""
    return {
        **_place_json(carved.opportunity),
        "open_to": list(carved.open_now),
        "cuts": [
            {
                "cut": one.cut.name,
                "need": one.cut.need,
                "sentence": cut_sentence(one, language),
                "opens_to": list(one.opens),
                "settles_for": list(one.settles),
            }
            for one in carved.carvings
        ],
        "near": [
            {"seeker": one.person, "between": list(one.between), "sentence": near_sentence(one, language)} for one in carved.near
        ],
    }


def bundles_json(made: Sequence[Bundle], vacancies: int, language: Language) -> Json:
    """New jobs, and out of how many vacancies they were made."""
    return {"vacancies": vacancies, "bundles": [_bundle_json(bundle, language) for bundle in made]}


def step_ups_json(steps: Sequence[StepUp], people: int, language: Language) -> Json:
    """Who can step up, out of how many people."""
    return {"people": people, "steps": [_step_json(step, language) for step in steps]}


def stone_json(stone: Stone, language: Language) -> Json:
    """A stepping stone with where it leads."""
    return {
        **_place_json(stone.place),
        "sentence": stone_sentence(stone, language),
        "starters": list(stone.starters),
        "gives": list(stone.gives),
        "towards": [
            {
                **_place_json(one.place),
                "builds": list(one.tasks),
                "opens_to": list(one.people),
                "nearer_for": list(one.nearer),
                "sentence": towards_sentence(one, language),
            }
            for one in stone.towards
        ],
    }


def questions_json(seeker: Seeker, asked: Sequence[Asked], language: Language) -> Json:
    """The question to ask next, and the others that would change the list."""
    rows = [_question_json(one, language) for one in asked]
    sentence = rows[0]["sentence"] if rows else no_question_sentence(language)
    return {"seeker": seeker.id, "sentence": sentence, "question": rows[0] if rows else None, "others": rows[1:]}


def _place_json(opportunity: Opportunity) -> Json:
    return {"id": opportunity.id, "title": opportunity.title, "rung": opportunity.kind}


def _door_json(door: Door, language: Language) -> Json:
    between = [practical_sentence(outcome, language) for outcome in door.unmet]
    return {**_place_json(door.opportunity), "ability": round(door.ability, 4), "between": between}


def _lever_json(lever: Lever, language: Language) -> Json:
    opened = [door.opportunity for door in lever.opens]
    return {
        "lever": lever.change.name,
        "cost": lever.cost,
        "sentence": f"{change_sentence(lever.change, language)} {opened_sentence(opened, language)}",
        "rung_reached": lever.rung_after,
        "opens": [_door_json(door, language) for door in lever.opens],
    }


def _bundle_json(bundle: Bundle, language: Language) -> Json:
    return {
        "seeker": bundle.person,
        "others": list(bundle.others),
        "hours": round(bundle.hours, 1),
        "sentence": bundle_sentence(bundle, language),
        "tasks": [
            {
                "opportunity": piece.vacancy.id,
                "task": piece.evidence.asked,
                "hours": round(piece.hours, 1),
                "statement": piece.evidence.statement,
                "strength": round(piece.evidence.strength, 4),
            }
            for piece in bundle.pieces
        ],
        "keeps": [
            {
                "opportunity": kept.vacancy.id,
                "tasks": list(kept.tasks),
                "hours": round(kept.hours, 1),
                "sentence": kept_sentence(kept, language),
            }
            for kept in bundle.kept
        ],
    }


def _step_json(step: StepUp, language: Language) -> Json:
    return {
        "seeker": step.seeker_id,
        "sentence": step_up_sentence(step, language),
        "rung_reached": {"before": step.rung_before, "after": step.rung_now},
        "place": {**_place_json(step.place), "ability": round(step.ability, 4)},
        "changed": what_changed(step, language),
    }


def _question_json(asked: Asked, language: Language) -> Json:
    return {
        "question": asked.question.name,
        "sentence": question_sentence(asked, language),
        "expected_change": round(asked.expected, 2),
        "answers": [
            {"answer": answer_word(one, language), "changed": one.changed, "top": list(one.top)} for one in asked.answers
        ],
    }
