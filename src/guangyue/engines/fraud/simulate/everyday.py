# ruff: noqa: PLR2004 - the figures of an invented life stand in the open
"""What happens in a city when nothing happens: a day of honest records of all 18 sources, as arrays.

The rates are events per resident and day, thinned evenly from what a county sees (about 18 a resident) so that a run
fits a laptop; the share of fraud is stated against these. Honest life is not clean: people do visit gambling sites,
share screens at work, pay strangers, get calls from abroad and spam with links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from guangyue.engines.fraud.schema import SERVICE
from guangyue.engines.fraud.simulate.population import JOBS
from guangyue.engines.fraud.simulate.tokens import Thing, mix, token
from guangyue.engines.fraud.sources import BY_CODE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from guangyue.engines.fraud.simulate.population import Population

    Ints = NDArray[np.int64]
    Columns = dict[str, Ints]

__all__ = ["DAY_MS", "RATES", "everyday"]

DAY_MS = 86_400_000
RATES: dict[str, float] = {
    "voice_call": 2.0, "sms": 1.5, "payment": 1.1, "domain_visit": 0.45, "location": 0.5, "bank_transfer": 0.22,
    "new_contact": 0.06, "cash": 0.04, "app_install": 0.05, "remote_control": 0.012, "loan_application": 0.006,
    "account_opening": 0.004, "number_registry": 0.003, "forwarding": 0.003, "clue": 0.0004, "police_report": 0.0003,
    "account_risk": 0.0002,
}  # fmt: skip
"""``intl_gateway`` follows from calls from abroad."""

_HOURS = np.array([2, 1, 1, 1, 1, 2, 8, 22, 40, 50, 55, 52, 48, 42, 44, 48, 50, 52, 54, 52, 46, 36, 20, 7], float)
_DAYTIME = _HOURS / _HOURS.sum()
_OFFICE = JOBS.index("office")


def everyday(people: Population, seed: int, day: int) -> dict[str, Columns]:
    """The honest records of one day: source → columns, ``time`` in ms since the first midnight of the run."""
    rng = np.random.default_rng((seed, 3, day))
    makers = {
        "voice_call": _calls, "sms": _texts, "payment": _payments, "bank_transfer": _transfers,
        "domain_visit": _visits, "location": _places, "new_contact": _contacts, "cash": _cash,
        "app_install": _apps, "remote_control": _shares, "loan_application": _loans, "account_opening": _openings,
        "number_registry": _registry, "forwarding": _forwarding, "clue": _clues, "police_report": _reports,
        "account_risk": _risks,
    }  # fmt: skip
    busy = {
        "voice_call": people.talk, "sms": people.text, "payment": people.pay, "bank_transfer": people.pay,
        "domain_visit": people.surf, "app_install": people.surf, "new_contact": people.surf,
        "remote_control": np.where(people.job == _OFFICE, 4.5, 0.33),
    }  # fmt: skip
    weekday = 1.0 if day % 7 < 5 else 0.85
    out: dict[str, Columns] = {}
    for name, make in makers.items():
        mean = RATES[name] * weekday * busy.get(name, np.ones(len(people)))
        who = np.repeat(np.arange(len(people)), rng.poisson(mean))
        hour = rng.choice(24, len(who), p=_DAYTIME)
        time = day * DAY_MS + hour * 3_600_000 + rng.integers(0, 3_600_000, len(who))
        columns = make(people, rng, who)
        columns["time"] = time
        columns.setdefault("person", people.person[who])
        out[name] = columns
    out["intl_gateway"] = _gateway(people.seed, rng, out["voice_call"])
    return out


def _pick(rng: np.random.Generator, n: int, source: str, column: str, **shares: float) -> Ints:
    """Codes of a column drawn by their shares."""
    numbers = np.array([BY_CODE[source].column(column).number(c) for c in shares], np.int64)
    weights = np.array(list(shares.values()))
    return numbers[rng.choice(len(numbers), n, p=weights / weights.sum())]


def _spread(rng: np.random.Generator, n: int, median: float, sigma: float) -> Ints:
    """Whole log-normal numbers."""
    drawn: Ints = np.exp(rng.normal(np.log(median), sigma, n)).astype(np.int64)
    return drawn


def _yes(rng: np.random.Generator, n: int, share: float) -> Ints:
    return (rng.random(n) < share).astype(np.int64)


def _fresh(rng: np.random.Generator, n: int) -> Ints:
    """Tokens nobody has met before."""
    return (rng.integers(1, SERVICE, n)).astype(np.int64)


def _friends(people: Population, rng: np.random.Generator, who: Ints) -> Ints:
    return people.friend(who, np.minimum(rng.zipf(1.6, len(who)), 18).astype(np.int64) - 1)


def _calls(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    abroad_share = np.minimum(0.004 * people.abroad[who], 0.2)
    roll = rng.random(n)
    kind = np.select(
        [roll < abroad_share, roll < 0.03 + abroad_share, roll < 0.09 + abroad_share, roll < 0.2 + abroad_share],
        [0, 1, 2, 3], 4,
    )  # fmt: skip
    # abroad: half are the same few relatives; telemarketing; couriers and other strangers; short codes; friends
    relative = token(people.seed, Thing.PHONE, mix(who * 4 + rng.integers(0, 2, n)) >> np.uint64(8))
    number = np.select(
        [(kind == 0) & (rng.random(n) < 0.6), kind == 0, kind == 1, kind == 2, kind == 3],
        [
            relative, _fresh(rng, n), token(people.seed, Thing.PHONE, 10**9 + rng.integers(0, 400, n)),
            np.where(
                rng.random(n) < 0.6, token(people.seed, Thing.PHONE, 10**8 + rng.integers(0, 1 + len(people) // 40, n)),
                _fresh(rng, n),
            ),
            token(people.seed, Thing.SHORT_CODE, rng.integers(0, 60, n)),
        ],
        people.phone[_friends(people, rng, who)],
    )  # fmt: skip
    source = "voice_call"
    other = np.select(
        [kind == 0, kind == 1, kind == 2, kind == 3],
        [
            _pick(rng, n, source, "other_kind", overseas=0.6, voip=0.4),
            _pick(rng, n, source, "other_kind", virtual=0.6, landline=0.3, voip=0.1),
            _pick(rng, n, source, "other_kind", mobile=0.9, landline=0.1),
            _pick(rng, n, source, "other_kind", service=1.0),
        ],
        _pick(rng, n, source, "other_kind", mobile=0.96, landline=0.04),
    )  # fmt: skip
    median = np.select([kind == 0, kind == 1, kind == 2, kind == 3], [150, 14, 35, 110], 75)
    answered = _yes(rng, n, 0.82)
    incoming = np.where(kind == 1, 1, np.where(kind == 3, _yes(rng, n, 0.5), _yes(rng, n, 0.52)))
    return {
        "own_phone": people.phone[who], "other_phone": number, "direction": incoming, "other_kind": other,
        "duration": answered * np.exp(rng.normal(np.log(median), 1.1)).astype(np.int64), "answered": answered,
        "roaming": _yes(rng, n, 0.002),
    }  # fmt: skip


def _gateway(seed: int, rng: np.random.Generator, calls: Columns) -> Columns:
    overseas = BY_CODE["voice_call"].column("other_kind").number("overseas")
    rows = np.flatnonzero(calls["other_kind"] == overseas)
    n = len(rows)
    return {
        "person": calls["person"][rows], "own_phone": calls["own_phone"][rows],
        "other_phone": calls["other_phone"][rows], "direction": calls["direction"][rows],
        "country": token(seed, Thing.COUNTRY, rng.integers(0, 25, n)), "spoofed": _yes(rng, n, 0.01),
        "duration": calls["duration"][rows], "time": calls["time"][rows] + rng.integers(500, 4_000, n),
    }  # fmt: skip


def _texts(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    service = rng.random(n) < 0.86
    spam = ~service & (rng.random(n) < 0.55)
    number = np.where(
        service, token(people.seed, Thing.SHORT_CODE, rng.integers(0, 300, n)),
        np.where(spam, _fresh(rng, n), people.phone[_friends(people, rng, who)]),
    )  # fmt: skip
    score = np.where(spam, 1000 * rng.beta(1.6, 2.2, n), 1000 * rng.beta(1.1, 22.0, n)).astype(np.int64)
    return {
        "own_phone": people.phone[who], "other_phone": number,
        "direction": np.where(service | spam, 1, _yes(rng, n, 0.5)),
        "other_kind": np.where(
            service, _pick(rng, n, "sms", "other_kind", service=1.0),
            _pick(rng, n, "sms", "other_kind", mobile=0.6, virtual=0.35, overseas=0.05),
        ),
        "link": np.where(spam, _yes(rng, n, 0.6), _yes(rng, n, 0.22)),
        "otp": np.where(service, _yes(rng, n, 0.25), 0), "score": score,
    }  # fmt: skip


def _payee(people: Population, rng: np.random.Generator, who: Ints, strange: float) -> tuple[Ints, Ints]:
    """A payee and whether it is somebody new."""
    new = _yes(rng, len(who), strange)
    return np.where(new == 1, _fresh(rng, len(who)), people.account[_friends(people, rng, who)]), new


def _payments(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    merchant = rng.random(n) < 0.8
    payee, _ = _payee(people, rng, who, 0.15)
    small = rng.random(n) < 0.8
    return {
        "own_account": people.account[who], "device": people.device[who],
        "other_account": np.where(merchant, token(people.seed, Thing.MERCHANT, rng.integers(0, 2_000, n)), payee),
        "direction": np.where(merchant, 0, _yes(rng, n, 0.5)),
        "amount": np.where(small, _spread(rng, n, 2_500, 1.0), _spread(rng, n, 22_000, 1.1)),
        "channel": np.where(
            merchant, _pick(rng, n, "payment", "channel", qr=0.86, card=0.12, gift_card=0.004),
            _pick(rng, n, "payment", "channel", transfer=0.45, red_packet=0.3, qr=0.25),
        ),
        "other_kind": np.where(
            merchant, _pick(rng, n, "payment", "other_kind", merchant=1.0),
            _pick(rng, n, "payment", "other_kind", personal=0.93, business=0.07),
        ),
    }  # fmt: skip


def _transfers(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    payee, new = _payee(people, rng, who, 0.13)
    roll = rng.random(n)
    merchant = (new == 0) & (roll < 0.25)
    amount = np.exp(rng.normal(np.log(np.maximum(people.wealth[who] * 0.04, 10_000)), 1.3)).astype(np.int64)
    return {
        "own_account": people.account[who], "device": people.device[who],
        "other_account": np.where(merchant, token(people.seed, Thing.MERCHANT, rng.integers(0, 300, n)), payee),
        "direction": np.where(merchant, 0, _yes(rng, n, 0.42)), "amount": np.maximum(amount, 100),
        "channel": _pick(rng, n, "bank_transfer", "channel", mobile=0.86, web=0.04, counter=0.05, atm=0.05),
        "other_kind": np.where(
            merchant, _pick(rng, n, "bank_transfer", "other_kind", merchant=1.0),
            _pick(rng, n, "bank_transfer", "other_kind", personal=0.68, business=0.18, own=0.14),
        ),
        "balance": (people.wealth[who] * np.exp(rng.normal(-0.3, 0.9, n))).astype(np.int64),
    }  # fmt: skip


def _visits(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    category = _pick(
        rng, n, "domain_visit", "category", ordinary=0.72, unknown=0.15, shopping=0.06, loan=0.012, investment=0.012,
        gambling=0.012, phishing=0.003, remote_tool=0.004, brushing=0.003,
    )  # fmt: skip
    ordinary = category == 0
    rare = rng.random(n) < 0.3
    return {
        "device": people.device[who],
        "domain": np.where(
            rare & ~ordinary, _fresh(rng, n),
            token(people.seed, Thing.DOMAIN, category * 1_000 + rng.integers(0, 200, n)),
        ),
        "category": category,
        "age_days": np.where(rare & ~ordinary, _spread(rng, n, 150, 1.3), _spread(rng, n, 2_200, 0.7)),
        "score": np.where(ordinary, 1000 * rng.beta(1, 40, n), 1000 * rng.beta(1.6, 4, n)).astype(np.int64),
    }  # fmt: skip


def _places(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    away = _yes(rng, n, 0.04)
    cell = np.where(away == 1, 10**6 + rng.integers(0, 5_000, n), people.town[who] * 50 + rng.integers(0, 6, n))
    return {
        "device": people.device[who], "cell": token(people.seed, Thing.CELL, cell), "abroad": away * _yes(rng, n, 0.01),
        "away": away,
    }  # fmt: skip


def _contacts(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "device": people.device[who], "contact": _fresh(rng, n),
        "platform": _pick(
            rng, n, "new_contact", "platform", wechat=0.62, qq=0.1, short_video=0.16, dating=0.03, work=0.09
        ),
        "group": _yes(rng, n, 0.3), "overseas": _yes(rng, n, 0.01),
        "risk": (1000 * rng.beta(1.2, 9, n)).astype(np.int64),
    }  # fmt: skip


def _cash(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "own_account": people.account[who], "direction": _yes(rng, n, 0.35), "amount": _spread(rng, n, 200_000, 0.9),
        "channel": _pick(rng, n, "cash", "channel", atm=0.7, counter=0.3), "away": _yes(rng, n, 0.05),
    }  # fmt: skip


def _apps(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "device": people.device[who], "app": token(people.seed, Thing.APP, rng.zipf(1.4, n) % 20_000),
        "category": _pick(
            rng, n, "app_install", "category", ordinary=0.6, shopping=0.12, gaming=0.14, chat=0.04, meeting=0.035,
            loan=0.015, investment=0.01, remote_control=0.004, unknown=0.036,
        ),
        "sideloaded": _yes(rng, n, 0.05), "listed": _yes(rng, n, 0.001),
    }  # fmt: skip


def _shares(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "device": people.device[who], "event": _yes(rng, n, 0.5),
        "mode": _pick(rng, n, "remote_control", "mode", screen_share=0.85, remote_control=0.15),
        "bank_app": _yes(rng, n, 0.01), "duration": _spread(rng, n, 1_500, 0.9),
    }  # fmt: skip


def _loans(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "own_account": people.account[who], "device": people.device[who],
        "lender": token(people.seed, Thing.LENDER, rng.zipf(1.5, n) % 80),
        "event": _pick(rng, n, "loan_application", "event", applied=0.55, approved=0.15, refused=0.15, disbursed=0.15),
        "lender_kind": _pick(rng, n, "loan_application", "lender_kind", bank=0.45, consumer=0.3, online=0.25),
        "amount": _spread(rng, n, 2_000_000, 0.9),
    }  # fmt: skip


def _openings(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "own_account": _fresh(rng, n), "device": people.device[who],
        "bank": token(people.seed, Thing.BANK, rng.zipf(1.4, n) % 60), "remote": _yes(rng, n, 0.7),
        "grade": _pick(rng, n, "account_opening", "grade", I=0.25, II=0.4, III=0.15, payment=0.2),
    }  # fmt: skip


def _registry(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "own_phone": np.where(_yes(rng, n, 0.5) == 1, _fresh(rng, n), people.phone[who]),
        "event": _pick(
            rng, n, "number_registry", "event", opened=0.5, closed=0.2, transferred=0.05, lost=0.1, replaced=0.15
        ),
        "cards": rng.integers(1, 4, n), "virtual": _yes(rng, n, 0.08),
    }  # fmt: skip


def _forwarding(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "own_phone": people.phone[who], "other_phone": people.phone[_friends(people, rng, who)],
        "device": people.device[who],
        "event": _pick(rng, n, "forwarding", "event", forward_on=0.45, forward_off=0.4, device_changed=0.15),
        "cards": rng.integers(1, 3, n),
    }  # fmt: skip


def _clues(people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "own_phone": people.phone[who], "other_phone": _fresh(rng, n),
        "level": _pick(rng, n, "clue", "level", urgent=0.05, high=0.2, medium=0.35, low=0.4),
        "scam": rng.integers(0, 11, n),
    }  # fmt: skip


def _reports(_people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "other_phone": np.where(rng.random(n) < 0.6, _fresh(rng, n), 0),
        "other_account": np.where(rng.random(n) < 0.6, _fresh(rng, n), 0),
        "role": _pick(rng, n, "police_report", "role", victim=0.4, informant=0.5, dissuaded=0.1),
        "scam": rng.integers(0, 11, n), "loss": _spread(rng, n, 500_000, 1.0),
    }  # fmt: skip


def _risks(_people: Population, rng: np.random.Generator, who: Ints) -> Columns:
    n = len(who)
    return {
        "own_account": _fresh(rng, n), "person": np.zeros(n, np.int64),
        "event": _pick(rng, n, "account_risk", "event", listed=0.7, lifted=0.3),
        "list": _pick(rng, n, "account_risk", "list", police=0.2, bank=0.5, clearing=0.2, two_cards=0.1),
        "level": rng.integers(1, 4, n),
    }  # fmt: skip
