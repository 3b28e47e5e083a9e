import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ACCESS_MATRIX } from '../../access-matrix.js';
import { ROUTE_ERRORS } from './route-errors.js';

const SOURCE = resolve(import.meta.dirname, '../../..');

function everyOtherSource(): string {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.startsWith('app/http/openapi'),
    )
    .map((path) => readFileSync(join(SOURCE, path), 'utf8'))
    .join('\n');
}

describe('the errors that the OpenAPI document lists', () => {
  it('are of routes that there are', () => {
    expect(Object.keys(ROUTE_ERRORS).filter((key) => !(key in ACCESS_MATRIX))).toEqual([]);
  });

  it('have codes that the program throws', () => {
    const source = everyOtherSource();
    const codes = new Set(Object.values(ROUTE_ERRORS).flatMap((refusals) => Object.values(refusals).flat()));
    expect(codes.size).toBeGreaterThan(30);
    expect([...codes].filter((code) => !source.includes(`'${String(code)}'`))).toEqual([]);
  });
});
