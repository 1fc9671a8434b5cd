"""The linear model: one-against-the-rest hinge weights per kind of message, calibrated to a probability of fraud.

Kinds of spam that are no fraud (shops, gambling, invoices) look alike in words but not in aim. Learning each kind and
asking only afterwards "is the best fraud kind ahead of the best other kind?" draws the border where a two-class model
blurs it: the paired gain is measured in ``bench/fraud_scoring.py``.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from guangyue.engines.fraud.sms.groups import near_duplicates
from guangyue.engines.fraud.sms.text import normalise, profile, profiles

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["SmsModel", "SmsModelError"]

_FORMAT = "guangyue.sms/1"
_CALIBRATION_FOLDS = 3


class SmsModelError(ValueError):
    """A model cannot be trained or read; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _head(path: Path, text: bytes) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(text)
    if head.get("format") != _FORMAT:
        raise SmsModelError("sms.format", f"{path.name} is not a {_FORMAT} model")
    return head


def _matrix(texts: Sequence[str], longest: int, bits: int) -> sparse.csr_matrix:
    counts, buckets, starts = profiles(texts, longest=longest, bits=bits)
    return sparse.csr_matrix((1.0 + np.log(counts), buckets, starts), shape=(len(texts), 1 << bits))


def _unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    norm = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (sparse.diags(1.0 / np.maximum(norm, 1e-12)) @ matrix).tocsr()


def _ahead(margins: NDArray[np.float64], fraud: NDArray[np.bool_]) -> NDArray[np.float64]:
    """By how much the best fraud kind leads the best other kind."""
    lead: NDArray[np.float64] = margins[..., fraud].max(-1) - margins[..., ~fraud].max(-1)
    return lead


@dataclass(frozen=True, slots=True, eq=False)
class SmsModel:
    """A trained model. Arrays only: it is saved and read without executing anything.

    Attributes:
        kinds: the kinds of messages in training. fraud: which of them are fraud, shape ``(kinds,)``.
        weights: idf-scaled hinge weights, shape ``(2**bits, kinds)``, float32. idf: shape ``(2**bits,)``.
        intercept: shape ``(kinds,)``. slope, offset: the logistic calibration of the lead of fraud.
        longest: characters in the longest n-gram. bits: log2 of the number of hash buckets.
    """

    kinds: tuple[str, ...]
    fraud: NDArray[np.bool_]
    weights: NDArray[np.float32]
    idf: NDArray[np.float32]
    intercept: NDArray[np.float64]
    slope: float
    offset: float
    longest: int
    bits: int

    @classmethod
    def fit(
        cls, texts: Sequence[str], kinds: Sequence[str], fraud: Collection[str], *,
        longest: int = 3, bits: int = 17, cost: float = 4.0, calibrate: bool = True,
    ) -> Self:  # fmt: skip
        """Train on messages with their kind; ``fraud`` names the kinds that are fraud.

        Calibration uses margins of messages held out by groups of near-duplicates.

        Raises:
            SmsModelError: ``sms.kinds`` when there is no fraud kind or nothing else, ``sms.length`` when texts and
                kinds differ in number.
        """
        if len(texts) != len(kinds):
            raise SmsModelError("sms.length", f"{len(texts)} texts but {len(kinds)} kinds")
        label = np.asarray(kinds)
        names = tuple(sorted({str(k) for k in kinds}))
        is_fraud = np.array([n in fraud for n in names], bool)
        if is_fraud.all() or not is_fraud.any():
            raise SmsModelError("sms.kinds", "training needs at least one kind that is fraud and one that is not")
        plain = [normalise(t) for t in texts]
        terms = _matrix(plain, longest, bits)
        weights, idf, intercept = _hinge(terms, label, names, cost)
        slope, offset = 4.0, 0.0
        if calibrate:
            slope, offset = _calibrate(terms, label, names, is_fraud, near_duplicates(texts), cost)
        return cls(names, is_fraud, weights, idf, intercept, slope, offset, longest, bits)

    def margins(self, text: str) -> NDArray[np.float64]:
        """The margin of each kind for one message, shape ``(kinds,)``."""
        buckets, counts = profile(normalise(text), longest=self.longest, bits=self.bits)
        terms = (1.0 + np.log(counts)) * self.idf[buckets]
        norm = max(float(np.sqrt(terms @ terms)), 1e-12)
        found: NDArray[np.float64] = (terms / norm) @ self.weights[buckets].astype(np.float64) + self.intercept
        return found

    def lead(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """By how much fraud leads for each message; above 0 means fraud."""
        margins = np.array([self.margins(t) for t in texts]).reshape(len(texts), len(self.kinds))
        return _ahead(margins, self.fraud)

    def probability(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The calibrated probability that each message is fraud."""
        p: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-(self.slope * self.lead(texts) + self.offset)))
        return p

    def permille(self, text: str) -> int:
        """The score the engine's source ``sms`` carries: 0 … 1000. An empty message scores 0."""
        return round(1000 * float(self.probability([text])[0])) if normalise(text) else 0

    def kind(self, text: str) -> str:
        """The most likely kind of a message."""
        return self.kinds[int(np.argmax(self.margins(text)))]

    def why(self, text: str, top: int = 5) -> list[str]:
        """The pieces of a message that speak most for fraud, strongest first: what an officer may point at."""
        plain = normalise(text)
        diff = self.weights[:, self.fraud].max(1) - self.weights[:, ~self.fraud].max(1)
        found: dict[str, float] = {}
        for start in range(len(plain)):
            for length in range(2, self.longest + 1):
                piece = plain[start : start + length]
                if len(piece) == length:
                    own = int(profile(piece, shortest=length, longest=length, bits=self.bits)[0][0])
                    found[piece] = float(diff[own] * self.idf[own])
        ranked = sorted((p for p in found if found[p] > 0), key=lambda p: (-found[p], p))
        kept: list[str] = []
        for piece in ranked:
            if not any(piece in k or k in piece for k in kept):
                kept.append(piece)
            if len(kept) == top:
                break
        return kept

    def save(self, path: Path) -> None:
        """Write the model as an ``.npz`` of arrays with a JSON head."""
        head = {
            "format": _FORMAT, "kinds": self.kinds, "slope": self.slope, "offset": self.offset,
            "longest": self.longest, "bits": self.bits,
        }  # fmt: skip
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer, head=np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8), fraud=self.fraud,
            weights=self.weights, idf=self.idf, intercept=self.intercept,
        )  # fmt: skip
        part = path.with_suffix(path.suffix + ".part")
        part.write_bytes(buffer.getvalue())
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a saved model.

        Raises:
            SmsModelError: ``sms.format`` when the file is no such model.
        """
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                head = _head(path, bytes(file["head"]))
                return cls(
                    tuple(head["kinds"]), file["fraud"], file["weights"], file["idf"], file["intercept"],
                    float(head["slope"]), float(head["offset"]), int(head["longest"]), int(head["bits"]),
                )  # fmt: skip
        except SmsModelError:
            raise
        except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise SmsModelError("sms.format", f"{path.name} is not a model of messages: {error}") from error


def _hinge(
    terms: sparse.csr_matrix, label: NDArray[np.str_], names: tuple[str, ...], cost: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float64]]:
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

    seen = np.bincount(terms.indices, minlength=terms.shape[1])
    idf = (np.log((1 + terms.shape[0]) / (1 + seen)) + 1.0).astype(np.float32)
    units = _unit_rows(terms @ sparse.diags(idf))
    present = [n for n in names if (label == n).any()]
    machine = LinearSVC(C=cost, random_state=0).fit(units, label)
    weights = np.zeros((terms.shape[1], len(names)), np.float32)
    intercept = np.full(len(names), -10.0)
    if len(machine.coef_) == 1:  # two kinds: one border between them
        at = [names.index(n) for n in present]
        weights[:, at[1]], weights[:, at[0]] = machine.coef_[0], -machine.coef_[0]
        intercept[at[1]], intercept[at[0]] = machine.intercept_[0], -machine.intercept_[0]
    else:
        for row, name in enumerate(machine.classes_):
            weights[:, names.index(str(name))] = machine.coef_[row]
            intercept[names.index(str(name))] = machine.intercept_[row]
    return weights, idf, intercept


def _calibrate(
    terms: sparse.csr_matrix, label: NDArray[np.str_], names: tuple[str, ...], fraud: NDArray[np.bool_],
    groups: NDArray[np.int32], cost: float,
) -> tuple[float, float]:  # fmt: skip
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.model_selection import StratifiedGroupKFold  # type: ignore[import-untyped]

    truth = np.isin(label, [n for n, f in zip(names, fraud, strict=True) if f])
    if len(np.unique(groups[truth])) < _CALIBRATION_FOLDS or len(np.unique(groups[~truth])) < _CALIBRATION_FOLDS:
        return 4.0, 0.0
    lead = np.zeros(len(label))
    for train, test in StratifiedGroupKFold(_CALIBRATION_FOLDS, shuffle=True, random_state=0).split(
        label, truth, groups
    ):
        weights, idf, intercept = _hinge(terms[train], label[train], names, cost)
        lead[test] = _ahead(_unit_rows(terms[test] @ sparse.diags(idf)) @ weights.astype(np.float64) + intercept, fraud)
    line = LogisticRegression(C=10.0).fit(lead[:, None], truth)
    return float(line.coef_[0, 0]), float(line.intercept_[0])
