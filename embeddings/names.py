"""Names of work: meaning first, then the same letters, then the name that is preferred.

Short names of machines, diplomas and trades carry much in their letters, which a model of meaning hardly sees.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

Scores = NDArray[np.float32]

LETTERS = np.float32(0.2)
"""How much the same letters add to a cosine of meaning."""
PREFERRED = np.float32(0.002)
"""Decides between occupations that share a name: it belongs first to the one that prefers it."""

_NGRAMS = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**18, alternate_sign=False, norm=None)


def name_scores(meaning: Scores, letters: Scores, preferred: NDArray[np.bool_]) -> Scores:
    """Scores (queries, names) that order names for each query.

    Args:
        meaning: cosines of vectors (queries, names).
        letters: what `letters_alike` gives for the same texts.
        preferred: (names,), whether it is the preferred name of its occupation.
    """
    return np.asarray(meaning + LETTERS * letters + PREFERRED * preferred, np.float32)


def letters_alike(queries: Sequence[str], names: Sequence[str]) -> Scores:
    """Cosine (queries, names) of logarithmic counts of two to five letters in a row, ignoring case; 0 to 1."""
    return np.asarray((_letters(queries) @ _letters(names).T).toarray(), np.float32)


def _letters(texts: Sequence[str]) -> csr_matrix:
    counts = _NGRAMS.transform([text.lower() for text in texts])
    counts.data = 1 + np.log(counts.data)
    return csr_matrix(normalize(counts))
