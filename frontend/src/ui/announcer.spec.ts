import { describe, expect, it } from '@jest/globals';
import { inOneBreath } from './announcer.js';

describe('what is read aloud in one breath', () => {
  it('ends each sentence', () => {
    expect(inOneBreath(['Comfy: started', 'It is done.'])).toBe('Comfy: started. It is done.');
  });

  it('says of many the last ones, and how many there were', () => {
    const many = Array.from({ length: 100 }, (_, index) => `Number ${String(index)}: stopped`);
    expect(inOneBreath(many)).toBe(
      'Number 96: stopped. Number 97: stopped. Number 98: stopped. Number 99: stopped. And 96 more messages.',
    );
  });
});
