"""Makes COUNT small wheels and a file of requirements that names them, in FOLDER.

    python3 make-wheels.py FOLDER COUNT
"""

import os
import sys
import zipfile


def make(folder, name):
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in files) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(os.path.join(folder, f"{name}-1.0-py3-none-any.whl"), "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    names = [f"package{number}" for number in range(count)]
    for name in names:
        make(folder, name)
    with open(os.path.join(folder, "requirements.txt"), "w", encoding="utf-8") as target:
        target.writelines(f"{name}==1.0\n" for name in names)


main()
