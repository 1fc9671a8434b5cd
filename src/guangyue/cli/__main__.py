"""``python -m guangyue.cli`` is the ``guangyue`` command."""

from guangyue.cli import main

main()
