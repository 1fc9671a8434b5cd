"""``python -m guangyue`` is the ``guangyue`` command."""

from guangyue.cli import main

main()
