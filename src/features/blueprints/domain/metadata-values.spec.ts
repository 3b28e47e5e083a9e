import { describe, expect, it } from '@jest/globals';
import { expandProbePath } from './metadata-values.js';

describe('expandProbePath', () => {
  it('puts the prefix in the place of its name', () => {
    expect(expandProbePath('${SUBFOLDER}api', '/instance/jupyter/')).toBe('/instance/jupyter/api');
    expect(expandProbePath('/health', '/instance/jupyter/')).toBe('/health');
  });

  it('takes the prefix literally', () => {
    expect(expandProbePath('${SUBFOLDER}', '/instance/$&/')).toBe('/instance/$&/');
  });
});
