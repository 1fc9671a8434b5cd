"""``guangyue fraud catalogue``: every source and feature with its reason and lawful basis, for the legal office."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from guangyue.engines.fraud.catalogue import CATALOGUE
from guangyue.engines.fraud.schema import Entity, Source
from guangyue.engines.fraud.sources import BY_CODE, SOURCES
from guangyue.engines.fraud.where import span_text

if TYPE_CHECKING:
    from guangyue.engines.fraud.features import Feature

_ENTITY_ZH = {"person": "人员", "phone": "号码", "account": "账户", "device": "设备", "domain": "域名"}


def basis_of(f: Feature) -> list[str]:
    """The lawful basis of a feature: that of every source it reads, and its own."""
    used = dict.fromkeys([f.source, *(s.source for s in f.steps)])
    return [*dict.fromkeys(b for code in used for b in BY_CODE[code].basis), *f.basis]


def feature_facts(f: Feature) -> dict[str, Any]:
    """A feature as plain data."""
    used = dict.fromkeys([f.source, *(s.source for s in f.steps)])
    return {
        "entity": f.entity.value, "name": f.name, "zh": f.zh, "en": f.en, "definition": f.describe(), "slot": f.slot,
        "sources": list(used), "window": span_text(f.window), "error": span_text(f.error) if f.error else "exact",
        "version": f.version, "basis": basis_of(f),
    }  # fmt: skip


def source_facts(s: Source) -> dict[str, Any]:
    """A source as plain data."""
    return {
        "code": s.code, "zh": s.zh, "en": s.en, "owner": s.owner, "basis": list(s.basis), "purpose": s.purpose,
        "sensitivity": s.sensitivity.value, "lateness": span_text(s.lateness), "idle": span_text(s.idle),
        "columns": {c.name: {"zh": c.zh, "kind": c.kind.value, "choices": list(c.choices)} for c in s.columns},
    }  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Plain data instead of text.")
@click.option("--entity", type=click.Choice([e.value for e in Entity]), help="Only the features of one kind of entity.")
def catalogue(*, as_json: bool, entity: str | None) -> None:
    """Print every source and feature with its reason and lawful basis (风险特征目录)."""
    features = [f for f in CATALOGUE if entity in (None, f.entity.value)]
    if as_json:
        facts = {"sources": [source_facts(s) for s in SOURCES], "features": [feature_facts(f) for f in features]}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    click.secho(f"数据源 Sources ({len(SOURCES)})", bold=True)
    for s in SOURCES:
        click.echo(f"  {s.code:<17}{s.zh}  {s.en}")
        click.secho(f"      {s.owner}; {s.sensitivity.value}; late by at most {span_text(s.lateness)}", dim=True)
        click.secho(f"      依据 {'；'.join(s.basis)}；{s.purpose}", dim=True)
    for kind in Entity:
        mine = [f for f in features if f.entity is kind]
        if not mine:
            continue
        click.secho(f"\n{_ENTITY_ZH[kind.value]}特征 Features of a {kind.value} ({len(mine)})", bold=True)
        for f in mine:
            facts = feature_facts(f)
            click.echo(f"  {f.name:<22}{f.zh}  {f.en}")
            click.secho(f"      {facts['definition']}; fed by {f.slot}; {facts['error']}; v{f.version}", dim=True)
            click.secho(f"      依据 {'；'.join(basis_of(f))}", dim=True)
