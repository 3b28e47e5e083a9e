import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { releaseDisplay, reserveDisplay } from './display-lock.js';
import { probeDisplay } from './display-probe.js';

describe('the reservation of a display', () => {
  let root: string;
  const lock = () => join(root, '.X77-lock');
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'aikore-lock-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('keeps everybody else away, and leaves nothing behind', async () => {
    expect(await reserveDisplay(77, root)).toBe(true);
    expect(readFileSync(lock(), 'latin1')).toBe(`${String(process.pid).padStart(10)}\n`);
    expect(await probeDisplay(77, root)).toBe('taken');
    expect(readdirSync(root)).toEqual(['.X77-lock']);
    expect(await reserveDisplay(77, root)).toBe(true);
    await releaseDisplay(77, root);
    expect(readdirSync(root)).toEqual([]);
  });

  it('comes too late where somebody else was quicker, whose lock stays', async () => {
    writeFileSync(lock(), `${String(process.ppid).padStart(10)}\n`);
    expect(await reserveDisplay(77, root)).toBe(false);
    await releaseDisplay(77, root);
    expect(readdirSync(root)).toEqual(['.X77-lock']);
  });
});
