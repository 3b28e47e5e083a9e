import { describe, expect, it } from '@jest/globals';
import { readVariable } from './metadata-variable.js';

const read = (declaration: string, name = 'OPTION') => {
  const reading = readVariable(name, declaration);
  return reading.ok ? reading.value : reading.problem;
};

describe('readVariable', () => {
  it.each([
    ['string "a \\"quoted\\" \\\\ word" What it does', 'string', 'a "quoted" \\ word', 'What it does'],
    ['string', 'string', '', ''],
    ['secret "" Token of the hub', 'secret', '', 'Token of the hub'],
    ['integer "512" Steps', 'integer', '512', 'Steps'],
    ['number "0.5"', 'number', '0.5', ''],
    ['boolean "on" Faster', 'boolean', 'true', 'Faster'],
    ['boolean Slower', 'boolean', 'false', 'Slower'],
  ])('reads %j', (declaration, type, value, description) => {
    expect(read(declaration)).toEqual({ name: 'OPTION', type, default: value, description, choices: [] });
  });

  it('takes the first choice where none is named', () => {
    expect(read('choice(fp8 | fp16 |fp8) Precision')).toEqual({
      name: 'OPTION',
      type: 'choice',
      default: 'fp8',
      description: 'Precision',
      choices: ['fp8', 'fp16'],
    });
  });

  it.each([
    '',
    'text "a"',
    'string "open',
    'string "a" "b"',
    'string(a|b)',
    'choice',
    'choice()',
    'choice(a||b)',
    'choice(a|b) "c"',
    'integer "1.5"',
    'number "abc"',
    'boolean "maybe"',
    `string "${'x'.repeat(501)}"`,
  ])('refuses %j', (declaration) => {
    expect(read(declaration)).toEqual(expect.stringContaining('"var.OPTION"'));
  });

  it.each(['1A', 'A-B', '', 'A.B', 'WEBUI_PORT', 'AIKORE_FUNCTIONS', 'PATH'])(
    'refuses the name %j',
    (name) => {
      expect(read('string', name)).toEqual(expect.stringContaining(`"var.${name}"`));
    },
  );
});
