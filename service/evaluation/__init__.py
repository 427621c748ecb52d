"""Measures how good the matching is, against judgements and against what an engineer would build in an afternoon."""
