"""Everything that can go wrong between a sentence and its neighbours."""


class EmbeddingError(Exception):
    """Base of every error this package raises; the message says what to do."""


class EmptyText(EmbeddingError):
    """A text without a single letter or digit was handed in to be encoded."""


class WeightsUnusable(EmbeddingError):
    """Model weights are missing, damaged, or not the ones that were expected."""


class SnapshotUnusable(EmbeddingError):
    """An index snapshot is missing, damaged, or belongs to another model."""


class WrongDimension(EmbeddingError):
    """Vectors of one length were handed to an index of another length."""


class UnknownPartition(EmbeddingError):
    """A vector was to go into a partition that the index does not have."""
