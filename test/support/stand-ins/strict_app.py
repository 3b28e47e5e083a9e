"""Stands in for an application: takes exactly its command line, and answers on the address that it was given.

SPEC comes from the line that is put before this text: see strict-program.ts. Ends with 2 when the command line is not one
that the real application takes, with 3 when something that it needs is not installed or not set, and with 4 when it would
be reachable from outside the machine.
"""
import argparse
import importlib
import importlib.metadata
import json
import os
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def existing_folder(text):
    if not os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a folder")
    return text


def existing_file(text):
    if not os.path.isfile(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a file")
    return text


KINDS = {"INT": int, "FLOAT": float, "TEXT": str, "FOLDER": existing_folder, "FILE": existing_file}


def add_option(parser, line):
    """One line: `-l, --listen [TEXT]`, `--port INT !`, `--fast {a,b}...`, `--cpu`; `!` stands for required."""
    words = line.split()
    is_required = "!" in words
    names = [word.rstrip(",") for word in words if word.startswith("-")]
    value = next((word for word in words if word != "!" and not word.startswith("-")), None)
    if not names:
        names, value = [value.split(":")[0]], value.split(":")[1]
    is_named = names[0].startswith("-")
    more = {"required": True} if is_required and is_named else {}
    if value is None:
        parser.add_argument(*names, action="store_true", **more)
        return
    is_optional = value.startswith("[")
    kind = re.sub(r"[\[\].]", "", value)
    if value.endswith("..."):
        more["nargs"] = "*" if is_optional else "+"
    elif is_optional:
        more.update(nargs="?", const=True)
    if kind.startswith("{"):
        more["choices"] = kind.strip("{}").split(",")
    else:
        more["type"] = KINDS[kind]
    parser.add_argument(*names, **more)


def parse():
    parser = argparse.ArgumentParser(prog=SPEC["name"], allow_abbrev=False, add_help=False)
    for line in SPEC["options"].splitlines():
        if line.strip():
            add_option(parser, line.strip())
    return parser.parse_args(sys.argv[1:])


def end(code, sentence):
    print(f"{SPEC['name']}: {sentence}", file=sys.stderr, flush=True)
    sys.exit(code)


def value_of(sources, arguments):
    """The first of `--option`, `ENVIRONMENT_VARIABLE` and `=constant` that says something."""
    for source in sources:
        if source.startswith("="):
            return source[1:]
        if source.startswith("-"):
            value = vars(arguments).get(source.lstrip("-").replace("-", "_"))
            if value is True:
                return "0.0.0.0"  # all addresses: what a bare --listen means everywhere
        else:
            value = os.environ.get(source)
        if value not in (None, False, ""):
            return str(value)
    return None


def version_of(module):
    try:
        found = importlib.import_module(module)
    except ImportError as error:
        end(3, f"{error}")
    return getattr(found, "__version__", "")


def revision():
    """What the checkout, or the package, is at."""
    if SPEC.get("distribution"):
        return importlib.metadata.version(SPEC["distribution"])
    # A program that lies elsewhere is told by the folder that it is run in.
    below = SPEC.get("revisionBelow")
    folder = os.path.abspath(below) if below else os.path.dirname(os.path.realpath(__file__))
    while True:
        file = os.path.join(folder, ".revision")
        if os.path.isfile(file):
            with open(file, encoding="utf-8") as opened:
                return opened.read().strip()
        if folder == "/":
            return ""
        folder = os.path.dirname(folder)


def facts(arguments):
    for name in SPEC["environment"]:
        if name not in os.environ:
            end(3, f"{name} is not set")
    return {
        "words": sys.argv[1:],
        "arguments": vars(arguments),
        "environment": dict(os.environ),
        "cwd": os.getcwd(),
        "prefix": sys.prefix,
        "versions": {module: version_of(module) for module in SPEC["needs"]},
        "revision": revision(),
        # The script became this program (exec), and what it did itself, with the programs that it waited for, is in here.
        "cpu_seconds": sum(os.times()[:4]),
    }


def write_facts(known):
    file = os.path.join(os.environ["INSTANCE_CONF_DIR"], "stand-in.json")
    if os.environ.get("AIKORE_SATELLITE") == "1":
        file = os.path.join(os.environ["TMPDIR"], "stand-in.json")
    with open(file + ".new", "w", encoding="utf-8") as opened:
        json.dump(known, opened)
    os.replace(file + ".new", file)


def serve(host, port, prefix, known):
    pages = {prefix.rstrip("/") + page for page in SPEC["pages"]}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            is_known = self.path.split("?")[0] in pages
            body = f"<!doctype html><title>{SPEC['name']} {known['revision']}</title>".encode()
            self.send_response(200 if is_known else 404)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer((host, int(port)), Handler)
    print(f"{SPEC['name']} serves on {host}:{port}", flush=True)
    server.serve_forever()


def main():
    arguments = parse()
    if any(getattr(arguments, name) == value for name, value in SPEC["ends"].items()):
        print(f"{SPEC['name']} has done {' '.join(sys.argv[1:])}", flush=True)
        return
    known = facts(arguments)
    if not SPEC["serves"]:
        write_facts(known)
        while True:
            time.sleep(60)
    host, port = value_of(SPEC["host"], arguments), value_of(SPEC["port"], arguments)
    if host not in ("127.0.0.1", "localhost"):
        end(4, f"it would listen on {host}")
    if port is None:
        end(2, "it was told no port")
    write_facts(known)
    serve("127.0.0.1", port, value_of(SPEC["prefix"], arguments) or "/", known)


if __name__ == "__main__":
    main()
