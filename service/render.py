"""Matches and rankings as plain data for JSON; every number in it can be recomputed from the receipt."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from matching.doubt import Calibration, certainty
from matching.exploring_sentences import doubt_sentence
from matching.ladder import StepDown, SteppingStone
from matching.model import Match, Seeker
from matching.phrases import Language
from matching.ranking import Ranking
from matching.reasons import gap_sentence, practical_sentence, reason_sentence, step_down_sentence, stone_sentence

Json = dict[str, Any]


def plain(row: Mapping[str, Any]) -> Json:
    """A row of the database as JSON can hold it."""
    return {name: value if isinstance(value, str | int | float | list | None) else str(value) for name, value in row.items()}


def ranking_json(seeker: Seeker, ranking: Ranking, language: Language) -> Json:
    """The ranked places of a person, with the ladder."""
    return {
        "seeker": ranking.seeker_id,
        "rung_reached": ranking.rung_reached,
        "stepped_down": [_step_down_json(step, language) for step in ranking.stepped_down],
        "stepping_stones": [_stone_json(stone, language) for stone in ranking.stepping_stones],
        "matches": _ranked({seeker.id: seeker}, ranking.matches, language, "place"),
        "considered": ranking.considered,
    }


def candidates_json(opportunity_id: str, people: Mapping[str, Seeker], matches: Sequence[Match], language: Language) -> Json:
    """The people for a place: code and reasons, no name."""
    return {"opportunity": opportunity_id, "candidates": _ranked(people, matches, language, "person")}


def match_json(seeker: Seeker, match: Match, language: Language) -> Json:
    """One pair, whole."""
    return {
        "seeker": match.seeker_id,
        "id": match.opportunity.id,
        "title": match.opportunity.title,
        "organisation": match.opportunity.organisation,
        "place": match.opportunity.place,
        "rung": match.opportunity.kind,
        "fits": match.fits,
        "ability": round(match.ability, 4),
        "ability_band": match.band + 1,
        "motivation": round(match.motivation, 4),
        "score": round(match.score, 4),
        "distance": None if match.distance_km is None else round(match.distance_km, 1),
        "practical": [
            {"rule": outcome.rule, "state": outcome.state, "sentence": practical_sentence(outcome, language)}
            for outcome in match.practical
        ],
        "reasons": [
            {
                "statement": evidence.statement,
                "task": evidence.asked,
                "part": evidence.part,
                "strength": round(evidence.strength, 4),
                "sentence": reason_sentence(evidence, language),
            }
            for evidence in match.evidence
        ],
        "gaps": [
            {"text": gap.text, "state": gap.state, "must": gap.must, "sentence": gap_sentence(gap, language)}
            for gap in match.gaps
        ],
        "certainty": _certainty_json(seeker, match, language),
    }


@cache
def _calibration() -> Calibration:
    return Calibration.read()


def _certainty_json(seeker: Seeker, match: Match, language: Language) -> Json:
    sure = certainty(seeker, match, _calibration())
    return {"level": sure.level, "reasons": [doubt_sentence(doubt, language) for doubt in sure.doubts]}


def _ranked(people: Mapping[str, Seeker], matches: Sequence[Match], language: Language, about: str) -> list[Json]:
    leave_out = "seeker" if about == "place" else "id"
    rows = []
    for rank, match in enumerate(matches, start=1):
        row = match_json(people[match.seeker_id], match, language)
        row.pop(leave_out)
        rows.append({"rank": rank, **row})
    return rows


def _step_down_json(step: StepDown, language: Language) -> Json:
    return {
        "rung": step.rung,
        "sentence": step_down_sentence(step, language),
        "nearest": [
            {
                "id": match.opportunity.id,
                "title": match.opportunity.title,
                "ability": round(match.ability, 4),
                "needed": [practical_sentence(outcome, language) for outcome in match.unmet],
                "gaps": [gap_sentence(gap, language) for gap in match.gaps],
            }
            for match in step.nearest
        ],
    }


def _stone_json(stone: SteppingStone, language: Language) -> Json:
    return {
        "id": stone.place.opportunity.id,
        "title": stone.place.opportunity.title,
        "rung": stone.place.opportunity.kind,
        "towards": {
            "id": stone.towards.opportunity.id,
            "title": stone.towards.opportunity.title,
            "rung": stone.towards.opportunity.kind,
        },
        "builds": list(stone.builds),
        "sentence": stone_sentence(stone, language),
    }
