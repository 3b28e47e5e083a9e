import { describe, expect, it } from '@jest/globals';
import { isBlueprintFilename } from './blueprint-name.js';

describe('isBlueprintFilename', () => {
  it.each(['ComfyUI.sh', 'My App 2.0_beta-1.sh', 'a.sh', `${'a'.repeat(96)}.sh`])('accepts %j', (name) => {
    expect(isBlueprintFilename(name)).toBe(true);
  });

  it.each([
    ...['', '.sh', '-a.sh', ' a.sh', 'a.SH', 'a.sh\n', 'a.sh.bak', 'functions.sh', 'Functions.sh'],
    ...['../a.sh', 'a/b.sh', 'a\\b.sh', 'a..b.sh', 'é.sh', 'a\0.sh', `${'a'.repeat(97)}.sh`],
  ])('refuses %j', (name) => {
    expect(isBlueprintFilename(name)).toBe(false);
  });
});
