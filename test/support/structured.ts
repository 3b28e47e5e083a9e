import { execFileSync } from 'node:child_process';

// Debian's Python reads both formats, and its parser of YAML comes with docker-compose: no package of ours is needed.
const PYTHON = '/usr/bin/python3';

const YAML = 'import json, sys, yaml; json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout)';
const XML = `
import json, sys, xml.etree.ElementTree as tree
def plain(node): return {"name": node.tag, "attributes": node.attrib, "text": (node.text or "").strip(), "children": [plain(child) for child in node]}
json.dump(plain(tree.fromstring(sys.stdin.read())), sys.stdout)
`;

/** An element of XML. */
export interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
}

/** @returns the documents of a text in YAML. @throws Error when it is none */
export function readYamlDocuments(text: string): unknown[] {
  return python(YAML, text) as unknown[];
}

/** @returns the only document of a text in YAML. @throws Error when it is none */
export function readYaml(text: string): unknown {
  const [document, ...more] = readYamlDocuments(text);
  if (more.length > 0) throw new Error('there is more than one document');
  return document;
}

/** @returns the root element. @throws Error when the text is no XML */
export function readXml(text: string): Element {
  return python(XML, text) as Element;
}

function python(program: string, input: string): unknown {
  return JSON.parse(execFileSync(PYTHON, ['-c', program], { input, encoding: 'utf8' }));
}
