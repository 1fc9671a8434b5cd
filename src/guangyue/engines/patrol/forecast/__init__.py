"""Expected calls per cell and slot, with intervals, learned from reported calls only."""

from guangyue.engines.patrol.forecast.history import History
from guangyue.engines.patrol.forecast.level import Factors
from guangyue.engines.patrol.forecast.predict import Forecast, Scheduled, Settings, forecast

__all__ = ["Factors", "Forecast", "History", "Scheduled", "Settings", "forecast"]
