import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import SnapshotUnusable, UnknownPartition, WrongDimension
from embeddings.index import PartitionedIndex

MODEL = "model@1"


def _units(rows: int, dimension: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _filled(rows: int = 60, partitions: int = 4, dimension: int = 8) -> tuple[PartitionedIndex, np.ndarray, np.ndarray]:
    index = PartitionedIndex(dimension, partitions, MODEL)
    vectors, lists = _units(rows, dimension), np.arange(rows) % partitions
    index.add(1000 + np.arange(rows), lists, vectors)
    return index, vectors, lists


def _found(ids: np.ndarray) -> set[int]:
    return set(ids[ids >= 0].tolist())


@settings(max_examples=150, deadline=None, database=None)
@given(st.data())
def test_search_is_exactly_brute_force_inside_the_chosen_partitions(data):
    rows, dimension, partitions = (data.draw(st.integers(low, high)) for low, high in ((0, 40), (1, 9), (1, 6)))
    queries, k = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 12))
    seed = data.draw(st.integers(0, 10_000))
    lists = np.array(data.draw(st.lists(st.integers(0, partitions - 1), min_size=rows, max_size=rows)), np.int64)
    ids = np.array(data.draw(st.lists(st.integers(0, 25), min_size=rows, max_size=rows)), np.int64)
    width = data.draw(st.integers(1, partitions))
    row = st.permutations([*range(partitions), *[-1] * width]).map(lambda order: order[:width])
    wanted = np.array(data.draw(st.lists(row, min_size=queries, max_size=queries)), np.int64)
    only = data.draw(st.none() | st.lists(st.integers(0, 25), max_size=10).map(lambda some: np.array(some, np.int64)))
    vectors, asked = _units(rows, dimension, seed), _units(queries, dimension, seed + 1)

    index = PartitionedIndex(dimension, partitions, MODEL)
    index.add(ids, lists, vectors)
    scores, found = index.search(asked, k, wanted, only)

    for number in range(queries):
        allowed = np.isin(lists, wanted[number]) & (np.isin(ids, only) if only is not None else True)
        order = sorted(((float(asked[number] @ vectors[at]), int(ids[at])) for at in np.flatnonzero(allowed)), reverse=True)[:k]
        missing = k - len(order)
        np.testing.assert_allclose(scores[number], [score for score, _ in order] + [-np.inf] * missing, atol=1e-5)
        if dimension > 1:  # in one dimension every cosine is 1 or -1
            assert found[number].tolist() == [one for _, one in order] + [-1] * missing


def test_each_query_looks_in_its_own_partitions_only():
    index, vectors, lists = _filled()
    _, ids = index.search(vectors[:2], 60, np.array([[0, -1], [1, 3]]))
    assert _found(ids[0]) == set((1000 + np.flatnonzero(lists == 0)).tolist())
    assert _found(ids[1]) == set((1000 + np.flatnonzero(np.isin(lists, [1, 3]))).tolist())


def test_more_places_for_partitions_than_there_are_partitions_lose_nothing():
    index, vectors, lists = _filled(partitions=3)
    _, ids = index.search(vectors[:2], 60, np.array([[0, -1, -1, -1, -1], [1, 2, -1, -1, -1]]))
    assert _found(ids[1]) == set((1000 + np.flatnonzero(lists > 0)).tolist())


def test_a_partition_named_twice_gives_nothing_twice():
    index, vectors, _ = _filled()
    _, ids = index.search(vectors[:1], 60, np.array([2, 2]))
    assert len(ids[ids >= 0]) == len(_found(ids)) == 15


@pytest.mark.parametrize("partitions", [np.array([], np.int64), np.empty((2, 0), np.int64), np.array([-1, -1])])
def test_no_partition_finds_nothing(partitions):
    index, vectors, _ = _filled()
    scores, ids = index.search(vectors[:2], 3, partitions)
    assert (ids.tolist(), scores.tolist()) == ([[-1] * 3] * 2, [[-np.inf] * 3] * 2)


def test_no_query_finds_nothing():
    index, _, _ = _filled()
    scores, ids = index.search(np.empty((0, 8), np.float32), 3, np.array([0]))
    assert scores.shape == ids.shape == (0, 3)


def test_ids_outside_only_are_passed_over():
    index, vectors, _ = _filled()
    _, ids = index.search(vectors[:1], 5, np.arange(4), only=np.array([1007, 1032, 9999]))
    assert _found(ids) == {1007, 1032}
    assert not _found(index.search(vectors[:1], 5, np.arange(4), only=np.array([], np.int64))[1])


def test_fewer_results_than_asked_are_filled_up_with_minus_one():
    index, vectors, _ = _filled(rows=2, partitions=1)
    scores, ids = index.search(vectors[:1], 4, np.array([0]))
    assert ids[0, :1].tolist() == [1000]
    assert ids[0, 2:].tolist() == [-1, -1]
    assert scores[0, 2:].tolist() == [-np.inf, -np.inf]


def test_an_id_may_own_several_vectors_in_several_partitions():
    index = PartitionedIndex(2, 3, MODEL)
    index.add(np.array([5, 5, 6]), np.array([0, 2, 2]), np.array([[1, 0], [0, 1], [0.6, 0.8]], np.float32))
    scores, ids = index.search(np.array([[0, 1]], np.float32), 5, np.array([0, 2]))
    assert ids[0].tolist() == [5, 6, 5, -1, -1]
    np.testing.assert_allclose(scores[0, :3], [1, 0.8, 0], atol=1e-6)
    index.remove(np.array([5]))
    assert (len(index), _found(index.search(np.array([[0, 1]], np.float32), 5, np.arange(3))[1])) == (1, {6})


def test_replaced_vectors_are_found_at_their_new_place_and_no_longer_at_the_old():
    index, vectors, _ = _filled()
    moved = np.array([1000, 1001])
    index.replace(moved, np.array([3, 3]), -vectors[:2])
    assert len(index) == 60
    assert not _found(index.search(vectors[:1], 60, np.array([0, 1]))[1]) & set(moved.tolist())
    scores, ids = index.search(-vectors[:2], 1, np.array([3]))
    assert ids[:, 0].tolist() == moved.tolist()
    np.testing.assert_allclose(scores[:, 0], 1, atol=1e-6)


def test_replacing_takes_all_old_vectors_of_an_id_and_makes_unknown_ids():
    index = PartitionedIndex(2, 2, MODEL)
    index.add(np.array([5, 5]), np.array([0, 1]), np.eye(2, dtype=np.float32))
    index.replace(np.array([5, 7]), np.array([1, 0]), np.eye(2, dtype=np.float32))
    assert len(index) == 2
    assert _found(index.search(np.eye(2, dtype=np.float32)[:1], 5, np.array([0]))[1]) == {7}


def test_removed_ids_are_gone_and_unknown_ones_are_no_error():
    index, vectors, _ = _filled()
    index.remove(np.array([1000, 1059, 424242]))
    index.remove(np.array([], np.int64))
    assert len(index) == 58
    assert not _found(index.search(vectors, 60, np.arange(4))[1]) & {1000, 1059}


@pytest.mark.parametrize("partition", [-1, 4, 10**6])
def test_a_partition_that_does_not_exist_is_refused_and_changes_nothing(partition):
    index, vectors, _ = _filled()
    for change in (index.add, index.replace):
        with pytest.raises(UnknownPartition, match="0 to 3"):
            change(np.array([1000]), np.array([partition]), vectors[:1])
    assert len(index) == 60


def test_ids_without_vectors_are_refused_and_change_nothing():
    index, vectors, _ = _filled()
    with pytest.raises(WrongDimension, match="2 ids"):
        index.add(np.array([1, 2]), np.array([0, 0]), vectors[:1])
    assert len(index) == 60


@pytest.mark.parametrize("shape", [(2, 7), (2, 9), (8,)])
def test_vectors_of_another_length_are_refused_and_change_nothing(shape):
    index, _, _ = _filled()
    wrong = np.ones(shape, np.float32)
    for change in (index.add, index.replace):
        with pytest.raises(WrongDimension, match="dimension 8"):
            change(np.array([1000, 1001]), np.array([0, 0]), wrong)
    with pytest.raises(WrongDimension):
        index.search(wrong, 3, np.array([0]))
    assert len(index) == 60


def test_a_snapshot_brings_back_the_same_index_and_its_mark(tmp_path):
    index, vectors, _ = _filled()
    index.mark = 77
    index.save(tmp_path / "deep" / "places.index")
    again = PartitionedIndex.load(tmp_path / "deep" / "places.index", MODEL)
    assert (len(again), again.dimension, again.partitions, again.mark, again.model) == (60, 8, 4, 77, MODEL)
    for before, after in zip(index.search(vectors, 9, np.array([1, 2])), again.search(vectors, 9, np.array([1, 2])), strict=True):
        np.testing.assert_array_equal(before, after)
    again.replace(np.array([1000]), np.array([2]), vectors[:1])
    assert again.search(vectors[:1], 1, np.array([2]))[1][0, 0] == 1000


def test_a_new_snapshot_takes_the_place_of_the_old_and_leaves_no_other_files(tmp_path):
    index, _, _ = _filled()
    index.save(tmp_path / "places.index")
    index.remove(np.array([1000]))
    index.mark = 2
    index.save(tmp_path / "places.index")
    again = PartitionedIndex.load(tmp_path / "places.index", MODEL)
    assert (len(again), again.mark) == (59, 2)
    assert {file.name for file in tmp_path.iterdir()} == {"places.index", _vectors(tmp_path / "places.index").name}


def test_a_full_disk_leaves_the_old_snapshot_whole_and_nothing_half_written(tmp_path, monkeypatch):
    index, _, _ = _filled()
    index.save(tmp_path / "places.index")
    before = {file.name for file in tmp_path.iterdir()}

    def full(_, name: str) -> None:
        Path(name).write_bytes(b"half")
        raise RuntimeError("write error in FileIOWriter: No space left on device")

    monkeypatch.setattr(faiss, "write_index", full)
    with pytest.raises(OSError, match="No space left"):
        index.save(tmp_path / "places.index")
    assert {file.name for file in tmp_path.iterdir()} == before
    assert len(PartitionedIndex.load(tmp_path / "places.index", MODEL)) == len(index)


def test_an_empty_index_can_be_kept_too(tmp_path):
    PartitionedIndex(8, 4, MODEL).save(tmp_path / "empty.index")
    again = PartitionedIndex.load(tmp_path / "empty.index", MODEL)
    assert (len(again), _found(again.search(_units(1, 8), 3, np.arange(4))[1])) == (0, set())


def _flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)


def _vectors(path: Path) -> Path:
    (found,) = path.parent.glob(f"{path.name}.*.vectors")
    return found


DAMAGES = {
    "vectors cut short": lambda path: _vectors(path).write_bytes(_vectors(path).read_bytes()[:-100]),
    "vectors emptied": lambda path: _vectors(path).write_bytes(b""),
    "vectors missing": lambda path: _vectors(path).unlink(),
    "header flipped": lambda path: _flip(_vectors(path), 1),
    "vector flipped": lambda path: _flip(_vectors(path), _vectors(path).stat().st_size // 2),
    "description missing": lambda path: path.unlink(),
    "description cut short": lambda path: path.write_text('{"model": "mod'),
    "description without mark": lambda path: path.write_text(
        json.dumps({key: value for key, value in json.loads(path.read_text()).items() if key != "mark"})
    ),
    "description of another kind": lambda path: path.write_text("[1, 2]"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_snapshot_is_refused(tmp_path, damage):
    index, _, _ = _filled()
    index.save(tmp_path / "places.index")
    DAMAGES[damage](tmp_path / "places.index")
    with pytest.raises(SnapshotUnusable):
        PartitionedIndex.load(tmp_path / "places.index", MODEL)


def test_a_snapshot_of_another_model_is_refused(tmp_path):
    index, _, _ = _filled()
    index.save(tmp_path / "places.index")
    with pytest.raises(SnapshotUnusable, match="another model"):
        PartitionedIndex.load(tmp_path / "places.index", "model@2")


def test_searches_in_four_threads_see_each_replacement_whole_or_not_at_all():
    """In version v every vector is the unit vector v, so a search that saw half a change would find two directions."""
    rows, versions = 300, 8
    directions = np.eye(versions, dtype=np.float32)
    ids, lists = np.arange(rows), np.arange(rows) % 5
    index = PartitionedIndex(versions, 5, MODEL)
    index.add(ids, lists, np.repeat(directions[:1], rows, axis=0))
    done = threading.Event()

    def search() -> set[int]:
        seen = set()
        while not done.is_set():
            scores, found = index.search(directions, rows, np.arange(5))
            assert all(set(row) == set(range(rows)) for row in found.tolist())
            (version,) = np.flatnonzero(scores[:, -1] == 1)
            assert (np.delete(scores, version, axis=0) == 0).all()
            seen.add(int(version))
        return seen

    def replace() -> None:
        try:
            for step in range(1, 120):
                index.replace(ids, (lists + step) % 5, np.repeat(directions[step % versions][None], rows, axis=0))
                time.sleep(0.005)
        finally:
            done.set()

    with ThreadPoolExecutor(5) as pool:
        searches = [pool.submit(search) for _ in range(4)]
        pool.submit(replace).result()
        seen = [one.result() for one in searches]
    assert set.union(*seen) == set(range(versions))
    assert len(index) == rows
