"""What the cheaper way loses: the quality of one vector for each person and place, beside that of sentences."""

from pathlib import Path

import numpy as np

from embeddings.encoder import Encoder, RememberingEncoder
from matching.scoring import Weights
from service.evaluation.judged_set import read_judged_set
from service.evaluation.measures import per_person
from service.evaluation.systems import run
from service.geography import read_gazetteer
from tests.benchmarks.table import Row, at_most

GOLDEN = Path(__file__).parent.parent / "golden"
ONE_VECTOR = "adapted-bi-encoder+filters"


def rows(encoder: Encoder) -> list[Row]:
    """nDCG@10 on the whole judged set; the same encoder and hard rules on both sides."""
    judged, remembering = read_judged_set(GOLDEN, read_gazetteer()), RememberingEncoder(encoder)
    ndcg = {}
    for name in ("passend", ONE_VECTOR):
        found = run(name, judged, remembering, remembering, Weights.read()).rankings
        ndcg[name] = float(np.mean(list(per_person(found, judged)["ndcg@10"].values())))
    size = len(judged.opportunities)
    return [
        at_most("nDCG@10 on the judged set", size, ndcg["passend"]),
        at_most("nDCG@10 on the judged set, one vector each", size, ndcg[ONE_VECTOR]),
    ]
