"""Makes a Python environment (venv of python or uv, or conda) work at another path than the one that it was made at.

    python3 -I -S relocate-env.py OLD NEW [AT]

OLD is where it was, NEW where it is; both are the folders of the environment. AT is where it lies meanwhile, when it
will be at NEW later only. Rewritten: first lines of scripts, activate
scripts, pyvenv.cfg, .pth files, finders and direct_url.json of editable installs, symbolic links, and what conda-meta says
holds conda's prefix, binaries included. Editable installs may lie beside the environment, in the same instance's folder:
they are looked for there.

May be interrupted and run again. A file that is rewritten is a new one under the old name: where it is hard-linked with
another environment's, that one keeps its own. Needs nothing but the standard library.
"""

import json
import os
import re
import shlex
import stat
import sys
import urllib.parse

# The kernel reads that much of a script's first line.
SHEBANG_BYTES = 127
SMALL_BYTES = 8 << 20


class Mapping:
    """Replaces a path, where it stands as a whole, by another; what was replaced before is left alone."""

    def __init__(self, old, new):
        pairs = {}
        for form in (str, urllib.parse.quote, quoted_for_shell, quoted_for_python):
            before, after = os.fsencode(form(old)), os.fsencode(form(new))
            pairs.setdefault(before, after)
        self.pairs = pairs
        # The longest first: one path may begin with the other.
        known = sorted({*pairs, *pairs.values()}, key=len, reverse=True)
        self.pattern = re.compile(b"(" + b"|".join(map(re.escape, known)) + rb")(?![\w.+@%-])")

    def replace(self, content):
        return self.pattern.sub(lambda found: self.pairs.get(found.group(1), found.group(1)), content)

    def path(self, path):
        return os.fsdecode(self.replace(os.fsencode(path)))


def quoted_for_shell(path):
    return path.replace("'", "'\"'\"'")


def quoted_for_python(path):
    return path.replace("\\", "\\\\").replace("'", "\\'")


def read(path):
    with open(path, "rb") as source:
        return source.read()


def rewrite(path, content):
    """Under a new inode, with the old mode and owner."""
    facts = os.lstat(path)
    fresh = f"{path}.relocated"
    if os.path.lexists(fresh):
        os.unlink(fresh)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            os.fchmod(target.fileno(), stat.S_IMODE(facts.st_mode))
            if os.geteuid() == 0:
                os.fchown(target.fileno(), facts.st_uid, facts.st_gid)
        os.replace(fresh, path)
    except BaseException:
        if os.path.lexists(fresh):
            os.unlink(fresh)
        raise


def is_plain(path):
    try:
        facts = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_size <= SMALL_BYTES


def entries(folder):
    try:
        return sorted(os.path.join(folder, name) for name in os.listdir(folder) if not name.endswith(".relocated"))
    except OSError:
        return []


def rewrite_text(path, *mappings):
    if not is_plain(path):
        return
    before = read(path)
    if b"\0" in before:
        return
    after = before
    for mapping in mappings:
        after = mapping.replace(after)
    if after != before:
        rewrite(path, after)


# --- scripts ---------------------------------------------------------------------------------------------------------

# A first line that is too long or holds a space: sh starts the Python, to which the same line is a string.
TRAMPOLINE = re.compile(rb"\A#!/bin/sh\n'''exec' (.+?) \"\$0\" \"\$@\"\n' '''\n", re.DOTALL)


def rewrite_script(path, mapping):
    """A file of bin: its interpreter, and the environment's path wherever it stands."""
    if not is_plain(path):
        return
    before = read(path)
    # A launcher, or a zip file with a first line: only that line.
    if b"\0" in before:
        first, mark, rest = before.partition(b"\n")
        if before.startswith(b"#!") and mark:
            after = with_shebang(mapping.replace(first)[2:]) + rest
            if after != before:
                rewrite(path, after)
        return
    found = TRAMPOLINE.match(before)
    if found:
        interpreter = mapping.replace(unquoted(found.group(1)))
        after = with_shebang(interpreter) + mapping.replace(before[found.end() :])
    elif before.startswith(b"#!/") and b"/python" in before.split(b"\n", 1)[0]:
        first, _, rest = before.partition(b"\n")
        moved = mapping.replace(first)
        after = (with_shebang(moved[2:]) if moved != first else first + b"\n") + mapping.replace(rest)
    else:
        after = mapping.replace(before)
    if after != before:
        rewrite(path, after)


def unquoted(word):
    try:
        return os.fsencode(shlex.split(os.fsdecode(word))[0])
    except (ValueError, IndexError):
        return word.strip(b"\"'")


def with_shebang(command):
    """The first line, or the first three. `command` may hold an option behind the interpreter."""
    line = b"#!" + command + b"\n"
    path = re.sub(rb"(/python[0-9.]*)( -\S+)?$", rb"\1", command)
    if len(line) <= SHEBANG_BYTES and not re.search(rb"\s", path):
        return line
    options = command[len(path) :]
    quoted = os.fsencode(shlex.quote(os.fsdecode(path)))
    if not quoted.startswith(b"'") or b"'''" in quoted or b"'\"'\"'" in quoted:
        quoted = b'"' + re.sub(rb'([\\"$`])', rb"\\\1", path) + b'"'
    return b"#!/bin/sh\n'''exec' " + quoted + options + b' "$0" "$@"\n' + b"' '''\n"


ACTIVATE = re.compile(rb"""^(\s*(?:export |set -gx |setenv )?VIRTUAL_ENV[= ]+)("[^"\n]*"|'[^\n]*'|[^\s;"']+)""", re.MULTILINE)


def rewrite_activate(path, mapping, new):
    """What a shell reads. Where the value is the environment's path, it is written anew, with the quotes that it needs."""
    if not is_plain(path):
        return
    before = read(path)

    def replaced(found):
        value = unquoted(found.group(2))
        if mapping.replace(value) != os.fsencode(new):
            return found.group(0)
        return found.group(1) + os.fsencode(shlex.quote(new))

    after = ACTIVATE.sub(replaced, before) if os.path.basename(path) == "activate" else before
    after = mapping.replace(after)
    if after != before:
        rewrite(path, after)


# --- editable installs -----------------------------------------------------------------------------------------------


def site_folders(env):
    for lib in ("lib", "lib64"):
        folder = os.path.join(env, lib)
        if os.path.islink(folder):
            continue
        for inner in entries(folder):
            if os.path.basename(inner).startswith("python"):
                yield os.path.join(inner, "site-packages")


def rewrite_site(site, *mappings):
    for path in entries(site):
        name = os.path.basename(path)
        if name.endswith((".pth", ".egg-link")) or (name.startswith("__editable__") and name.endswith(".py")):
            rewrite_text(path, *mappings)
            if name.endswith(".py"):
                drop_compiled(path)
        elif name.endswith(".dist-info"):
            rewrite_text(os.path.join(path, "direct_url.json"), *mappings)


def drop_compiled(path):
    """Python compares times and sizes; both may be what they were."""
    folder, name = os.path.split(path)
    for compiled in entries(os.path.join(folder, "__pycache__")):
        if os.path.basename(compiled).startswith(name[: -len("py")]):
            os.unlink(compiled)


# --- links -----------------------------------------------------------------------------------------------------------


def rewrite_links(env, mapping):
    """Those that lead into the environment by its old path. Only where environments have such."""
    for folder in (env, os.path.join(env, "bin"), os.path.join(env, "lib")):
        for path in entries(folder):
            if not os.path.islink(path):
                continue
            before = os.readlink(path)
            after = mapping.path(before)
            if after != before:
                fresh = f"{path}.relocated"
                if os.path.lexists(fresh):
                    os.unlink(fresh)
                os.symlink(after, fresh)
                os.replace(fresh, path)


# --- conda -----------------------------------------------------------------------------------------------------------


class TooLong(Exception):
    pass


def replace_in_binary(content, old, new, room):
    """Strings end with a NUL; conda padded each to the length of its placeholder, `room` bytes an occurrence.

    https://docs.conda.io/projects/conda-build/en/latest/resources/make-relocatable.html
    """

    def replaced(found):
        body = found.group(1)
        count = body.count(old)
        fresh = body.replace(old, new)
        pad = len(body) + len(found.group(2)) - len(fresh)
        spare = count * (room - len(old))
        # What is beyond the padding belongs to something else.
        if len(fresh) - len(body) > spare or pad < 1:
            raise TooLong
        return fresh + b"\0" * pad

    return re.sub(b"([^\\0]*" + re.escape(old) + b"[^\\0]*)(\\0+)", replaced, content)


def rewrite_conda(env, mapping, old, new):
    old_bytes, new_bytes = os.fsencode(old), os.fsencode(new)
    for meta in entries(os.path.join(env, "conda-meta")):
        if not meta.endswith(".json") or not is_plain(meta):
            continue
        try:
            paths = json.loads(read(meta)).get("paths_data", {}).get("paths", [])
        except (ValueError, AttributeError):
            continue
        for entry in paths:
            placeholder, name = entry.get("prefix_placeholder"), entry.get("_path")
            if not placeholder or not isinstance(name, str):
                continue
            path = os.path.normpath(os.path.join(env, name))
            if not path.startswith(env + os.sep) or os.path.islink(path) or not os.path.isfile(path):
                continue
            if entry.get("file_mode") == "binary":
                rewrite_conda_binary(path, old_bytes, new_bytes, len(os.fsencode(placeholder)))
            elif name.startswith("bin/"):
                rewrite_script(path, mapping)
            else:
                rewrite_text(path, mapping)
        rewrite_text(meta, mapping)
    rewrite_text(os.path.join(env, "conda-meta", "history"), mapping)


def rewrite_conda_binary(path, old, new, room):
    if len(new) > room:
        raise SystemExit(f"error: the new path is too long for a conda environment: at most {room} bytes.")
    before = read(path)
    # Of two paths of which one begins with the other, only the marks at the end tell which one stands there.
    if old not in before or (new.startswith(old) and new in before):
        return
    try:
        after = replace_in_binary(before, old, new, room)
    except TooLong:
        raise SystemExit(f"error: {os.fsdecode(path)!r} has no room for the new path.") from None
    rewrite(path, after)


# --- all of it -------------------------------------------------------------------------------------------------------


def relocate(old, new, at):
    if old == new:
        return
    mapping = Mapping(old, new)
    mappings = [mapping]
    old_home, new_home = os.path.dirname(old), os.path.dirname(new)
    if old_home not in ("", "/") and new_home not in ("", "/") and old_home != new_home:
        mappings.append(Mapping(old_home, new_home))
    rewrite_links(at, mapping)
    for path in entries(os.path.join(at, "bin")):
        if os.path.basename(path).lower().startswith("activate"):
            rewrite_activate(path, mapping, new)
        elif not os.path.islink(path):
            rewrite_script(path, mapping)
    rewrite_text(os.path.join(at, "pyvenv.cfg"), mapping)
    for site in site_folders(at):
        rewrite_site(site, *mappings)
    if os.path.isdir(os.path.join(at, "conda-meta")):
        rewrite_conda(at, mapping, old, new)
    # A Python that conda brought for a venv.
    if os.path.isdir(os.path.join(at, ".python", "conda-meta")):
        relocate(*(os.path.join(path, ".python") for path in (old, new, at)))
    place = os.path.join(at, ".aikore-place")
    if os.path.lexists(place):
        rewrite(place, os.fsencode(new) + b"\n.")


def main():
    if len(sys.argv) not in (3, 4) or not all(map(os.path.isabs, sys.argv[1:])):
        sys.exit("usage: relocate-env.py OLD NEW [AT] (absolute paths)")
    old, new, at = (path.rstrip("/") or "/" for path in (*sys.argv[1:3], sys.argv[-1]))
    if not os.path.isdir(at) or os.path.islink(at):
        sys.exit(f"error: {at!r} is not a folder.")
    try:
        relocate(old, new, at)
    except OSError as error:
        sys.exit(f"error: {error.strerror}: {error.filename!r}")


if __name__ == "__main__":
    main()
