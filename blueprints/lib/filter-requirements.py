"""Takes from files of requirements what belongs to the accelerator, which is chosen elsewhere.

    python -I filter-requirements.py cuda|rocm|cpu FOLDER FILE...

Writes FOLDER/requirements.txt and FOLDER/constraints.txt. Lines of the form -r and -c are replaced by what they lead to,
and paths are made absolute, because the result lies elsewhere. Says on its output what was left out.
"""

import os
import re
import sys
import urllib.parse

LEFT_OUT = {
    "torch", "torchvision", "torchaudio", "xformers", "bitsandbytes", "flash-attn", "flash-attention",
    "sageattention", "triton", "triton-windows", "pytorch-triton", "pytorch-triton-rocm",
}
# Speaks with the driver; needs no CUDA.
KEPT = {"nvidia-ml-py", "nvidia-ml-py3"}
PATH_OPTIONS = ("-e", "--editable", "-f", "--find-links")


def normalized(name):
    """As the index compares names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def name_of(line):
    """The project that a line asks for, or None where it cannot be told."""
    line = re.sub(r"^(-e|--editable)[ =]+", "", line)
    egg = re.search(r"[#&]egg=([A-Za-z0-9._-]+)", line)
    if egg:
        return normalized(egg.group(1))
    if re.match(r"^[a-z+]+://|^git\+|^file:", line) or line.startswith((".", "/")):
        address = urllib.parse.unquote(re.split(r"[\s;#@?]", line.split("://")[-1])[0])
        file = address.rstrip("/").split("/")[-1]
        # flash_attn-2.7.4-cp311-….whl, bitsandbytes.git
        return normalized(re.split(r"-\d|\.git$|\.zip$|\.tar", file)[0]) if file else None
    name = re.match(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", line)
    return normalized(name.group(1)) if name else None


def is_left_out(name):
    return name in LEFT_OUT or (name.startswith("nvidia-") and name not in KEPT)


def logical_lines(file):
    """Lines without comments; a backslash at the end joins two."""
    with open(file, encoding="utf-8-sig", errors="replace") as source:
        text = source.read()
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        if line:
            yield line


def as_path(value, folder):
    """An absolute path, or an address where a space would end it."""
    if "://" in value or value.startswith("git+"):
        return value
    path = os.path.join(folder, value)
    path = os.path.normpath(path)
    return path if not re.search(r"\s", path) else "file://" + urllib.parse.quote(path, safe="/[],")


class Filter:
    def __init__(self, accelerator):
        self.accelerator = accelerator
        self.requirements = []
        self.constraints = []
        self.left_out = []
        self.seen = set()

    def read(self, file, target):
        file = os.path.abspath(file)
        if (file, id(target)) in self.seen:
            return
        self.seen.add((file, id(target)))
        for line in logical_lines(file):
            self.take(line, os.path.dirname(file), target)

    def take(self, line, folder, target):
        option = re.match(r"^(-r|--requirement|-c|--constraint)[ =]*(.+)$", line)
        if option and "://" not in option.group(2):
            is_constraint = option.group(1) in ("-c", "--constraint")
            inner = self.constraints if is_constraint else target
            self.read(os.path.join(folder, option.group(2).strip("\"'")), inner)
        elif line.startswith("-") and not re.match(r"^(-e|--editable)[ =]", line):
            self.take_option(line, folder)
        else:
            self.take_requirement(line, folder, target)

    def take_option(self, line, folder):
        if "download.pytorch.org" in line:
            return
        found = re.match(r"^(-f|--find-links)[ =]+(.+)$", line)
        self.requirements.append(f"--find-links {as_path(found.group(2), folder)}" if found else line)

    def take_requirement(self, line, folder, target):
        name = name_of(line)
        if name is not None and is_left_out(name):
            if name not in self.left_out:
                self.left_out.append(name)
            return
        if name == "onnxruntime-gpu" and self.accelerator != "cuda":
            line = re.sub(r"(?i)^onnxruntime[-_.]+gpu\s*(\[[^\]]*\])?", "onnxruntime", line)
        editable = re.match(r"^(-e|--editable)[ =]+(.+)$", line)
        if editable:
            line = f"-e {as_path(editable.group(2), folder)}"
        elif line.startswith(("./", "../")) or line in (".", ".."):
            line = as_path(line, folder)
        target.append(line)


def write(path, lines):
    with open(path + ".new", "w", encoding="utf-8") as target:
        target.writelines(f"{line}\n" for line in lines)
    os.replace(path + ".new", path)


def main():
    accelerator, folder, *files = sys.argv[1:]
    found = Filter(accelerator)
    try:
        for file in files:
            found.read(file, found.requirements)
    except OSError as error:
        sys.exit(f"error: the requirements cannot be read: {error.strerror}: {error.filename}")
    write(os.path.join(folder, "requirements.txt"), found.requirements)
    write(os.path.join(folder, "constraints.txt"), found.constraints)
    if found.left_out:
        print("Left out, because they belong to the accelerator: " + ", ".join(found.left_out))


if __name__ == "__main__":
    main()
