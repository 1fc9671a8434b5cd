"""A trained model: trees, calibration, the distribution it was trained on, and what its card needs."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from guangyue.engines.fraud.catalogue import CATALOGUE, NAMES
from guangyue.engines.fraud.model.drift import Reference
from guangyue.engines.fraud.model.trees import Trees

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["ModelError", "ScamModel", "features_digest"]

_FORMAT = "guangyue.scam/1"
_TREES = ("roots", "feature", "threshold", "child", "rule", "leaf", "inner")


class ModelError(ValueError):
    """A model cannot be trained or used here; ``code`` is stable."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def features_digest() -> str:
    """Names exactly these features in these versions; a model of other features is refused."""
    text = "\n".join(f"{f.entity.value}.{f.name}@{f.version}: {f.describe()}" for f in CATALOGUE) + "\n".join(NAMES)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _head(path: Path, text: bytes) -> dict[str, Any]:
    head: dict[str, Any] = json.loads(text)
    if head.get("format") != _FORMAT:
        raise ModelError("model.format", f"{path.name} is not a {_FORMAT} model")
    return head


@dataclass(frozen=True, slots=True, eq=False)
class ScamModel:
    """A trained model.

    Attributes:
        trees: flat trees over the vector of an event. slope, offset: calibration of the raw score to log-odds.
        reference: the training distribution, for drift. about: what the card tells (JSON values).
    """

    trees: Trees
    slope: float
    offset: float
    reference: Reference
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """A name that depends on the trees and the calibration only."""
        text = hashlib.sha256(repr((self.slope, self.offset)).encode())
        for name in _TREES:
            text.update(np.ascontiguousarray(getattr(self.trees, name)).tobytes())
        return text.hexdigest()[:12]

    def log_odds(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated log-odds that the person of each event is in the hands of a scammer."""
        odds: NDArray[np.float64] = self.slope * self.trees.raw(rows) + self.offset
        return odds

    def probability(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The calibrated probability."""
        p: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-self.log_odds(rows)))
        return p

    def why(self, row: NDArray[np.float64], top: int = 4) -> list[tuple[str, float]]:
        """The features that raised the score of one event most, and by how much (log-odds)."""
        shares = self.trees.shares(row)
        best = np.argsort(-shares)[:top]
        return [(NAMES[k], float(self.slope * shares[k])) for k in best if shares[k] > 0]

    def save(self, path: Path) -> None:
        """Writes the model: arrays with a JSON head; whole or not at all."""
        head = {
            "format": _FORMAT, "features": features_digest(), "slope": self.slope, "offset": self.offset,
            "about": self.about, "version": self.version,
        }  # fmt: skip
        buffer = io.BytesIO()
        arrays = {name: getattr(self.trees, name) for name in _TREES}
        np.savez_compressed(
            buffer, head=np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8),
            edges=self.reference.edges, share=self.reference.share, **arrays,
        )  # fmt: skip
        part = path.with_suffix(path.suffix + ".part")
        part.write_bytes(buffer.getvalue())
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads a saved model.

        Raises:
            ModelError: ``model.format`` when the file is no model or damaged, ``model.features`` when it was trained on
                other features.
        """
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                head = _head(path, bytes(file["head"]))
                trees = Trees(*(file[name] for name in _TREES))
                model = cls(
                    trees,
                    float(head["slope"]),
                    float(head["offset"]),
                    Reference(file["edges"], file["share"]),
                    head["about"],
                )
        except ModelError:
            raise
        except (KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise ModelError("model.format", f"{path.name} is damaged or no model: {error}") from error
        if head["features"] != features_digest():
            raise ModelError("model.features", f"{path.name} was trained on other features: train it again")
        if head["version"] != model.version:
            raise ModelError("model.format", f"{path.name} is damaged: its version does not match its trees")
        return model
