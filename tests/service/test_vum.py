"""Messages of VUM, as in versions 2 and 3 of the interface, become people and places."""

import json
from typing import Any

import pytest

from service.errors import UnusableFile
from service.imports.reading import read_row
from service.imports.sources import read_source
from service.interchange import OpportunityRecord, Record, Row, SeekerRecord

VACANCY = {
    "idVacature": "7b0f6c1e-0d0c-4f4e-9a51-0d0c4f4e9a51",
    "naamVacature": "Fietsenmaker",
    "omschrijvingVacature": "Wat ga je doen?\n- Je repareert fietsen.\n\nWat bieden wij?\n- Een hecht team.",
    "sluitingsdatumVacature": "2031-05-01",
    "codeWerkEnDenkniveauMinimaal": "3",
    "werkgever": {
        "handelsnaamOrganisatie": "De Spaak",
        "adresHouding": [{"adres": {"adresNederland": {"postcode": "7001AB", "woonplaatsnaam": "Doetinchem"}}}],
        "contactpersoon": [{"naamContactpersoonAfdeling": "Wil", "telefoonnummer": ["0314123456"]}],
    },
    "arbeidsVoorwaarden": {"omschrijvingArbeidsvoorwaarden": "Reiskosten worden betaald.", "salarisIndicatie": "2500"},
    "werktijden": {"aantalWerkurenPerWeekMinimaal": 16, "aantalWerkurenPerWeekMaximaal": 24},
    "rijbewijs": [{"codeSoortRijbewijs": "B"}, {"codeSoortRijbewijs": "A2"}],
    "vakvaardigheid": [{"omschrijving": "Je kunt een band plakken."}],
}
PROFILE = {
    "vumID": "vum-123",
    "indicatieLdrRegistratie": 1,
    "emailadres": ["iemand@voorbeeld.example"],
    "persoonlijkePresentatie": "Ik kook graag. Ik werk netjes.",
    "bemiddelingsberoep": [{"beroepsnaamGecodeerd": {"codeBeroepsnaam": "123", "omschrijvingBeroepsnaam": "Kok"}}],
    "mobiliteit": {"bemiddelingspostcode": "7071AA", "maximaleReisafstand": 15},
    "werktijden": {"aantalWerkurenPerWeekMinimaal": 0, "aantalWerkurenPerWeekMaximaal": 20},
    "arbeidsmarktkwalificatie": {
        "werkervaring": [{"beroep": {"naamBeroepOngecodeerd": "Timmerman"}}, {"toelichtingWerkervaring": "Ik maakte kasten."}],
        "vakvaardigheid": [{"omschrijving": "Hout bewerken"}],
        "interesse": [{"naamInteresse": "Samen koken voor de buurt"}],
        "rijbewijs": [{"codeSoortRijbewijs": "BE"}],
        "taalbeheersing": [{"codeTaal": "nld", "codeNiveauTaalbeheersingMondeling": 3}],
    },
}


def record(message: Any) -> Record:
    source = read_source("bericht.json", json.dumps(message).encode())
    [row] = [read_row(source, row, None, None) for row in source.rows]
    assert isinstance(row, Row), row
    return row.record


@pytest.mark.parametrize("message", [VACANCY, {"matches": [VACANCY]}, [{"vacature": VACANCY}]])
def test_a_vacancy_becomes_a_place_wherever_it_stands(message: Any) -> None:
    place = record(message)
    assert isinstance(place, OpportunityRecord)
    assert (place.id, place.title, place.organisation) == (VACANCY["idVacature"], "Fietsenmaker", "De Spaak")
    assert (place.place, place.postcode4, place.kind, str(place.closes_on)) == ("Doetinchem", "7001", "paid", "2031-05-01")
    assert (place.tasks, [need.text for need in place.needs]) == (["Je repareert fietsen."], ["Je kunt een band plakken."])
    assert (place.hours_min, place.hours_max, place.licences) == (16, 24, ["B"])
    assert place.offers == "Een hecht team. Reiskosten worden betaald."
    assert "2500" not in place.model_dump_json()
    assert "0314123456" not in place.model_dump_json()


def test_version_3_has_plainer_addresses_and_occupations() -> None:
    flat = {**VACANCY, "naamVacature": None, "beroep": {"omschrijvingBeroepsnaam": "Rijwielhersteller"}}
    flat["werkgever"] = {
        "handelsnaamOrganisatie": "De Spaak",
        "vestigingsadres": {"postcode": "7001AB", "woonplaatsnaam": "Ulft"},
    }
    place = record(flat)
    assert isinstance(place, OpportunityRecord)
    assert (place.title, place.place, place.postcode4) == ("Rijwielhersteller", "Ulft", "7001")


def test_a_profile_becomes_a_person_without_who_they_are_or_what_they_cannot() -> None:
    person = record({"werkzoekende": PROFILE})
    assert isinstance(person, SeekerRecord)
    assert person.id == "vum-123"
    assert person.abilities == [
        "Ik kook graag.",
        "Ik werk netjes.",
        "Gewerkt als Timmerman",
        "Ik maakte kasten.",
        "Hout bewerken",
    ]
    assert person.motivations == ["Samen koken voor de buurt", "Werk als Kok"]
    assert (person.postcode4, person.max_travel_km, person.hours_min, person.hours_max) == ("7071", 15, 0, 20)
    assert person.licences == ["BE"]
    assert person.language.speaking is None
    assert "iemand@" not in person.model_dump_json()


def test_other_json_is_no_message_of_vum() -> None:
    with pytest.raises(UnusableFile, match="JobPosting"):
        read_source("iets.json", b'{"werktijden": {}}')
