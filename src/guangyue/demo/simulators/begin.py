"""``python -m guangyue.demo.simulators.begin ROOT --speed S``: today's duty is posted, then the street comes to life.

The simulator is a program outside that loads nothing of the house; it gets its tokens from here and takes this place.
"""

from __future__ import annotations

import json
import os
import sys

__all__ = ["main"]


def main() -> None:
    """Post the duty; become the simulator unless its speed is 0."""
    from guangyue.demo.prepare import each_day, tokens
    from guangyue.demo.simulators.streets import OFFICERS, REVIEWERS

    each_day()
    if float(sys.argv[sys.argv.index("--speed") + 1]) > 0:
        os.environ["GUANGYUE_DEMO_TOKENS"] = json.dumps(tokens((*OFFICERS, *REVIEWERS)))
        command = [sys.executable, "-m", "guangyue.demo.simulators.streets", *sys.argv[1:]]
        os.execv(command[0], command)  # noqa: S606 - taking this place is the point


if __name__ == "__main__":
    main()
