"""Where postcodes and places are, and which cells a person can reach."""

import math
import random
from pathlib import Path

import pytest

from matching.model import Position
from matching.practical import distance_km
from service.errors import UnusableFile
from service.geography import Grid, keep_postcodes, read_gazetteer

GRID = Grid()


def _cell(position: Position | None) -> int:
    (cell,) = GRID.cells([(position.latitude, position.longitude) if position else (float("nan"), float("nan"))])
    return int(cell)


def test_the_shipped_places_know_the_achterhoek_in_many_spellings() -> None:
    gazetteer = read_gazetteer()
    for name in ("Doetinchem", "doetinchem ", "'s-Heerenberg", "s Heerenberg", "Hengelo (Gld)", "Hengelo Gld", "Zeddam"):
        position = gazetteer.locate(None, name)
        assert position is not None, name
        assert not position.exact
        assert 51.8 < position.latitude < 52.2
        assert 6.0 < position.longitude < 6.8
    assert gazetteer.locate("9999", "Verweggistan") is None


def test_of_two_places_with_one_name_the_most_populous_is_meant() -> None:
    assert read_gazetteer().locate(None, "Hengelo").latitude == pytest.approx(52.27, abs=0.05)


def test_a_postcode_table_is_checked_kept_and_preferred(tmp_path: Path) -> None:
    source, target = tmp_path / "pc.csv", tmp_path / "home" / "postcodes.tsv"
    source.write_text("postcode;plaats;lat;lon\n7001;Doetinchem;51.96;6.29\nkapot;X;1;2\n7002;Doetinchem;;\n", encoding="utf-8")
    assert keep_postcodes(source, target) == 1
    gazetteer = read_gazetteer(target)
    assert gazetteer.locate("7001", "Amsterdam") == Position(51.96, 6.29, True)
    assert gazetteer.locate("7003", "Doetinchem").exact is False


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "", "postcode,plaats,lat,lon\nx,y,z,q\n"])
def test_an_unusable_table_is_refused_and_leaves_the_old_one(tmp_path: Path, content: str) -> None:
    source, target = tmp_path / "pc.csv", tmp_path / "postcodes.tsv"
    source.write_text(content, encoding="utf-8")
    target.write_text("old", encoding="utf-8")
    with pytest.raises(UnusableFile):
        keep_postcodes(source, target)
    assert target.read_text(encoding="utf-8") == "old"


def test_the_real_table_places_all_four_thousand_postcodes(shared_data: Path, tmp_path: Path) -> None:
    target = tmp_path / "postcodes.tsv"
    assert keep_postcodes(shared_data / "geo_nl" / "postcode4_gemeente_cbs_certegis.csv", target) > 4_000
    gazetteer = read_gazetteer(target)
    one, other = gazetteer.locate("7001", None), gazetteer.locate("7101", None)
    assert 25 < distance_km(one, other) < 35


def test_no_point_within_reach_lies_outside_the_cells_that_are_searched() -> None:
    draw = random.Random(3)
    for _ in range(300):
        here = Position(draw.uniform(50.5, 53.9), draw.uniform(3.1, 7.5))
        km = draw.uniform(0, 60)
        angle, far = draw.uniform(0, 2 * math.pi), draw.uniform(0, km)
        there = Position(
            here.latitude + far / 111.2 * math.sin(angle),
            here.longitude + far / 111.2 / math.cos(math.radians(here.latitude)) * math.cos(angle),
        )
        if distance_km(here, there) <= km + 0.5:
            assert _cell(there) in set(GRID.within(here, km).tolist())


def test_a_search_nearby_looks_in_few_cells_and_one_from_nowhere_in_all() -> None:
    here = Position(51.965, 6.289)
    assert len(GRID.within(here, 10)) < 40
    assert len(GRID.within(None, 10)) == GRID.CELLS
    assert GRID.UNKNOWN in GRID.within(here, 1)
    assert _cell(None) == GRID.UNKNOWN
