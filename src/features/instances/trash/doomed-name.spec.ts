import { describe, expect, it } from '@jest/globals';
import { doomedName, nameOfDoomed } from './doomed-name.js';

describe('the name of a folder that is being deleted', () => {
  it.each(['Comfy main', 'a~b', 'Ünïcode 名前', 'x'.repeat(64), '<img src=x onerror=alert(1)>'.slice(0, 14)])(
    'remembers %s',
    (name) => {
      expect(doomedName(name)).toMatch(/^\.deleting-[0-9a-f-]{36}~[^/]+$/);
      expect(nameOfDoomed(doomedName(name))).toBe(name);
    },
  );

  it('fits a file name, however long the name was', () => {
    for (const name of ['x'.repeat(255), '😀'.repeat(200)])
      expect(Buffer.byteLength(doomedName(name))).toBeLessThanOrEqual(255);
  });

  it('is readable for folders of another kind', () => {
    for (const folder of ['.deleting-7', '.deleting-half', '.deleting-x~%E0%A4%A', '.deleting-x~'])
      expect(nameOfDoomed(folder)).toBe('A deleted instance');
  });
});
