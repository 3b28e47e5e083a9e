"""Tells what is installed in the Python that runs this, one JSON object a line, each behind a word of the caller's.

    python -I version-check.py packages WORD NAME...
    python -I version-check.py torch WORD

The word tells these lines from what packages print while they are loaded. Runs with every Python since 3.6, and with
nothing installed.
"""

import json
import os
import platform
import sys


def say(word, facts):
    line = word + " " + json.dumps(facts) + "\n"
    os.write(1, line.encode("utf-8", "replace"))


def short(error):
    return ("%s: %s" % (type(error).__name__, error))[:500]


def describe_packages(names):
    facts = {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "packages": {},
        "installed": None,
        "has_pip": False,
    }
    try:
        from importlib import metadata
        from importlib.util import find_spec
    except ImportError:
        return facts
    facts["has_pip"] = find_spec("pip") is not None
    for name in names:
        try:
            facts["packages"][name] = str(metadata.version(name))
        except Exception:  # Not installed, or its metadata cannot be read.
            continue
    try:
        facts["installed"] = sum(1 for _ in metadata.distributions())
    except Exception:
        pass
    return facts


def describe_torch():
    facts = {"error": None, "cuda": None, "hip": None, "gpus": [], "is_available": False, "architectures": []}
    try:
        import torch

        facts["cuda"] = torch.version.cuda
        facts["hip"] = getattr(torch.version, "hip", None)
        facts["is_available"] = bool(torch.cuda.is_available())
        if facts["is_available"]:
            facts["architectures"] = list(torch.cuda.get_arch_list())
            for index in range(torch.cuda.device_count()):
                major, minor = torch.cuda.get_device_capability(index)
                name = torch.cuda.get_device_name(index)
                facts["gpus"].append({"name": name, "architecture": "sm_%d%d" % (major, minor)})
    except BaseException as error:  # A package may end the interpreter while it is loaded.
        facts["error"] = short(error)
    return facts


def main():
    what, word, names = sys.argv[1], sys.argv[2], sys.argv[3:]
    say(word, describe_torch() if what == "torch" else describe_packages(names))


main()
