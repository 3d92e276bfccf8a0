"""Multinomial logistic regression over counts and vectors together.

What scikit-learn's LogisticRegression computes (L-BFGS, L2), but the sentence vectors stay a dense matrix: as
part of one sparse matrix they were nine tenths of its numbers, and training took minutes in place of seconds.
"""

from typing import NamedTuple, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix


class Weights(NamedTuple):
    """What was learnt: a row for each feature, a column for each class."""

    sparse: np.ndarray
    dense: np.ndarray
    bias: np.ndarray


def scores(weights: Weights, sparse: csr_matrix, dense: np.ndarray) -> np.ndarray:
    """Unnormalised log-probabilities, a row for each text."""
    return sparse @ weights.sparse + dense @ weights.dense + weights.bias


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of each row."""
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)


def fit(
    sparse: csr_matrix, dense: np.ndarray, labels: Sequence[int], classes: int, c: float, iterations: int
) -> Weights:
    """Minimise C times the summed log-loss plus half the squared weights; `c` is scikit-learn's C."""
    chosen = np.asarray(labels)
    truth = np.eye(classes, dtype=np.float32)[chosen]
    turned = sparse.T.tocsr()
    counts, numbers = sparse.shape[1], dense.shape[1]
    cuts = np.cumsum([counts * classes, numbers * classes])

    def unpack(flat: np.ndarray) -> Weights:
        first, second, bias = np.split(flat.astype(np.float32), cuts)
        return Weights(first.reshape(counts, classes), second.reshape(numbers, classes), bias)

    def objective(flat: np.ndarray) -> tuple:
        weights = unpack(flat)
        likely = softmax(scores(weights, sparse, dense))
        of_truth = np.maximum(likely[np.arange(len(chosen)), chosen], 1e-12)
        error = (likely - truth) * c
        slope = np.concatenate([(turned @ error).ravel(), (dense.T @ error).ravel(), error.sum(axis=0)])
        shrunk = flat[: cuts[1]]
        slope = slope.astype(np.float64)
        slope[: cuts[1]] += shrunk
        return float(-c * np.log(of_truth).sum() + 0.5 * shrunk @ shrunk), slope

    start = np.zeros(cuts[1] + classes)
    found = minimize(
        objective, start, jac=True, method="L-BFGS-B", options={"maxiter": iterations, "gtol": 1e-3}
    )
    return unpack(found.x)
