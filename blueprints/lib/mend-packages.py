"""Forgets packages that an interrupted installation left half, so that the next one installs them again.

    ENVIRONMENT/bin/python -I mend-packages.py

A package is whole when each file of its RECORD is there with the recorded size, and small ones with the recorded content.
Prints the names of those that were forgotten. Needs nothing but the standard library.
"""

import base64
import csv
import hashlib
import os
import shutil
import sys
import sysconfig

# Beyond that, the size has to do: reading gigabytes of libraries would take minutes.
HASHED_BYTES = 1 << 20


def site_folders():
    paths = sysconfig.get_paths()
    return {os.path.realpath(paths[name]) for name in ("purelib", "platlib") if os.path.isdir(paths[name])}


def recorded_files(record):
    with open(record, encoding="utf-8", newline="") as source:
        return [row for row in csv.reader(source) if row]


def is_file_whole(path, digest, size):
    facts = os.stat(path)
    if size and facts.st_size != int(size):
        return False
    if digest.startswith("sha256=") and facts.st_size <= HASHED_BYTES:
        with open(path, "rb") as content:
            found = base64.urlsafe_b64encode(hashlib.sha256(content.read()).digest()).rstrip(b"=").decode()
        return found == digest[len("sha256="):].rstrip("=")
    return True


def is_compiled(name):
    return name.endswith(".pyc")


def is_whole(site, info):
    """Scripts outside of the site's folder, and what lies in the .dist-info, are rewritten when an environment moves."""
    folder = os.path.join(site, info)
    try:
        if not os.path.isfile(os.path.join(folder, "METADATA")):
            return False
        rows = recorded_files(os.path.join(folder, "RECORD"))
        if not rows:
            return False
        for row in rows:
            name, digest, size = (row + ["", ""])[:3]
            if is_compiled(name):
                continue
            path = os.path.join(site, name)
            is_rewritten = name.startswith("..") or name.startswith(info) or os.path.isabs(name)
            is_rewritten = is_rewritten or name.endswith(".pth") or os.path.basename(name).startswith("__editable__")
            if is_rewritten:
                if not os.path.lexists(path):
                    return False
            elif not is_file_whole(path, digest, size):
                return False
    except (OSError, ValueError, UnicodeDecodeError, csv.Error):
        return False
    return True


def forget(site, info, prefix):
    """Removes the files of a package; never one outside of the environment."""
    folder = os.path.join(site, info)
    try:
        names = [row[0] for row in recorded_files(os.path.join(folder, "RECORD"))]
    except (OSError, UnicodeDecodeError, csv.Error):
        names = []
    for name in names:
        path = os.path.normpath(os.path.join(site, name))
        if path.startswith(prefix + os.sep) and not path.startswith(folder + os.sep):
            try:
                os.unlink(path)
            except OSError:
                pass
    shutil.rmtree(folder, ignore_errors=True)


def mend(site, prefix):
    """Two packages may hold the same file: what goes with one can break another, so it looks until all are whole."""
    forgotten = []
    while True:
        infos = [name for name in os.listdir(site) if name.endswith(".dist-info") and not name.startswith("~")]
        broken = [info for info in infos if not is_whole(site, info)]
        if not broken:
            return forgotten
        for info in broken:
            forget(site, info, prefix)
            forgotten.append(info[: -len(".dist-info")])


def remove_leftovers(site):
    """Where pip puts what it is about to remove."""
    for name in os.listdir(site):
        if name.startswith("~"):
            path = os.path.join(site, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)


def main():
    prefix = os.path.realpath(sys.prefix)
    for site in sorted(site_folders()):
        if not site.startswith(prefix + os.sep):
            continue
        remove_leftovers(site)
        for name in mend(site, prefix):
            print(name)


if __name__ == "__main__":
    main()
