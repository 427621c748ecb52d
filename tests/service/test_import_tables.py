"""Tables as Dutch systems export them: separators, encodings, columns with other names, and cells in Dutch."""

import io
import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.model import DAYPARTS
from service.errors import UnusableFile
from service.imports import cells
from service.imports.dayparts import dayparts_in
from service.imports.mapping import ColumnMapping, Form, apply, propose
from service.imports.reading import read_row, usable_mapping
from service.imports.sources import read_source
from service.interchange import OpportunityRecord, Row, RowError, SeekerRecord
from service.wording import FIELD_NAMES

EXPORT = (
    "Cliëntnummer;Naam;Geboortedatum;Vaardigheden;Motivatie;Woonplaats;Postcode;Uren per week;Reisafstand;Vervoer;"
    "Taalniveau;Rijbewijs B;VCA;Ma ochtend;Di ochtend;Staat open voor;Bijzonderheden\r\n"
    'K-001;Jan Café;3-2-1980;"Ik repareer fietsen.\nIk kook goed.";Ik wil iets doen voor de buurt.;Doetinchem;7001 AB;16-24;'
    "7,5 km;Fiets;B1;ja;nee;x;;betaald werk, vrijwilligerswerk;-\r\n"
)


def table(name: str, data: bytes, mapping: ColumnMapping | None = None, form: Form | None = None) -> list[Row | list[RowError]]:
    source = read_source(name, data)
    known = usable_mapping(source, mapping, form)
    return [read_row(source, row, known, form) for row in source.rows]


def proposed(name: str, data: bytes) -> ColumnMapping:
    source = read_source(name, data)
    assert source.columns
    return propose(source.columns, [row.content for row in source.rows]).mapping


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_dutch_export_is_read_with_the_proposed_mapping(encoding: str) -> None:
    data = EXPORT.encode(encoding)
    [row] = table("export.csv", data, proposed("export.csv", data))
    assert isinstance(row, Row)
    assert row.record == SeekerRecord(
        id="K-001",
        abilities=["Ik repareer fietsen.", "Ik kook goed."],
        motivations=["Ik wil iets doen voor de buurt."],
        place="Doetinchem",
        postcode4="7001",
        hours_min=16,
        hours_max=24,
        max_travel_km=7.5,
        transport="bike",
        language={"speaking": "B1", "reading": "B1", "writing": "B1"},
        licences=["B"],
        dayparts=["mon_am"],
        open_to=["paid", "volunteering"],
    )
    assert set(row.ignored) == {"Naam", "Geboortedatum", "Bijzonderheden"}


def test_the_proposal_refuses_personal_details_and_names_what_is_unknown_missing_and_unreadable() -> None:
    columns = ("Functie", "Uren", "Telefoonnummer", "Diagnose", "Uitkering", "Kleur", "Werkgver")
    rows = [dict.fromkeys(columns, "iets") | {"Uren": "24"}, dict.fromkeys(columns, "iets") | {"Uren": "veel"}]
    proposal = propose(columns, rows)
    assert proposal.mapping.form is Form.OPPORTUNITIES
    assert proposal.mapping.columns["Functie"] == "title"
    assert proposal.refused == {
        "Telefoonnummer": "persoonsgegeven",
        "Diagnose": "gezondheid",
        "Uitkering": "uitkering of schulden",
    }
    assert (proposal.unknown, proposal.unsure, proposal.missing) == (("Kleur",), ("Werkgver",), ("id", "kind"))
    assert proposal.readable["Uren"] == (1, 2)


def test_a_mapping_can_be_corrected_with_fixed_values_and_survives_a_file() -> None:
    columns = {"nr": "id", "wat": "title", "pluspunten": "needs.nice"}
    mapping = ColumnMapping.model_validate({"as": "opportunities", "columns": columns, "fixed": {"kind": "vrijwilligerswerk"}})
    assert ColumnMapping.model_validate_json(mapping.model_dump_json(by_alias=True)) == mapping
    [row] = table("a.csv", b"nr;wat;pluspunten\n1;Gastvrouw;Je zingt.\n", mapping)
    assert isinstance(row, Row)
    assert isinstance(row.record, OpportunityRecord)
    assert (row.record.kind, row.record.needs[0].must) == ("volunteering", False)


def test_a_mapping_to_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="geen veld van Passend"):
        ColumnMapping.model_validate({"as": "seekers", "columns": {"a": "bsn"}})


def test_xlsx_gives_the_same_as_csv_with_numbers_dates_and_booleans_as_cells() -> None:
    from datetime import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Overzicht vacatures"])
    sheet.append([])
    sheet.append(
        ["Vacaturenummer", "Functie", "Soort", "Postcode", "Uren min", "Uren max", "Aantal plaatsen", "VOG", "Sluitingsdatum"]
    )
    sheet.append([1001.0, "Bakker", "betaald werk", 7001, 24, 32.5, 2, True, datetime(2031, 2, 3)])
    data = io.BytesIO()
    book.save(data)
    [row] = table("export.xlsx", data.getvalue(), proposed("export.xlsx", data.getvalue()))
    assert isinstance(row, Row)
    assert isinstance(row.record, OpportunityRecord)
    record = row.record
    assert (record.id, record.postcode4, record.hours_max, record.positions, record.licences) == (
        "1001",
        "7001",
        32.5,
        2,
        ["VOG"],
    )
    assert str(record.closes_on) == "2031-02-03"
    assert row.line == 4


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.xlsx", b"geen zip", "wachtwoord"),
        ("a.xls", b"", "dit soort bestand"),
        ("a.csv", b"", "geen rij met namen"),
        ("a.csv", b"Kleur;Vorm\n1;2\n", "import-mapping"),
        ("a.html", b"<p>niets</p>", "JobPosting"),
        ("a.json", b"{kapot", "geldige JSON"),
    ],
)
def test_a_file_that_cannot_be_used_says_so_in_dutch_with_its_name(name: str, data: bytes, says: str) -> None:
    with pytest.raises(UnusableFile, match=says) as problem:
        table(name, data)
    assert name in str(problem.value)


def test_excels_own_hint_of_the_separator_is_heeded_and_lines_count_on() -> None:
    rows = table("a.csv", b"sep=,\r\nid,abilities\r\ns1,Ik kook; ik bak; ik braad.\r\n")
    assert isinstance(rows[0], Row)
    assert rows[0].line == 3


@pytest.mark.parametrize(
    ("written", "dayparts"),
    [
        ("ma t/m vr ochtend", ["mon_am", "tue_am", "wed_am", "thu_am", "fri_am"]),
        ("maandag en woensdag", ["mon_am", "mon_pm", "wed_am", "wed_pm"]),
        ("ma ochtend, di middag", ["mon_am", "tue_pm"]),
        ("dinsdagochtend, donderdagavond", ["tue_am", "thu_eve"]),
        ("weekend", ["sat_am", "sat_pm", "sun_am", "sun_pm"]),
        ("avonden", [f"{day}_eve" for day in ("mon", "tue", "wed", "thu", "fri")]),
        ("ma-wo", ["mon_am", "mon_pm", "tue_am", "tue_pm", "wed_am", "wed_pm"]),
        ("flexibel", None),
        ("", None),
    ],
)
def test_parts_of_the_week_in_dutch(written: str, dayparts: list[str] | None) -> None:
    assert dayparts_in(written) == dayparts


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("3-2-2031", "2031-02-03"),
        ("03/02/2031", "2031-02-03"),
        ("3 februari 2031", "2031-02-03"),
        ("2031-02-03", "2031-02-03"),
        ("ooit", "ooit"),
    ],
)
def test_dates_in_dutch(written: str, iso: str) -> None:
    assert cells.date(written) == iso


@pytest.mark.parametrize(
    ("written", "plain"), [("7,5", "7.5"), ("1.250,5", "1250.5"), ("24 uur", "24"), ("10 km", "10"), ("veel", "veel")]
)
def test_numbers_in_dutch(written: str, plain: str) -> None:
    assert cells.number(written) == plain


@pytest.mark.parametrize(
    ("cell", "yes"),
    [("ja", True), ("J", True), ("x", True), ("1", True), ("nee", False), ("N", False), ("0", False), ("n.v.t.", False)],
)
def test_yes_and_no_in_dutch(cell: str, yes: bool) -> None:
    assert cells.is_yes(cell) is yes


def test_a_cell_that_says_neither_yes_nor_no_is_reported() -> None:
    mapping = ColumnMapping.model_validate({"as": "seekers", "columns": {"id": "id", "Kan": "abilities", "VCA": "licences=VCA"}})
    assert apply(mapping, {"id": "1", "Kan": "Ik kook.", "VCA": "misschien"}).problems == (
        ("licences", "'misschien' is geen ja of nee."),
    )


ENGLISH = ("should", "input", "value", "valid", "expected", "required", "string", "character")


@pytest.mark.parametrize(
    "change",
    [
        {"transport": "raket"},
        {"hours_min": "veel"},
        {"hours_min": 70},
        {"hours_min": 30, "hours_max": 10},
        {"postcode4": "0123"},
        {"dayparts": ["mon_noon"]},
        {"dayparts": "ma"},
        {"licences": [""]},
        {"language": "B1"},
        {"language": {"speaking": "D1"}},
        {"open_to": []},
        {"open_to": ["hobby"]},
        {"abilities": [""]},
        {"abilities": [5]},
        {"abilities": "Ik kook."},
        {"abilities": ["x" * 5000]},
        {"abilities": [], "motivations": []},
        {"place": 5},
        {"id": None},
        {"id": "met spatie"},
        {"support_needs": ["rust"]},
        {"max_travel_km": -1},
    ],
)
def test_what_is_wrong_is_said_in_dutch_with_the_field_and_what_is_allowed(change: dict[str, object]) -> None:
    raw = {"id": "s1", "abilities": ["Ik kook."], **change}
    source = read_source("a.jsonl", json.dumps(raw).encode())
    errors = read_row(source, source.rows[0], None, None)
    assert isinstance(errors, list)
    for error in errors:
        assert not any(word in error.message.lower().replace("'", " ").split() for word in ENGLISH), error.message
        assert error.message.endswith(".")
        assert not error.field or FIELD_NAMES[error.field.partition(".")[0]] in error.message or "uren" in error.message


@given(st.lists(st.sampled_from(DAYPARTS), max_size=8, unique=True), st.floats(0, 30).map(lambda x: round(x, 2)))
@settings(max_examples=40, deadline=None)
def test_the_interchange_format_in_a_table_reads_as_in_json(dayparts: list[str], low: float) -> None:
    written = f"{low}".replace(".", ",")
    text = f"id;abilities;dayparts;hours_min\ns1;Ik kook.;{'|'.join(dayparts)};{written}\n"
    [row] = table("a.csv", text.encode())
    assert isinstance(row, Row)
    assert row.record == SeekerRecord(id="s1", abilities=["Ik kook."], dayparts=dayparts or None, hours_min=low)
