import type { BlueprintMetadata } from '../../../contracts/blueprint.js';
import { cleanText, shorten } from './clean-text.js';
import { readMetadataBlock } from './metadata-block.js';
import type { Reading } from './metadata-values.js';
import * as values from './metadata-values.js';
import { readVariable } from './metadata-variable.js';

const MAX_NAME_LENGTH = 80;
const MAX_CATEGORY_LENGTH = 40;
const MAX_DESCRIPTION_LENGTH = 500;
const MAX_UNKNOWN_LENGTH = 500;
const MAX_UNKNOWN = 64;
const MAX_VARIABLES = 64;
const MAX_PROBLEMS = 20;
const DEFAULT_CATEGORY = 'Other';
const VARIABLE_PREFIX = 'var.';

/** A line of a metadata block that deserves a word. */
export interface MetadataFinding {
  /** From 1. */
  line: number;
  level: 'warning' | 'info';
  message: string;
}

type Reader = (metadata: BlueprintMetadata, value: string) => string | null;

/** Turns a reader of one value into one that stores it, or hands back the sentence about what is wrong. */
function store<T>(
  read: (value: string) => Reading<T>,
  assign: (metadata: BlueprintMetadata, value: T) => void,
): Reader {
  return (metadata, value) => {
    const reading = read(value);
    if (!reading.ok) return reading.problem;
    assign(metadata, reading.value);
    return null;
  };
}

/** Text that may not be empty, cut to `maxLength` characters. */
const text = (key: 'name' | 'category' | 'description', maxLength: number): Reader => {
  return (metadata, value) => {
    if (value !== '') metadata[key] = shorten(value, maxLength);
    return Array.from(value).length > maxLength
      ? `"${key}" is longer than ${maxLength} characters and was cut.`
      : null;
  };
};

const size = (key: 'vram' | 'disk', column: 'vram_bytes' | 'disk_bytes'): Reader =>
  store(
    (value) => values.readSize(key, value),
    (metadata, bytes) => (metadata[column] = bytes),
  );

const desktop = store(values.readDesktop, (metadata, value) => (metadata.desktop = value));

const READERS = new Map<string, Reader>([
  ['name', text('name', MAX_NAME_LENGTH)],
  ['category', text('category', MAX_CATEGORY_LENGTH)],
  ['description', text('description', MAX_DESCRIPTION_LENGTH)],
  ['venv_type', store(values.readVenvType, (metadata, value) => (metadata.venv_type = value))],
  ['venv_path', store(values.readVenvPath, (metadata, value) => (metadata.venv_path = value))],
  ['probe', store(values.readProbe, (metadata, value) => (metadata.probe = value))],
  ['proxy.mode', store(values.readProxyMode, (metadata, value) => (metadata.proxy_mode = value))],
  ['repository', store(values.readRepository, (metadata, value) => (metadata.repository = value))],
  ['vram', size('vram', 'vram_bytes')],
  ['disk', size('disk', 'disk_bytes')],
  ['package', store(values.readPackage, (metadata, value) => (metadata.package = value))],
  // The key under which blueprints written for the original AiKore say the same.
  ['persistent_mode', desktop],
  ['desktop', desktop],
]);

/**
 * Reads the block between `### AIKORE-METADATA-START ###` and `### AIKORE-METADATA-END ###`. A script without one gets
 * the defaults. Never throws, whatever the text: a bad value is a sentence in `problems` and leaves its default in place.
 * @param filename the blueprint's file name, from which its name is taken when the block gives none
 */
export function parseMetadata(text: string, filename: string): BlueprintMetadata {
  const { metadata, problems } = parse(text, filename);
  return { ...metadata, problems: problems.slice(0, MAX_PROBLEMS).map(({ sentence }) => sentence) };
}

/** What is to be said of a metadata block, line by line: what is wrong with it, and keys that AiKore does not know. */
export function checkMetadata(text: string): MetadataFinding[] {
  const { metadata, problems, lineOf } = parse(text, '');
  const wrong = problems.map(({ line, sentence }) => ({
    line,
    level: 'warning' as const,
    message: sentence,
  }));
  const unknown = Object.keys(metadata.unknown).map((key) => ({
    line: lineOf.get(key) ?? 1,
    level: 'info' as const,
    message: `AiKore does not know the key "aikore.${key}"; it has no effect.`,
  }));
  return [...wrong, ...unknown];
}

function parse(text: string, filename: string) {
  const { entries, lineOf, problems } = readMetadataBlock(text);
  const metadata = defaults(filename);
  for (const [key, value] of entries) {
    const sentence = readEntry(metadata, key, value);
    if (sentence !== null) problems.push({ line: lineOf.get(key) ?? 1, sentence });
  }
  // A program with windows rarely listens on a port; whose does says so.
  if (metadata.desktop && !entries.has('probe')) metadata.probe = { type: 'process' };
  const shim = readShim(entries.get('proxy.shim'), metadata);
  metadata.proxy_shim = shim.isOn;
  if (shim.problem !== null) problems.push({ line: lineOf.get('proxy.shim') ?? 1, sentence: shim.problem });
  return { metadata, problems, lineOf };
}

function defaults(filename: string): BlueprintMetadata {
  return {
    name: shorten(cleanText(filename.replace(/\.sh$/i, '')), MAX_NAME_LENGTH),
    category: DEFAULT_CATEGORY,
    description: '',
    venv_type: null,
    venv_path: null,
    probe: { type: 'http', path: '/' },
    proxy_mode: 'strip',
    proxy_shim: true,
    desktop: false,
    repository: null,
    vram_bytes: null,
    disk_bytes: null,
    package: null,
    variables: [],
    unknown: {},
    problems: [],
  };
}

function readEntry(metadata: BlueprintMetadata, key: string, value: string): string | null {
  const name = key.toLowerCase();
  if (name === 'proxy.shim') return null;
  if (name.startsWith(VARIABLE_PREFIX))
    return addVariable(metadata, key.slice(VARIABLE_PREFIX.length), value);
  const reader = READERS.get(name);
  if (reader) return reader(metadata, value);
  if (Object.keys(metadata.unknown).length < MAX_UNKNOWN)
    metadata.unknown[key] = shorten(value, MAX_UNKNOWN_LENGTH);
  return null;
}

function addVariable(metadata: BlueprintMetadata, name: string, declaration: string): string | null {
  const reading = readVariable(name, declaration);
  if (!reading.ok) return reading.problem;
  if (metadata.variables.length >= MAX_VARIABLES)
    return `There are more than ${MAX_VARIABLES} variables; "${name}" was left out.`;
  metadata.variables.push(reading.value);
  return null;
}

/** Read last, because `auto` depends on the proxy mode: an application that knows its prefix needs no help with it. */
function readShim(
  value: string | undefined,
  { proxy_mode: mode }: BlueprintMetadata,
): { isOn: boolean; problem: string | null } {
  const auto = mode !== 'keep';
  if (value === undefined) return { isOn: auto, problem: null };
  const reading = values.readShim(value);
  return reading.ok
    ? { isOn: reading.value ?? auto, problem: null }
    : { isOn: auto, problem: reading.problem };
}
