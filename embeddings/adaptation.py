"""Trains a low-rank adapter on pairs of texts that mean the same work.

Contrastive learning with in-batch negatives (InfoNCE, van den Oord et al. 2018, arXiv:1807.03748; as in E5, Wang et al.
2022, arXiv:2212.03533) on LoRA weights (Hu et al. 2021, arXiv:2106.09685) of every linear layer; token embeddings stay frozen.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings.bundled import PREFIX

if TYPE_CHECKING:
    import torch

_PORTION = 64
_IN_PEFT = "base_model.model."


@dataclass(frozen=True)
class Pair:
    """Two texts for the same work.

    Attributes:
        group: pairs of the same group are not used as each other's negatives.
        trap: a text that shares words with `anchor` but is other work: a hard negative, also of other pairs, or empty.
        kind: pairs of one kind share batches, so that the form of a text never gives the answer away.
        near: sorts like work together (an ISCO code): neighbours become each other's hard negatives.
    """

    anchor: str
    positive: str
    group: str
    trap: str = ""
    kind: str = ""
    near: str = ""


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the outcome of a training run, next to the pairs.

    Attributes:
        neighbourhoods: a batch holds one of so many parts of the labour market, in order of `Pair.near`.
    """

    rank: int = 32
    alpha: int = 64
    batch: int = 96
    epochs: int = 1
    learning_rate: float = 5e-4
    warm_up: float = 0.1
    temperature: float = 0.05
    longest: int = 64
    neighbourhoods: int = 4
    seed: int = 20


def train(
    folder: Path,
    pairs: Sequence[Pair],
    recipe: Recipe,
    progress: Callable[[int, int, float], None],
    start: dict[str, "torch.Tensor"] | None = None,
) -> dict[str, "torch.Tensor"]:
    """Trains an adapter for the sentence-transformers folder `folder`.

    Args:
        progress: called after each step with (step, steps, loss).
        start: what an earlier run returned, to go on from; otherwise from nothing.

    Returns:
        Tensors named `<module>.lora_A.weight` (rank, in) and `<module>.lora_B.weight` (out, rank).

    Raises:
        ValueError: `start` adapts something that the model does not have.
    """
    import torch
    from peft import get_peft_model_state_dict
    from transformers import AutoTokenizer

    random.seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = _with_adapter(folder, recipe)
    _go_on_from(model, start or {})
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=recipe.learning_rate, weight_decay=0.01)
    batches = [batch for _ in range(recipe.epochs) for batch in _batches(pairs, recipe)]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, len(batches), recipe.warm_up))
    for step, batch in enumerate(batches, start=1):
        with torch.autocast("cpu", torch.bfloat16):
            loss = _loss(model, tokenizer, batch, recipe)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        progress(step, len(batches), float(loss.detach()))
    return {name.removeprefix(_IN_PEFT): weight.detach() for name, weight in get_peft_model_state_dict(model).items()}


def steps(pairs: Sequence[Pair], recipe: Recipe) -> int:
    """How many steps `train` takes on these pairs."""
    return recipe.epochs * sum(math.ceil(count / recipe.batch) for count in Counter(pair.kind for pair in pairs).values())


def save(tensors: dict[str, "torch.Tensor"], recipe: Recipe, path: Path) -> None:
    """Writes the adapter in half precision, with the factor by which `lora_B @ lora_A` counts."""
    import torch
    from safetensors.torch import save_file

    halved = {name: tensor.to(torch.float16).contiguous() for name, tensor in tensors.items()}
    save_file(halved, str(path), metadata={"scale": str(recipe.alpha / recipe.rank)})


def _with_adapter(folder: Path, recipe: Recipe) -> Any:
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModel

    linear = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]
    config = LoraConfig(r=recipe.rank, lora_alpha=recipe.alpha, lora_dropout=0.0, target_modules=linear)
    return get_peft_model(AutoModel.from_pretrained(folder, add_pooling_layer=False), config)


def _go_on_from(model: Any, start: dict[str, "torch.Tensor"]) -> None:
    from peft import set_peft_model_state_dict

    loaded: Any = set_peft_model_state_dict(model, {_IN_PEFT + name: weight for name, weight in start.items()})
    if loaded.unexpected_keys:
        unknown = loaded.unexpected_keys[0].removeprefix(_IN_PEFT)
        raise ValueError(f"The earlier run adapted {unknown}, which this model does not have.")


def _rate(step: int, steps: int, warm_up: float) -> float:
    if step < warm_up * steps:
        return min(1.0, (step + 1) / (warm_up * steps))
    return min(1.0, (steps - step) / (steps * (1 - warm_up)))


def _batches(pairs: Sequence[Pair], recipe: Recipe) -> list[list[Pair]]:
    by_kind = defaultdict(list)
    for pair in random.sample(pairs, len(pairs)):
        by_kind[pair.kind].append(pair)
    batches = [batch for kind in by_kind.values() for batch in _of_one_kind(kind, recipe)]
    return random.sample(batches, len(batches))


def _of_one_kind(pairs: list[Pair], recipe: Recipe) -> Iterator[list[Pair]]:
    block = recipe.batch * recipe.neighbourhoods
    for start in range(0, len(pairs), block):
        like_work_together = sorted(pairs[start : start + block], key=lambda pair: pair.near)
        for first in range(0, len(like_work_together), recipe.batch):
            yield like_work_together[first : first + recipe.batch]


def _loss(model: Any, tokenizer: Any, batch: list[Pair], recipe: Recipe) -> "torch.Tensor":
    import torch
    from torch.nn.functional import cross_entropy

    traps = [pair.trap for pair in batch if pair.trap]
    texts = [pair.anchor for pair in batch] + [pair.positive for pair in batch] + traps
    vectors = _encode(model, tokenizer, texts, recipe.longest)
    anchors, positives, negatives = vectors[: len(batch)], vectors[len(batch) : 2 * len(batch)], vectors[2 * len(batch) :]
    same = _same_work(batch)
    forward = (anchors @ positives.T / recipe.temperature).masked_fill(same, -math.inf)
    backward = (positives @ anchors.T / recipe.temperature).masked_fill(same, -math.inf)
    trapped = (anchors @ negatives.T / recipe.temperature).masked_fill(_own_place(batch, traps), -math.inf)
    forward = torch.cat([forward, trapped], dim=1)
    own = torch.arange(len(batch))
    result: torch.Tensor = (cross_entropy(forward, own) + cross_entropy(backward, own)) / 2
    return result


def _same_work(batch: list[Pair]) -> "torch.Tensor":
    import torch

    groups = [pair.group for pair in batch]
    same = torch.tensor([[one == other for other in groups] for one in groups])
    return same.fill_diagonal_(False)


def _own_place(batch: list[Pair], traps: list[str]) -> "torch.Tensor":
    import torch

    own = [[trap == pair.positive for trap in traps] for pair in batch]
    return torch.tensor(own, dtype=torch.bool)


def _encode(model: Any, tokenizer: Any, texts: list[str], longest: int) -> "torch.Tensor":
    """Unit vectors in the order of `texts`; encoded in portions of like length, so that little is spent on padding."""
    import torch

    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    portions = [order[start : start + _PORTION] for start in range(0, len(order), _PORTION)]
    vectors = torch.cat([_encode_portion(model, tokenizer, [texts[index] for index in portion], longest) for portion in portions])
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return vectors[back]


def _encode_portion(model: Any, tokenizer: Any, texts: list[str], longest: int) -> "torch.Tensor":
    import torch

    tokens = tokenizer([PREFIX + text for text in texts], padding=True, truncation=True, max_length=longest, return_tensors="pt")
    hidden = model(**tokens).last_hidden_state.float()
    mask = tokens["attention_mask"].unsqueeze(-1)
    result: torch.Tensor = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)
    return result
