"""Vacancies from pasted text and from schema.org JobPosting, taken apart into the fields of a place."""

import json
from typing import Any

import pytest

from service.geography import Gazetteer
from service.imports.job_posting import read_job_postings
from service.imports.vacancy_facts import hours_in, language_in, licences_in
from service.interchange import OpportunityRecord, Row, checked
from service.use_cases.import_jobs import parse_vacancy

GARDENER = """Vacature: Medewerker groenvoorziening (m/v) 24-32 uur

Hoveniersbedrijf De Groene Vingers zoekt per direct een medewerker groenvoorziening in Doetinchem.

Wat ga je doen?
- Je snoeit heggen en maait gras.
- Je houdt het gereedschap schoon.

Wie ben jij?
- Je werkt graag buiten, ook als het regent.
- Je hebt rijbewijs B.
- VCA is een pré
- Je spreekt Nederlands op A2-niveau.
- Ervaring met een bosmaaier, of bereid dit te leren.

Wat bieden wij?
Een gezellig team van acht collega's en een vast maatje. Werkdagen: maandag t/m donderdag van 7.30 tot 16.00 uur.

Solliciteren?
Bel Henk op 06-12345678.
"""
HOSTESS = (
    "Wij zoeken een gastvrouw voor ons buurthuis in Zutphen. Je schenkt koffie en maakt een praatje met bezoekers. "
    "Je hebt geduld en houdt van mensen. Een VOG is nodig, die betalen wij. Het is vrijwilligerswerk voor 4 uur per week, "
    "op dinsdagmiddag. Je krijgt er gezelligheid voor terug. Mail naar info@example.nl."
)
SCRIPT = '<script type="application/ld+json">{}</script>'
POSTING: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Bakker",
    "identifier": {"@type": "PropertyValue", "name": "Bakkerij", "value": "BK 17"},
    "hiringOrganization": {"@type": "Organization", "name": "Bakkerij De Korst"},
    "jobLocation": {
        "@type": "Place",
        "address": {"addressLocality": "Ulft", "postalCode": "7071 AB", "streetAddress": "Kerkweg 1"},
    },
    "description": "<p>Wij bakken elke nacht.</p><h3>Wat ga je doen?</h3><ul><li>Je kneedt deeg.</li><li>Je bakt brood.</li></ul>"
    "<h3>Wat vragen wij?</h3><ul><li>Je bent nauwkeurig.</li><li>HACCP, die kun je hier halen.</li></ul>"
    "<h3>Wij bieden</h3><p>Vers brood &amp; een hecht team.</p>",
    "employmentType": ["PART_TIME"],
    "workHours": "20-28 uur per week, maandag t/m vrijdag ochtend",
    "totalJobOpenings": 2,
    "validThrough": "2031-05-01T00:00:00+02:00",
    "baseSalary": {"value": 15},
}


def test_a_vacancy_with_headings_is_taken_apart(gazetteer: Gazetteer) -> None:
    answer = parse_vacancy(GARDENER, gazetteer)
    place = answer["vacancy"]
    assert (place["title"], place["organisation"]) == ("Medewerker groenvoorziening", "Hoveniersbedrijf De Groene Vingers")
    assert (place["kind"], place["place"], place["hours_min"], place["hours_max"]) == ("paid", "Doetinchem", 24, 32)
    assert place["tasks"] == ["Je snoeit heggen en maait gras.", "Je houdt het gereedschap schoon."]
    assert [(need["text"][:7], need["must"], need["learnable"]) for need in place["needs"]] == [
        ("Je werk", True, False),
        ("VCA is ", False, False),
        ("Ervarin", True, True),
    ]
    assert (place["licences"], place["support"]) == (["B"], ["buddy"])
    assert place["language_min"] == {"speaking": "A2", "reading": None, "writing": None}
    assert place["dayparts"] == sorted(f"{day}_{part}" for day in ("mon", "tue", "wed", "thu") for part in ("am", "pm"))
    assert "06-12345678" not in json.dumps(place)
    assert any("Henk" in left["text"] for left in answer["leftOut"])


def test_a_vacancy_without_headings_is_taken_apart(gazetteer: Gazetteer) -> None:
    answer = parse_vacancy(HOSTESS, gazetteer)
    place = answer["vacancy"]
    assert (place["title"], place["kind"], place["place"]) == ("Gastvrouw", "volunteering", "Zutphen")
    assert place["tasks"] == ["Je schenkt koffie en maakt een praatje met bezoekers."]
    assert "Je hebt geduld en houdt van mensen." in [need["text"] for need in place["needs"]]
    assert (place["hours_min"], place["dayparts"], place["licences"]) == (4, ["tue_pm"], ["VOG"])
    assert "info@example.nl" not in json.dumps(place)


def test_what_was_guessed_is_said_and_the_same_text_gets_the_same_code(gazetteer: Gazetteer) -> None:
    answer = parse_vacancy("Bakker\nJe bakt brood.", gazetteer)
    assert [sentence.partition(":")[0] for sentence in answer["assumed"]] == ["betaald werk", "1 tot 40 uur per week"]
    assert answer["vacancy"]["id"] == parse_vacancy("Bakker\nJe bakt brood.", gazetteer)["vacancy"]["id"]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("24 tot 32 uur per week", ("24", "32")),
        ("24-32 uur p/w", ("24", "32")),
        ("Uren: 16 - 20", ("16", "20")),
        ("een contract van 36 uur per week", ("36", "36")),
        ("maximaal 20 uur per week", (None, "20")),
        ("minimaal 12 uur per week", ("12", None)),
        ("fulltime", ("36", "40")),
        ("Je werkt van 8 tot 17 uur", (None, None)),
        ("van 8.30 uur tot 12.30 uur", (None, None)),
        ("8 uur per dag", (None, None)),
    ],
)
def test_hours_a_week_and_no_clock_times(text: str, hours: tuple[str | None, str | None]) -> None:
    found = hours_in(text)
    assert (found.get("hours_min"), found.get("hours_max")) == hours


@pytest.mark.parametrize(
    ("sentence", "licences"),
    [
        ("Je hebt rijbewijs B.", ["B"]),
        ("In het bezit van rijbewijs CE en code 95", ["CE"]),
        ("Een rijbewijs is een pré.", []),
        ("Rijbewijs is niet nodig.", []),
        ("Je bent bereid je VCA te halen.", []),
        ("Een heftruckcertificaat en VCA", ["forklift", "VCA"]),
        ("Een VOG is verplicht.", ["VOG"]),
        ("Je hebt geduld.", []),
    ],
)
def test_licences_that_are_asked_now(sentence: str, licences: list[str]) -> None:
    assert licences_in(sentence) == licences


@pytest.mark.parametrize(
    ("sentence", "levels"),
    [
        ("Nederlands op B1-niveau", {"speaking": "B1", "reading": "B1"}),
        ("Je spreekt een beetje Nederlands", {"speaking": "A2"}),
        ("Goede beheersing van het Nederlands in woord en geschrift", {"speaking": "B2", "reading": "B2"}),
        ("Nederlands spreken hoeft niet", {}),
        ("Je spreekt klanten vriendelijk aan", {}),
    ],
)
def test_level_of_dutch(sentence: str, levels: dict[str, str]) -> None:
    assert language_in(sentence)[0] == levels


def test_a_job_posting_becomes_a_place() -> None:
    [row] = read_job_postings(json.dumps(POSTING))
    result = checked("a.json", 1, row)
    assert isinstance(result, Row)
    assert isinstance(result.record, OpportunityRecord)
    place = result.record
    assert (place.id, place.title, place.organisation, place.place, place.postcode4) == (
        "BK-17",
        "Bakker",
        "Bakkerij De Korst",
        "Ulft",
        "7071",
    )
    assert (place.hours_min, place.hours_max, place.positions, str(place.closes_on)) == (20, 28, 2, "2031-05-01")
    assert (place.summary, place.tasks) == ("Wij bakken elke nacht.", ["Je kneedt deeg.", "Je bakt brood."])
    assert [(need.text, need.learnable) for need in place.needs] == [
        ("Je bent nauwkeurig.", False),
        ("HACCP, die kun je hier halen.", True),
    ]
    assert place.offers == "Vers brood & een hecht team."
    assert place.dayparts == sorted(f"{day}_am" for day in ("mon", "tue", "wed", "thu", "fri"))
    assert "Kerkweg" not in place.model_dump_json()


@pytest.mark.parametrize(
    "wrap",
    [
        lambda posting: json.dumps([posting]),
        lambda posting: json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, posting]}),
        lambda posting: json.dumps(
            {"@type": "WebPage", "mainEntity": {**posting, "@type": ["Thing", "https://schema.org/JobPosting"]}}
        ),
        lambda posting: f"<html><script>var a;</script>{SCRIPT.format(json.dumps(posting))}</html>",
        lambda posting: "<script type='application/ld+json'>{kapot</script>" + SCRIPT.format(json.dumps(posting)),
    ],
)
def test_a_job_posting_is_found_wherever_it_stands(wrap) -> None:
    assert [row["title"] for row in read_job_postings(wrap(POSTING))] == ["Bakker"]


def test_volunteer_work_is_said_by_the_type() -> None:
    [row] = read_job_postings(json.dumps({"@type": "JobPosting", "title": "Hulp", "employmentType": "VOLUNTEER"}))
    assert (row["kind"], row["id"][:4]) == ("volunteering", "vac-")
