import { describe, expect, it } from '@jest/globals';
import type { BlueprintVariable, BlueprintVariableType } from '../../../src/contracts/blueprint.js';
import { isUnusual, partEnv, valueToStore, variableProblem } from './variables.js';

const variable = (type: BlueprintVariableType, usual = '', choices: string[] = []): BlueprintVariable => ({
  name: 'OPTION',
  type,
  default: usual,
  description: '',
  choices,
});

describe('a value of a variable', () => {
  it.each([
    ['integer', '512'],
    ['integer', '-3'],
    ['integer', ''],
    ['number', '.5'],
    ['number', '1e-4'],
    ['string', '‮ <img src=x onerror=alert(1)> '],
    ['secret', ''],
  ] as const)('of type %s may be %j', (type, text) => {
    expect(variableProblem(variable(type), text)).toBeNull();
  });

  it.each([
    ['integer', '1.5'],
    ['integer', '1'.repeat(16)],
    ['integer', '$(id)'],
    ['number', '0,5'],
    ['number', 'NaN'],
    ['string', 'x'.repeat(32_769)],
  ] as const)('of type %s may not be %j', (type, text) => {
    expect(variableProblem(variable(type), text)).toEqual(expect.stringMatching(/\.$/));
  });

  it('is one of the choices', () => {
    const precision = variable('choice', 'fp16', ['fp8', 'fp16']);
    expect(variableProblem(precision, 'fp8')).toBeNull();
    expect(variableProblem(precision, 'fp32')).not.toBeNull();
  });
});

describe('what is stored of a field', () => {
  it('is nothing where it says what the blueprint says', () => {
    expect(valueToStore(variable('string', 'a'), 'a', undefined)).toBeUndefined();
    expect(valueToStore(variable('boolean', 'true'), 'true', undefined)).toBeUndefined();
    expect(valueToStore(variable('integer', '5'), '', undefined)).toBeUndefined();
    expect(valueToStore(variable('integer', '5'), '', '7')).toBeUndefined();
    expect(valueToStore(variable('string', 'a'), 'a', 'b')).toBeUndefined();
  });

  it('is what it says else, an emptied text too', () => {
    expect(valueToStore(variable('string', 'a'), '', undefined)).toBe('');
    expect(valueToStore(variable('boolean', 'true'), 'false', undefined)).toBe('false');
  });

  it('stays as somebody wrote it while the field says the same', () => {
    expect(valueToStore(variable('boolean', 'false'), 'true', 'yes')).toBe('yes');
    expect(valueToStore(variable('boolean', 'true'), 'true', '1')).toBe('1');
    expect(valueToStore(variable('string', 'a'), 'a', 'a')).toBe('a');
  });

  it('tells whether a field says something of its own', () => {
    expect(isUnusual(variable('boolean', 'true'), 'on')).toBe(false);
    expect(isUnusual(variable('string', 'a'), 'b')).toBe(true);
  });
});

describe('an environment', () => {
  it('is parted into what fields show and what stays text', () => {
    const declared = [
      { ...variable('boolean'), name: 'FAST' },
      { ...variable('boolean'), name: 'SLOW' },
      { ...variable('string'), name: 'TEXT' },
    ];
    const { known, rest } = partEnv({ FAST: 'yes', SLOW: 'perhaps', TEXT: 'a\nb', HF_HOME: '/x' }, declared);
    expect([...known]).toEqual([['FAST', 'yes']]);
    expect(rest).toEqual({ SLOW: 'perhaps', TEXT: 'a\nb', HF_HOME: '/x' });
  });

  it('has no variable that only objects have', () => {
    const named = [{ ...variable('string'), name: 'constructor' }];
    expect([...partEnv({}, named).known]).toEqual([]);
  });
});
