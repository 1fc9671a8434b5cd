# ruff: noqa: E501 - one declaration a line reads like a table
"""What a phone number and a domain do to many people."""

from __future__ import annotations

from guangyue.engines.fraud.catalogue._short import feature as f

__all__ = ["DOMAIN", "PHONE"]

_IN = "direction = in"

PHONE = (
    f("persons_called_1h", "voice_call.other_phone", "fan_out person", "1h", "一小时内拨打的人数", "people called in an hour", where=_IN),
    f("persons_called_24h", "voice_call.other_phone", "fan_out person", "24h", "一天内拨打的人数", "people called in a day", where=_IN),
    f("calls_made_1h", "voice_call.other_phone", "count", "1h", "一小时内拨打次数", "calls made in an hour", where=_IN),
    f("calls_burst", "voice_call.other_phone", "burst", "24h", "突然密集拨打", "calls in a burst", where=_IN, part="1h"),
    f("answered_share_24h", "voice_call.other_phone", "ratio", "24h", "接通率", "share of calls answered", where="direction = in and answered = 1", over=_IN),
    f("short_share_24h", "voice_call.other_phone", "ratio", "24h", "很快被挂断的占比", "share of calls hung up within ten seconds", where="direction = in and answered = 1 and duration <= 10", over="direction = in and answered = 1"),
    f("talk_mean_24h", "voice_call.other_phone", "mean duration", "24h", "平均通话时长", "mean length of its calls", where="direction = in and answered = 1"),
    f("talk_std_24h", "voice_call.other_phone", "std duration", "24h", "通话时长的波动", "spread of its calls' lengths", where="direction = in and answered = 1"),
    f("called_back_24h", "voice_call.other_phone", "count", "24h", "一天内被回拨次数", "times called back in a day", where="direction = out"),
    f("seen_30d", "voice_call.other_phone", "first", "30d", "首次出现至今（新号码）", "time since the number was first seen"),
    f("persons_texted_1h", "sms.other_phone", "fan_out person", "1h", "一小时内群发短信人数", "people texted in an hour", where=_IN),
    f("sms_score_mean_24h", "sms.other_phone", "mean score", "24h", "所发短信的平均涉诈评分", "mean fraud score of its messages", where=_IN),
    f("reports_30d", "police_report.other_phone", "count", "30d", "三十天内被报警次数", "police reports naming it in thirty days"),
    f("clues_30d", "clue.other_phone", "count", "30d", "三十天内线索涉及次数", "clues naming it in thirty days"),
    f("spoofed_24h", "intl_gateway.other_phone", "count", "24h", "一天内改号呼叫次数", "calls with a forged number in a day", where="spoofed = 1"),
    f("gateway_cards_7d", "forwarding.own_phone", "max cards", "7d", "一周内同一网关设备的卡数", "SIM cards in the same gateway device", where="event = gateway"),
    f("forwarded_24h", "forwarding.own_phone", "count", "24h", "一天内设置呼叫转移", "call forwarding switched on in a day", where="event = forward_on"),
    f("callees_out_1h", "voice_call.own_phone", "fan_out other_phone", "1h", "一小时内外呼号码数", "different numbers it calls in an hour", where="direction = out"),
    f("opened_30d", "number_registry.own_phone", "first", "30d", "新开号码至今", "time since the number was opened", where="event = opened"),
)  # fmt: skip

DOMAIN = (
    f("visitors_1h", "domain_visit.domain", "fan_in person", "1h", "一小时内访问人数", "visitors in an hour"),
    f("visitors_24h", "domain_visit.domain", "fan_in person", "24h", "一天内访问人数", "visitors in a day"),
    f("visits_burst", "domain_visit.domain", "burst", "24h", "访问突然密集", "visits in a burst", part="1h"),
    f("seen_30d", "domain_visit.domain", "first", "30d", "首次出现至今（新网站）", "time since the site was first seen"),
    f("score_mean_24h", "domain_visit.domain", "mean score", "24h", "平均涉诈评分", "mean fraud score in a day"),
    f("age_min_24h", "domain_visit.domain", "min age_days", "24h", "域名注册天数", "days since registration"),
    f("reports_30d", "police_report.domain", "count", "30d", "三十天内被报警次数", "police reports naming it in thirty days"),
    f("clues_30d", "clue.domain", "count", "30d", "三十天内线索涉及次数", "clues naming it in thirty days"),
)  # fmt: skip
