const START = '### AIKORE-METADATA-START ###';
const END = '### AIKORE-METADATA-END ###';
const NAME = /^#[ \t]*aikore\.name[ \t]*=[ \t]*(.*)$/;

interface Block {
  lines: string[];
  /** Indexes of the first line inside and of the closing line. */
  from: number;
  to: number;
}

/** The name that a script's metadata block gives it, `""` when it gives none. */
export function metadataName(script: string): string {
  const block = blockOf(script);
  if (!block) return '';
  for (const line of block.lines.slice(block.from, block.to)) {
    const match = NAME.exec(line.trim());
    if (match) return (match[1] ?? '').trim();
  }
  return '';
}

/** The script with this name in its metadata block, which is made when there is none. Nothing else is changed. */
export function withMetadataName(script: string, name: string): string {
  const line = `# aikore.name = ${name.replace(/[\r\n]+/g, ' ').trim()}`;
  const block = blockOf(script);
  if (!block) return withNewBlock(script, line);
  const { lines, from, to } = block;
  const at = lines.findIndex((text, index) => index >= from && index < to && NAME.test(text.trim()));
  if (at >= 0) lines[at] = line;
  else lines.splice(from, 0, line);
  return lines.join('\n');
}

function blockOf(script: string): Block | null {
  const lines = script.split('\n');
  const start = lines.findIndex((line) => line.trim() === START);
  if (start < 0) return null;
  const end = lines.findIndex((line, index) => index > start && line.trim() === END);
  return end < 0 ? null : { lines, from: start + 1, to: end };
}

function withNewBlock(script: string, line: string): string {
  const block = `${START}\n${line}\n${END}\n`;
  const shebang = /^#!.*\n/.exec(script)?.[0] ?? '';
  return shebang + block + script.slice(shebang.length);
}

/** What a new custom blueprint begins with. */
export function emptyBlueprint(name: string): string {
  return `#!/usr/bin/env bash
${START}
# aikore.name = ${name}
# aikore.category = My blueprints
# aikore.description = What it does, in a sentence.
# aikore.venv_type = python
# aikore.venv_path = ./env
# aikore.probe = http /
${END}

set -euo pipefail
# shellcheck source=/dev/null
source "$AIKORE_FUNCTIONS"

aikore_step "Preparing the environment"
clean_env ./env
if [[ ! -d ./env ]]; then
  python3 -m venv ./env
fi
source ./env/bin/activate

aikore_step "Starting"
# The program has to listen on 127.0.0.1 and the port in $WEBUI_PORT.
exec python -m http.server --bind 127.0.0.1 "$WEBUI_PORT"
`;
}
