"""The form of a place says the same as what is kept, and takes what people type."""

import json

import pytest
from starlette.datastructures import FormData

from service.interchange import OpportunityRecord
from service.pages import vacancy_form
from service.use_cases import demo

PLACES = [json.loads(line) for line in (demo.FOLDER / "opportunities.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("place", PLACES[::11], ids=lambda place: place["id"])
def test_a_place_goes_through_the_form_unchanged(place):
    record = OpportunityRecord.model_validate(place)
    values = vacancy_form.read(record.model_dump(mode="json"))
    again = OpportunityRecord.model_validate(vacancy_form.row(record.id, values))
    assert again == record


def test_what_is_typed_is_tidied():
    form = FormData(
        [
            ("title", " Fietsenmaker "), ("kind", "paid"), ("tasks", "- Je plakt banden.\n\n\u2022 Je smeert kettingen."),
            ("need", "Je kunt sleutelen."), ("how", "nice_learnable"), ("need", " "), ("how", "must"),
            ("hours_min", "7,5"), ("hours_max", "20"), ("positions", ""), ("licences", "B, , VCA"),
        ]
    )  # fmt: skip
    record = OpportunityRecord.model_validate(vacancy_form.row("o-1", vacancy_form.typed(form)))
    assert (record.title, record.tasks) == ("Fietsenmaker", ["Je plakt banden.", "Je smeert kettingen."])
    assert [(need.must, need.learnable) for need in record.needs] == [(False, True)]
    assert (record.hours_min, record.positions, record.licences) == (7.5, 1, ["B", "VCA"])


def test_a_need_of_an_unknown_weight_is_needed():
    values = vacancy_form.empty() | {"title": "Bakker", "needs": [{"text": "Je bakt graag.", "how": "anders"}]}
    record = OpportunityRecord.model_validate(vacancy_form.row("o-1", values))
    assert [(need.must, need.learnable) for need in record.needs] == [(True, False)]
