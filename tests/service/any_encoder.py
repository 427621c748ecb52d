"""An encoder for tests in which meaning does not matter."""

import hashlib
from collections.abc import Sequence

import numpy as np


class AnyEncoder:
    """Each text has one vector of its own."""

    model = "any-vectors"
    dimension = 32

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in texts]
        rows = np.stack([np.random.default_rng(seed).normal(size=self.dimension) for seed in seeds])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
