"""Which part of the country a question is about: around a town, or a labour-market region."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from matching.model import Position
from matching.practical import distance_km
from service.errors import BadInput, UnusableFile
from service.geography import Gazetteer, simplified


@dataclass(frozen=True)
class Area:
    """Who and what counts: in one of the postcodes, and within `km` of the centre; a part that is None asks nothing."""

    postcodes: tuple[str, ...] | None = None
    centre: Position | None = None
    km: float = 0.0

    def holds(self, position: Position | None) -> bool:
        """A position is within the distance; one that is not known is not."""
        return self.centre is None or (position is not None and distance_km(self.centre, position) <= self.km)


EVERYWHERE = Area()


def named_area(gazetteer: Gazetteer, regions: Path, region: str | None, near: str | None, within: float) -> Area:
    """The area that a region, a town or both name.

    Raises:
        BadInput: there is no region or town of that name.
    """
    centre = gazetteer.places.get(simplified(near)) if near else None
    if near and centre is None:
        raise BadInput(f"There is no town {near!r} in the list of places.")
    return Area(_postcodes_of(regions, region) if region else None, centre, within)


def keep_regions(postcodes: Path, municipalities: Path, target: Path) -> tuple[int, list[str]]:
    """Joins a PC4 table (postcode, gemeente) with a table of municipalities (gemeente, arbeidsmarktregio); kept at `target`.

    Returns:
        How many postcodes have a region, and the municipalities that have none.

    Raises:
        UnusableFile: a table cannot be read, lacks a column, or they have no municipality in common.
    """
    region_of = {
        simplified(row["gemeente"]): row["arbeidsmarktregio"] for row in _table(municipalities, {"gemeente", "arbeidsmarktregio"})
    }
    rows = [(row["postcode"][:4], row["gemeente"]) for row in _table(postcodes, {"postcode", "gemeente"})]
    known = [(code, region_of[simplified(municipality)]) for code, municipality in rows if simplified(municipality) in region_of]
    if not known:
        raise UnusableFile(f"{municipalities} and {postcodes} have no municipality in common.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(f"{code}\t{region}\n" for code, region in known), encoding="utf-8")
    return len(known), sorted(
        {municipality for _, municipality in rows if municipality and simplified(municipality) not in region_of}
    )


def _postcodes_of(regions: Path, name: str) -> tuple[str, ...]:
    if not regions.exists():
        raise BadInput("Which postcodes are in which region is not known yet. Run: passend geo regions POSTCODES MUNICIPALITIES")
    rows = [line.split("\t") for line in regions.read_text(encoding="utf-8").splitlines()]
    found = tuple(code for code, region in rows if simplified(region) == simplified(name))
    if not found:
        raise BadInput(f"There is no region {name!r}; there are {', '.join(sorted({region for _, region in rows}))}.")
    return found


def _table(path: Path, columns: Iterable[str]) -> list[Mapping[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            rows: list[Mapping[str, str]] = list(csv.DictReader(file, delimiter=max(",;\t", key=header.count)))
    except (OSError, UnicodeDecodeError) as problem:
        raise UnusableFile(f"{path} cannot be read: {problem}") from problem
    missing = sorted(set(columns) - (rows[0].keys() if rows else set()))
    if missing:
        raise UnusableFile(f"{path} has no column {', '.join(missing)}.")
    return rows
