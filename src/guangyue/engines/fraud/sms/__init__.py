"""Scam text messages: a small linear model on character n-grams of Chinese SMS (涉诈短信文本评分).

The text never enters the engine: the operator's side, or a gateway in front of the engine, scores a message here and
passes on only the score in per mille (反诈法 art. 5; column ``score`` of the source ``sms``).
"""

from guangyue.engines.fraud.sms.groups import near_duplicates
from guangyue.engines.fraud.sms.model import SmsModel, SmsModelError
from guangyue.engines.fraud.sms.text import normalise, profile

__all__ = ["SmsModel", "SmsModelError", "near_duplicates", "normalise", "profile"]
