"""Prints what is installed in the Python that runs this: one `"name": "version"` a line, as JSON has it."""

import json
import sys
from importlib import metadata


def main():
    found = {}
    for distribution in metadata.distributions():
        # A broken package has neither.
        name = distribution.metadata["Name"] if distribution.metadata else None
        if name and distribution.version:
            found.setdefault(str(name), str(distribution.version))
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    for name in sorted(found, key=str.lower):
        print(f"{json.dumps(name)}: {json.dumps(found[name])}")


if __name__ == "__main__":
    main()
