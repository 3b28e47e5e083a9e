import { describe, expect, it } from '@jest/globals';
import { missingCapabilities } from './kernel-capabilities.js';

const withMask = (mask: string) =>
  missingCapabilities(`Name:\tnode\nCapPrm:\t0\nCapEff:\t${mask}\nCapBnd:\t0\n`);

describe('what a process lacks for having applications run as another user', () => {
  it('is nothing with the six that AiKore is given in its container, or with all', () => {
    expect(withMask('00000000000000eb')).toEqual([]);
    expect(withMask('000001ffffffffff')).toEqual([]);
  });

  it('is named', () => {
    expect(withMask('000000000000006b')).toEqual(['SETUID']);
    expect(withMask('0000000000000014')).toEqual([
      'CHOWN',
      'DAC_OVERRIDE',
      'FOWNER',
      'KILL',
      'SETGID',
      'SETUID',
    ]);
  });

  it('is everything where the kernel does not say', () => {
    expect(missingCapabilities('')).toHaveLength(6);
  });
});
