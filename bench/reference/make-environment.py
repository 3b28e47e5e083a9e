"""Makes an environment of about GIGABYTES in FOLDER: many packages with their lists of files, some of them large.

    python3 make-environment.py FOLDER GIGABYTES
"""

import os
import sys

PACKAGES = 200
FILES = 200
BLOCK = os.urandom(1 << 20)


def make(site, number, large_bytes):
    name = f"package{number}"
    info = f"{name}-1.0.dist-info"
    os.makedirs(os.path.join(site, info))
    os.makedirs(os.path.join(site, name))
    paths = [f"{name}/module{at}.py" for at in range(FILES)] + [f"{name}/library.so"]
    for path in paths[:-1]:
        with open(os.path.join(site, path), "wb") as target:
            target.write(BLOCK[: 4096 + number])
    with open(os.path.join(site, paths[-1]), "wb") as target:
        for at in range(0, large_bytes, len(BLOCK)):
            target.write(BLOCK[: large_bytes - at])
    with open(os.path.join(site, info, "RECORD"), "w", encoding="utf-8") as target:
        target.writelines(f"{path},sha256=unread,{os.path.getsize(os.path.join(site, path))}\n" for path in paths)
        target.write(f"{info}/RECORD,,\n")


def main():
    folder, gigabytes = sys.argv[1], float(sys.argv[2])
    site = os.path.join(folder, "lib", "python3.11", "site-packages")
    small_bytes = PACKAGES * FILES * 4200
    for number in range(PACKAGES):
        make(site, number, max(0, int(gigabytes * 1e9 - small_bytes) // PACKAGES))
    os.makedirs(os.path.join(folder, "bin"))
    with open(os.path.join(folder, "pyvenv.cfg"), "w", encoding="utf-8") as target:
        target.write("home = /usr/bin\nversion = 3.11.2\n")
    os.symlink("/usr/bin/python3", os.path.join(folder, "bin", "python"))


main()
