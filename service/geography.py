"""Places and postcodes to coordinates, and the grid of areas that searches look in."""

import csv
import math
import os
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.model import Position
from matching.practical import EARTH_RADIUS_KM, TOLERANCE_KM
from service.errors import UnusableFile

SHIPPED_PLACES = Path(__file__).parent / "data" / "places_nl.tsv"
_POSTCODE_COLUMNS = ("postcode", "plaats", "lat", "lon")


@dataclass(frozen=True)
class Gazetteer:
    """Looks up where a postcode or a place is.

    Attributes:
        postcodes: four digits to the centre of that postcode.
        places: simplified name to the centre of the most populous place of that name.
    """

    places: dict[str, Position]
    postcodes: dict[str, Position] = field(default_factory=dict)

    def locate(self, postcode4: str | None, place: str | None) -> Position | None:
        """Centre of the postcode, or else of the place (then not `exact`), or None when neither is known."""
        if postcode4 and (found := self.postcodes.get(postcode4)):
            return found
        return self.places.get(simplified(place)) if place else None


def read_gazetteer(postcodes: Path | None = None) -> Gazetteer:
    """The shipped places, with the postcode table in the columns of `passend geo import` when there is one."""
    with SHIPPED_PLACES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        places = {simplified(row["place"]): Position(float(row["latitude"]), float(row["longitude"]), False) for row in rows}
    if postcodes is None or not postcodes.exists():
        return Gazetteer(places)
    by_code, by_place = read_postcodes(postcodes)
    return Gazetteer(by_place | places, by_code)


def read_postcodes(path: Path) -> tuple[dict[str, Position], dict[str, Position]]:
    """Reads a PC4 table (CSV or TSV with at least the columns postcode, plaats, lat, lon).

    Returns:
        Centres by postcode, and by simplified place name the mean of its postcodes.

    Raises:
        UnusableFile: it cannot be read, lacks a column or holds no usable row.
    """
    rows = _postcode_rows(path)
    by_code = {code: position for code, _, position in rows}
    by_place: dict[str, list[Position]] = {}
    for _, place, position in rows:
        by_place.setdefault(simplified(place), []).append(position)
    return by_code, {place: _middle(positions) for place, positions in by_place.items() if place}


def _postcode_rows(path: Path) -> list[tuple[str, str, Position]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            file.seek(0)
            table = csv.DictReader(file, delimiter="\t" if "\t" in header else ";" if ";" in header else ",")
            missing = [column for column in _POSTCODE_COLUMNS if column not in (table.fieldnames or ())]
            if missing:
                raise UnusableFile(f"{path} has no column {', '.join(missing)}; needed are {', '.join(_POSTCODE_COLUMNS)}.")
            rows = [row for row in map(_postcode_row, table) if row]
    except (OSError, UnicodeDecodeError) as problem:
        raise UnusableFile(f"{path} cannot be read: {problem}") from problem
    if not rows:
        raise UnusableFile(f"{path} holds no row with a postcode of four digits and coordinates.")
    return rows


def _postcode_row(row: dict[str, str]) -> tuple[str, str, Position] | None:
    try:
        position = Position(float(row["lat"]), float(row["lon"]))
    except (TypeError, ValueError):
        return None
    code = (row["postcode"] or "").strip()[:4]
    return (code, row["plaats"] or "", position) if code.isdigit() and len(code) == 4 else None


def keep_postcodes(source: Path, target: Path) -> int:
    """Checks a PC4 table and keeps what Passend needs of it at `target`, atomically.

    Returns:
        The number of postcodes.
    """
    rows = _postcode_rows(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, work = tempfile.mkstemp(prefix=target.name, dir=target.parent)
    with open(handle, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow(_POSTCODE_COLUMNS)
        writer.writerows((code, place, position.latitude, position.longitude) for code, place, position in rows)
    os.replace(work, target)
    return len(rows)


def simplified(place: str) -> str:
    """A place name as people type it in many ways: without case, accents, punctuation, and what stands in brackets."""
    plain = unicodedata.normalize("NFKD", place.lower().replace("(", " ").replace(")", " "))
    letters = "".join(character if character.isalnum() else " " for character in plain if not unicodedata.combining(character))
    return " ".join(letters.split())


def _middle(positions: list[Position]) -> Position:
    count = len(positions)
    return Position(sum(p.latitude for p in positions) / count, sum(p.longitude for p in positions) / count, False)


class Grid:
    """Cells of about 5.5 km over the Netherlands and its edges; the last number is for positions that are not known."""

    SOUTH, NORTH, WEST, EAST = 50.70, 53.70, 3.30, 7.30
    ROWS, COLUMNS = 60, 50
    UNKNOWN = ROWS * COLUMNS
    CELLS = UNKNOWN + 1
    ACROSS_KM = 500

    def cells(self, positions: Sequence[tuple[float, float]]) -> NDArray[np.int64]:
        """Numbers of the cells (n,) of latitudes and longitudes, nan where a position is not known.

        Positions over the edge belong to the nearest cell.
        """
        latitude, longitude = np.array(positions, np.float64).reshape(-1, 2).T
        known = ~np.isnan(latitude)
        row = np.floor((latitude[known] - self.SOUTH) / (self.NORTH - self.SOUTH) * self.ROWS)
        column = np.floor((longitude[known] - self.WEST) / (self.EAST - self.WEST) * self.COLUMNS)
        found = np.full(len(latitude), self.UNKNOWN, np.int64)
        found[known] = np.clip(row, 0, self.ROWS - 1) * self.COLUMNS + np.clip(column, 0, self.COLUMNS - 1)
        return found

    def middle(self, position: Position) -> Position:
        """The middle of the cell that a position lies in."""
        row, column = divmod(int(self.cells([position[:2]])[0]), self.COLUMNS)
        latitude = self.SOUTH + (row + 0.5) / self.ROWS * (self.NORTH - self.SOUTH)
        longitude = self.WEST + (column + 0.5) / self.COLUMNS * (self.EAST - self.WEST)
        return Position(latitude, longitude, exact=False)

    def within(self, position: Position | None, km: float) -> NDArray[np.int64]:
        """Every cell that a point within `km` can lie in, the unknown one included."""
        if position is None:
            return np.arange(self.CELLS)
        near = np.flatnonzero(self._distances(position) <= km + TOLERANCE_KM)
        return np.append(near, self.UNKNOWN)

    def _distances(self, position: Position) -> NDArray[np.float64]:
        south = np.linspace(self.SOUTH, self.NORTH, self.ROWS + 1)
        west = np.linspace(self.WEST, self.EAST, self.COLUMNS + 1)
        south[[0, -1]], west[[0, -1]] = [-90, 90], [-180, 180]  # edge cells hold all that lies beyond them
        latitude = np.radians(np.clip(position.latitude, south[:-1], south[1:]))[:, None]
        longitude = np.radians(np.clip(position.longitude, west[:-1], west[1:]))[None, :]
        here_latitude, here_longitude = math.radians(position.latitude), math.radians(position.longitude)
        half = np.sin((latitude - here_latitude) / 2) ** 2
        half = half + np.cos(latitude) * math.cos(here_latitude) * np.sin((longitude - here_longitude) / 2) ** 2
        distances: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
        return distances.ravel()
