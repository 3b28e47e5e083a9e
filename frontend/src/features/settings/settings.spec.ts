import { describe, expect, it } from '@jest/globals';
import { actionChoices, actionTitle, actionWords } from './audit-words.js';
import { sectionOfHash } from './section-names.js';
import { describeBrowser } from './user-agent.js';

describe('a browser by its header', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox 128 on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
      'Edge 126 on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari 17 on iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
      'Chrome 126 on Android',
    ],
    ['', 'Unknown browser'],
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ])('%s', (header, words) => {
    expect(describeBrowser(header)).toBe(words);
  });
});

describe('the address of the settings', () => {
  it.each([
    ['#settings=tokens', 'tokens'],
    ['#settings', 'password'],
    ['#settings=nonsense', 'password'],
    ['#log=7', null],
    ['', null],
    ['#settings=../x', null],
  ])('%s', (hash, section) => {
    expect(sectionOfHash(hash)).toBe(section);
  });
});

describe('the words of the audit log', () => {
  it('groups actions by their kind, unknown ones by themselves', () => {
    expect(actionChoices(['POST /api/x', 'instance.start', 'instance.stop'])).toEqual([
      { kind: 'POST /api/x', label: 'POST /api/x', actions: ['POST /api/x'] },
      { kind: 'instance', label: 'Instances', actions: ['instance.start', 'instance.stop'] },
    ]);
    expect(actionWords('instance.start')).toBe('Started');
    expect(actionWords('hub.something')).toBe('hub.something');
    expect(actionWords('instance.rebuild')).toBe('Rebuilt the environment of');
    expect(actionTitle('instance.rebuild')).toBe('Rebuilt the environment');
  });
});
