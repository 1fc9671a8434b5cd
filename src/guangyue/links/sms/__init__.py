"""Short messages (短信): one interface, several carriers.

``send`` hands a text to the carrier and comes back once the carrier has *accepted* it: that moment starts the ten minutes
of grace, nothing earlier. What happens on the air afterwards comes back as a receipt.
"""

from __future__ import annotations

from guangyue.links.sms.channel import Accepted, BusyError, Receipt, RefusedError, SmsChannel
from guangyue.links.sms.configured import channel, close

__all__ = ["Accepted", "BusyError", "Receipt", "RefusedError", "SmsChannel", "channel", "close"]
