"""``guangyue fraud rules``: checks a rule file and reads it aloud."""

from __future__ import annotations

from pathlib import Path

import click

from guangyue.engines.fraud.rules.grammar import RuleError, read
from guangyue.engines.fraud.rules.match import RuleSet

__all__ = ["compiled", "rules_command"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def compiled(file: Path | None) -> RuleSet:
    """The rules of a file (without one the national rules), compiled.

    Raises:
        click.ClickException: with every fault and its line.
    """
    try:
        return RuleSet(read(file))
    except RuleError as error:
        raise click.ClickException(f"{file or 'the national rules'} has faults:\n{error}") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8 text: {error}") from error


@click.command("rules")
@click.argument("file", type=_FILE, required=False)
def rules_command(file: Path | None) -> None:
    """Check a rule file (FILE; left out: the national rules) and list its rules."""
    rules = compiled(file).rules
    for rule in rules:
        click.echo(f"{rule.code:28} {rule.level:7} {rule.type:17} {rule.zh}")
    click.echo(f"{len(rules)} rules, no fault")
