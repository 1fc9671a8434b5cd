"""The learned part: calibrated boosted trees over the features, scored in microseconds, watched for drift (模型评分)."""

from guangyue.engines.fraud.model.card import card
from guangyue.engines.fraud.model.drift import DriftWatch, psi
from guangyue.engines.fraud.model.scam import ModelError, ScamModel
from guangyue.engines.fraud.model.score import Scored, Scorer
from guangyue.engines.fraud.model.shadow import Shadow
from guangyue.engines.fraud.model.train import Table, TrainSettings, train
from guangyue.engines.fraud.model.trees import Trees

__all__ = [
    "DriftWatch",
    "ModelError",
    "ScamModel",
    "Scored",
    "Scorer",
    "Shadow",
    "Table",
    "TrainSettings",
    "Trees",
    "card",
    "psi",
    "train",
]
