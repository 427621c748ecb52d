import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings import blocks as module
from embeddings.blocks import Blocks, BlockStore
from embeddings.errors import WrongDimension

DIMENSION, WIDTH = 6, 4


def drawn(counts, seed):
    numbers = np.random.default_rng(seed)
    vectors = numbers.normal(size=(sum(counts), DIMENSION)).astype(np.float16).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    marks = numbers.integers(0, 5, sum(counts)).astype(np.uint8)
    return Blocks(vectors, marks, starts), numbers.normal(size=(len(counts), WIDTH)).astype(np.float32)


def kept(store, slot):
    vectors, marks, _ = store.blocks(np.array([slot]))
    return vectors.tolist(), marks.tolist()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_store_gives_back_what_was_last_put_in_each_slot(data):
    store, expected = BlockStore(DIMENSION, WIDTH), {}
    with pytest.MonkeyPatch.context() as small:
        small.setattr(module, "_CHUNK", 8)
        for seed in range(data.draw(st.integers(1, 5))):
            slots = data.draw(st.lists(st.integers(0, 19), min_size=1, max_size=6, unique=True))
            counts = data.draw(st.lists(st.integers(1, 5), min_size=len(slots), max_size=len(slots)))
            given_blocks, sketches = drawn(counts, seed)
            store.put(np.array(slots), given_blocks, sketches)
            for number, slot in enumerate(slots):
                rows = slice(*given_blocks.starts[number : number + 2])
                expected[slot] = (given_blocks.vectors[rows].tolist(), given_blocks.marks[rows].tolist())
            gone = data.draw(st.lists(st.sampled_from(slots), max_size=2, unique=True))
            store.drop(np.array(gone, np.int64))
            for slot in gone:
                expected[slot] = ([], [])
        assert {slot: kept(store, slot) for slot in expected} == expected


def test_room_is_used_again():
    store = BlockStore(DIMENSION, WIDTH)
    for seed in range(50):
        store.put(np.arange(4), *drawn([3, 2, 2, 5], seed))
    before = store.nbytes
    for seed in range(20_000 // 12):
        store.put(np.arange(4), *drawn([2, 5, 3, 2], seed))
    assert store.nbytes == before


def test_products_with_sketches_are_right_to_about_one_percent():
    store = BlockStore(DIMENSION, WIDTH)
    given_blocks, sketches = drawn([1] * 3_000, 1)
    store.put(np.arange(3_000), given_blocks, sketches)
    queries = np.random.default_rng(2).normal(size=(2, WIDTH)).astype(np.float32)
    slots = np.random.default_rng(3).permutation(3_000)[:2_500]
    np.testing.assert_allclose(store.products(slots, queries), queries @ sketches[slots].T, atol=0.05)


def test_half_precision_comes_back_bit_for_bit():
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]
    np.testing.assert_array_equal(module.single(finite[None])[0], finite.astype(np.float32))
    np.testing.assert_array_equal(module.half(finite.astype(np.float32)).view(np.uint16), finite.view(np.uint16))


def test_half_precision_is_rounded_as_numpy_rounds():
    some = np.random.default_rng(1).normal(0, 0.05, (200, 384)).astype(np.float32)
    halfway = (np.float16(0.05).astype(np.float32) + np.nextafter(np.float16(0.05), np.float16(1)).astype(np.float32)) / 2
    some[0, :2] = halfway, -halfway
    np.testing.assert_array_equal(module.half(some).view(np.uint16), some.astype(np.float16).view(np.uint16))


@pytest.mark.parametrize(("vectors", "sketch"), [(DIMENSION + 1, WIDTH), (DIMENSION, WIDTH - 1)])
def test_other_shapes_are_refused_and_change_nothing(vectors, sketch):
    store = BlockStore(DIMENSION, WIDTH)
    store.put(np.array([0]), *drawn([2], 1))
    before = kept(store, 0)
    wrong = Blocks(np.ones((1, vectors), np.float32), np.zeros(1, np.uint8), np.array([0, 1]))
    with pytest.raises(WrongDimension):
        store.put(np.array([0]), wrong, np.ones((1, sketch), np.float32))
    assert kept(store, 0) == before


def test_what_was_saved_is_restored_and_can_be_changed(tmp_path):
    store = BlockStore(DIMENSION, WIDTH)
    store.put(np.arange(3), *drawn([3, 2, 4], 1))
    store.drop(np.array([1]))
    store.save(tmp_path)
    again = BlockStore(DIMENSION, WIDTH)
    again.restore(tmp_path)
    assert [kept(again, slot) for slot in range(3)] == [kept(store, slot) for slot in range(3)]
    again.put(np.array([1]), *drawn([2], 9))
    assert (kept(store, 1)[0], len(kept(again, 1)[0])) == ([], 2)
    third = BlockStore(DIMENSION, WIDTH)
    third.restore(tmp_path)
    assert kept(third, 1)[0] == []


def test_an_empty_store_can_be_kept_too(tmp_path):
    BlockStore(DIMENSION, WIDTH).save(tmp_path)
    again = BlockStore(DIMENSION, WIDTH)
    again.restore(tmp_path)
    again.put(np.array([0]), *drawn([2], 1))
    assert len(kept(again, 0)[0]) == 2
