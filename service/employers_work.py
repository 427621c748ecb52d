"""Work as an employer types or pastes it on their own site: read as a vacancy, and made coarse to ask who could do it."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError

from matching.model import Opportunity
from service.errors import BadInput
from service.geography import Gazetteer, Grid
from service.imports.vacancy_text import read_vacancy
from service.interchange import OpportunityRecord
from service.wording import in_dutch

HOURS_STEP = 4
"""Hours are asked for in steps of this size; finer ones would tell people apart by the hours they wish."""

MOST_HOURS = 60
POINTERS = {"hours_min": "/hoursMin", "hours_max": "/hoursMax", "place": "/place", "organisation": "/contact/organisation"}
"""Where a field of a place comes from in what was sent; all others come from the text."""

_POSTCODE = re.compile(r"([1-9]\d{3})\s*[A-Za-z]{0,2}")


@dataclass(frozen=True)
class Work:
    """What was typed or pasted; what was filled in apart from it goes before what the text says."""

    text: str
    place: str = ""
    hours_min: float | None = None
    hours_max: float | None = None


@dataclass(frozen=True)
class Reading:
    """The work as a place, and how many sentences were left out of it since they are not about the work."""

    record: OpportunityRecord
    left_out: int


def read_work(work: Work, gazetteer: Gazetteer, known: Mapping[str, str]) -> Reading:
    """The work as a place; `known` fields go before all.

    Raises:
        BadInput: the text does not say what the work is, or hours cannot be.
    """
    draft = read_vacancy(work.text, gazetteer)
    try:
        record = OpportunityRecord.model_validate({**draft.fields, **_filled_in(work), **known})
    except ValidationError as problems:
        problem = problems.errors(include_url=False)[0]
        field = str(problem["loc"][0]) if problem["loc"] else "hours_min"
        message = "Schrijf in een of meer zinnen wat het werk is." if field == "title" else in_dutch(problem)
        raise BadInput(message, POINTERS.get(field, "/text")) from problems
    return Reading(record, len(draft.left_out))


def _filled_in(work: Work) -> dict[str, object]:
    postcode = _POSTCODE.fullmatch(work.place.strip())
    place: dict[str, object] = {"place": "" if postcode else work.place, "postcode4": postcode[1] if postcode else None}
    hours = {"hours_min": work.hours_min, "hours_max": work.hours_max}
    return (place if work.place.strip() else {}) | {name: value for name, value in hours.items() if value is not None}


def coarse(asked: Opportunity) -> Opportunity:
    """The work as it is asked about: in steps too large to tell one person from the next by hours, days or place."""
    return replace(
        asked,
        position=asked.position and Grid().middle(asked.position),
        hours_min=math.floor(asked.hours_min / HOURS_STEP) * HOURS_STEP,
        hours_max=min(math.ceil(asked.hours_max / HOURS_STEP) * HOURS_STEP, MOST_HOURS),
        dayparts=None,
        positions=1,
    )
