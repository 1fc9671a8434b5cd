"""The ``guangyue`` command: thin, one file per group, each group imported only when it is asked for.

A group that needs an extra (``pip install 'guangyue[fraud]'``) says so in one sentence instead of a stack trace.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys

import click

from guangyue import __version__
from guangyue.law.override import override

__all__ = ["GROUPS", "main"]

GROUPS: dict[str, str] = {
    "backup": "Save the records and bring them back",
    "city": "Agencies, units, people, boundaries: import and look up",
    "db": "The database: start, migrate, state",
    "demo": "The whole product with the invented city",
    "fraud": "The fraud engine: simulate, replay, train, backtest, explain, catalogue",
    "journal": "The journal: verify every link, prove an entry, export seals",
    "law": "The rules of law: show, check, compute a deadline",
    "patrol": "Patrol planning: forecast, backtest, headcount, plan, gate, simulate",
    "procedure": "Procedures: print, check, document",
    "roads": "The street graph: build, nearest crew, matrix, isochrone",
    "runner": "Behind the pages: fire deadlines, send the outbox, seal the journal",
    "serve": "A whole installation under one supervisor, and how its programs stand",
}
"""Group name → one-line help. The group lives in ``guangyue.cli.<name>`` and exposes ``group``; a group whose module
is not in this build is not offered."""

EXTRAS: dict[str, str] = {"fraud": "fraud", "roads": "patrol", "patrol": "patrol"}
"""Group name → the extra that carries its libraries."""


class LazyGroups(click.Group):
    """A click group that imports a sub-command's module at first use."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return [name for name in sorted(GROUPS) if importlib.util.find_spec(f"guangyue.cli.{name}")]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        try:
            module = importlib.import_module(f"guangyue.cli.{cmd_name}")
        except ModuleNotFoundError as error:
            extra = EXTRAS.get(cmd_name)
            if extra is None or (error.name or "").startswith("guangyue"):
                raise
            message = f"`guangyue {cmd_name}` needs {error.name}: pip install 'guangyue[{extra}]'"
            raise click.ClickException(message) from error
        except ValueError as error:
            if not hasattr(error, "faults"):  # a catalogue or a declaration that cannot be used names its lines itself
                raise
            raise click.ClickException(str(error)) from error
        command: click.Command = module.group
        return command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, GROUPS[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroups, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Guangyue (光岳): every matter on a clock, every step on record."""


if __name__ == "__main__":
    sys.exit(main())
