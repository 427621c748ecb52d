"""The tables that are searched, and how an index takes over their rows."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.blocks import Blocks
from embeddings.index import PartitionedIndex
from matching.columns import Columns
from matching.model import Position
from matching.people import person_parts
from matching.scoring import Weights
from matching.sketches import person_sketch, place_sketches
from matching.vectors import Place, Places, Profile, place_parts
from service.db import occupations, opportunities, seekers
from service.db.revisions import Changed
from service.geography import Grid
from service.search.columns import Changes, ColumnIndex
from service.search.following import ChangedSince, ReadChange, Source

GRID = Grid()


def places(weights: Weights) -> Source[ColumnIndex]:
    """Places, with sketches for these weights."""
    return _in_columns("opportunity", opportunities.changed_since, opportunities.changed, lambda rows: _places(rows, weights))


def people(weights: Weights) -> Source[ColumnIndex]:
    """People, with sketches for these weights."""
    return _in_columns("seeker", seekers.changed_since, seekers.changed, lambda rows: _people(rows, weights))


def esco() -> Source[PartitionedIndex]:
    """ESCO occupations, each by all its texts."""

    def take_over(index: PartitionedIndex, rows: Sequence[Changed], gone: Sequence[int]) -> None:
        index.remove(np.array(gone, np.int64))
        if rows:
            keys = np.repeat([row.key for row in rows], [len(row.what) for row in rows]).astype(np.int64)
            index.replace(keys, np.zeros_like(keys), np.concatenate([row.what for row in rows]))

    return Source("occupation", occupations.changed_since, occupations.changed, take_over)


def _in_columns(
    name: str, changed_since: ChangedSince, changed: ReadChange, changes: Callable[[Sequence[Changed]], Changes]
) -> Source[ColumnIndex]:
    def take_over(index: ColumnIndex, rows: Sequence[Changed], gone: Sequence[int]) -> None:
        index.remove(np.array(gone, np.int64))
        if rows:
            index.replace(changes(rows))

    return Source(name, changed_since, changed, take_over)


def _places(rows: Sequence[Changed], weights: Weights) -> Changes:
    found: list[Place] = [row.what for row in rows]
    practical = Columns.of_places([place.opportunity for place in found])
    blocks = _blocks([place.vectors for place in found], [place_parts(place.opportunity) for place in found])
    sketches = place_sketches(Places.stacked(*blocks, practical), weights)
    return _changes(rows, [place.opportunity.position for place in found], practical, blocks, sketches)


def _people(rows: Sequence[Changed], weights: Weights) -> Changes:
    found: list[Profile] = [row.what for row in rows]
    practical = Columns.of_people([profile.seeker for profile in found])
    blocks = _blocks([profile.vectors for profile in found], [person_parts(profile.seeker) for profile in found])
    sketches = np.stack([person_sketch(profile, weights) for profile in found])
    return _changes(rows, [profile.seeker.position for profile in found], practical, blocks, sketches)


def _changes(
    rows: Sequence[Changed],
    positions: Sequence[Position | None],
    practical: Columns,
    blocks: Blocks,
    sketches: NDArray[np.float32],
) -> Changes:
    points = [(position.latitude, position.longitude) if position else (np.nan, np.nan) for position in positions]
    return Changes(
        keys=np.array([row.key for row in rows], np.int64),
        revisions=np.array([row.revision for row in rows], np.int64),
        cells=GRID.cells(points),
        organisations=[row.organisation for row in rows],
        practical=practical,
        blocks=blocks,
        sketches=sketches,
    )


def _blocks(vectors: Sequence[NDArray[np.float32]], parts: Sequence[NDArray[np.uint8]]) -> Blocks:
    starts = np.concatenate([[0], np.cumsum([len(block) for block in vectors])]).astype(np.int64)
    return Blocks(np.concatenate(vectors), np.concatenate(parts), starts)
