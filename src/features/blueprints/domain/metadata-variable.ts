import type { BlueprintVariable, BlueprintVariableType } from '../../../contracts/blueprint.js';
import { shorten } from './clean-text.js';
import type { Reading } from './metadata-values.js';
import { toBoolean } from './metadata-values.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** `choice(a|b)` or a plain type, then perhaps a quoted default, then the description. */
const DECLARATION = /^([a-z]+)(?:\(([^()]*)\))?(?:\s+"((?:[^"\\]|\\.)*)")?(?:\s+([^"\s].*))?$/i;
const PLAIN_TYPES = ['string', 'integer', 'number', 'boolean', 'secret'] as const;
const MAX_CHOICES = 50;
const MAX_VALUE_LENGTH = 500;
const MAX_DESCRIPTION_LENGTH = 300;

/** What AiKore itself sets for every instance; a form that offered them would promise what cannot be. */
const RESERVED = new Set([
  ...['INSTANCE_NAME', 'INSTANCE_CONF_DIR', 'INSTANCE_OUTPUT_DIR', 'WEBUI_PORT', 'BLUEPRINT_ID', 'SUBFOLDER'],
  ...[
    'CUDA_VISIBLE_DEVICES',
    'CUDA_DEVICE_ORDER',
    'TMPDIR',
    'DISPLAY',
    'BASE_DIR',
    'SD_INSTALL_DIR',
    'PATH',
    'HOME',
  ],
  // They are settings of every instance.
  ...['PYTHON_VERSION', 'CUDA_VERSION', 'TORCH_VERSION', 'GIT_REF'],
]);

/**
 * Reads `aikore.var.<name> = <type> ["<default>"] <description>`. Types: `string`, `integer`, `number`, `boolean`, `secret`
 * and `choice(a|b|c)`; in the default, `\"` and `\\` stand for a quote and a backslash.
 */
export function readVariable(name: string, declaration: string): Reading<BlueprintVariable> {
  const refuse = (reason: string) => ({ ok: false, problem: `"var.${name}" ${reason}` }) as const;
  if (!NAME.test(name)) return refuse('is not a name for an environment variable.');
  if (RESERVED.has(name) || name.startsWith('AIKORE_')) return refuse('is a name that AiKore sets itself.');
  const match = DECLARATION.exec(declaration);
  const type = match ? readType(match[1] ?? '', match[2]) : null;
  if (!match || !type) {
    return refuse(
      'must read like: string "default" description; types are string, integer, number, boolean, secret, choice(a|b).',
    );
  }
  const value = readDefault(type, (match[3] ?? '').replace(/\\(.)/g, '$1'));
  if (value === null) return refuse(`has a default that is no ${type.type}.`);
  const description = shorten(match[4]?.trim() ?? '', MAX_DESCRIPTION_LENGTH);
  return { ok: true, value: { name, type: type.type, default: value, description, choices: type.choices } };
}

interface VariableType {
  type: BlueprintVariableType;
  choices: string[];
}

function readType(word: string, list: string | undefined): VariableType | null {
  const type = word.toLowerCase();
  if (type === 'choice') {
    const choices = [...new Set((list ?? '').split('|').map((choice) => choice.trim()))];
    const isUsable = choices.length <= MAX_CHOICES && !choices.includes('');
    return isUsable ? { type, choices } : null;
  }
  const plain = PLAIN_TYPES.find((known) => known === type);
  return plain !== undefined && list === undefined ? { type: plain, choices: [] } : null;
}

/** The default as it would stand in the environment, or null when it does not fit its type. */
function readDefault({ type, choices }: VariableType, value: string): string | null {
  if (value.length > MAX_VALUE_LENGTH) return null;
  if (type === 'boolean') return value === '' ? 'false' : (toBoolean(value)?.toString() ?? null);
  if (type === 'choice') return value === '' ? (choices[0] ?? null) : choices.includes(value) ? value : null;
  if (value === '') return value;
  if (type === 'integer' && !/^[+-]?\d{1,15}$/.test(value)) return null;
  if (type === 'number' && !/^[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:e[+-]?\d{1,3})?$/i.test(value))
    return null;
  return value;
}
