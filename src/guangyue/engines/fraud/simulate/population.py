# ruff: noqa: PLR2004 - the figures of an invented life stand in the open
"""Residents with ages, towns, work, means and habits, made from a seed or taken from a demo city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from guangyue.engines.fraud.simulate.tokens import Thing, mix, token

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["JOBS", "Population"]

JOBS: tuple[str, ...] = ("office", "shop", "factory", "farm", "student", "retired", "home", "driver")
"""What people do; the shares below are a county town's, roughly."""
_JOB_SHARES = (0.16, 0.12, 0.22, 0.18, 0.08, 0.13, 0.06, 0.05)
_CIRCLE = 18


@dataclass(frozen=True, slots=True)
class Population:
    """Residents as parallel arrays of length ``n``.

    Attributes:
        seed: salts every token. person, phone, account, device: tokens.
        town: town number, 0 … towns-1. age: years. job: position in :data:`JOBS`.
        wealth: usual balance in fen. talk, text, pay, surf: how much more than the average each one does (mean 1).
        abroad: calls with people abroad relative to the average (most have none).
    """

    seed: int
    person: NDArray[np.int64]
    phone: NDArray[np.int64]
    account: NDArray[np.int64]
    device: NDArray[np.int64]
    town: NDArray[np.int64]
    age: NDArray[np.int64]
    job: NDArray[np.int64]
    wealth: NDArray[np.int64]
    talk: NDArray[np.float64]
    text: NDArray[np.float64]
    pay: NDArray[np.float64]
    surf: NDArray[np.float64]
    abroad: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.person)

    @property
    def towns(self) -> int:
        """How many towns there are."""
        return int(self.town.max()) + 1

    @classmethod
    def invent(cls, seed: int, residents: int, towns: int = 20) -> Self:
        """A population from a seed.

        Raises:
            ValueError: when there are fewer residents than two a town.
        """
        if towns < 1 or residents < 2 * towns:
            raise ValueError(f"{residents} residents cannot fill {towns} towns with two each")
        rng = np.random.default_rng((seed, 1))
        job = rng.choice(len(JOBS), residents, p=_JOB_SHARES)
        age = rng.integers(18, 62, residents)
        age = np.where(job == JOBS.index("student"), rng.integers(16, 25, residents), age)
        age = np.where(job == JOBS.index("retired"), rng.integers(56, 86, residents), age)
        size = rng.dirichlet(np.full(towns, 6.0))
        town = np.concatenate([np.arange(towns).repeat(2), rng.choice(towns, residents - 2 * towns, p=size)])
        return cls.of(seed, town=rng.permutation(town), age=age, job=job)

    @classmethod
    def of(cls, seed: int, *, town: ArrayLike, age: ArrayLike, job: ArrayLike) -> Self:
        """A population from a city's people; means and habits follow from the seed, age and work."""
        towns, ages, jobs = (np.asarray(a, np.int64) for a in (town, age, job))
        n = len(towns)
        rng = np.random.default_rng((seed, 2))
        number = np.arange(n)
        means = np.exp(rng.normal(10.0, 1.1, n)) * np.where(ages > 45, 1.6, 1.0)  # yuan: median about 22,000
        means *= np.where(jobs == JOBS.index("student"), 0.15, 1.0)
        young = np.clip(1.6 - (ages - 18) / 60, 0.5, 1.6)
        return cls(
            seed, token(seed, Thing.PERSON, number), token(seed, Thing.PHONE, number),
            token(seed, Thing.ACCOUNT, number), token(seed, Thing.DEVICE, number), towns, ages, jobs,
            (means * 100).astype(np.int64),
            talk=rng.gamma(2.0, 0.5, n), text=rng.gamma(2.0, 0.5, n), pay=rng.gamma(2.0, 0.5, n) * young,
            surf=rng.gamma(1.5, 1 / 1.5, n) * young,
            abroad=np.where(rng.random(n) < 0.06, rng.gamma(1.0, 16.0, n), 0.1),
        )  # fmt: skip

    def friend(self, who: NDArray[np.int64], rank: NDArray[np.int64]) -> NDArray[np.int64]:
        """The resident who is the ``rank``-th of somebody's circle; mostly from the same town by chance of order."""
        salt = mix(np.uint64(self.seed) + np.uint64(77))
        pick = mix((who.astype(np.uint64) * np.uint64(_CIRCLE) + (rank % _CIRCLE).astype(np.uint64)) ^ salt)
        return (pick % np.uint64(len(self))).astype(np.int64)
