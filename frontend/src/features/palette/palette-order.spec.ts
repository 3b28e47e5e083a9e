import { describe, expect, it } from '@jest/globals';
import { findCommands } from './palette-order.js';

describe('findCommands', () => {
  const commands = [
    { label: 'Stop: Comfy main' },
    { label: 'Go to Comfy main', place: 'Comfy main' },
    { label: 'Commands' },
  ];
  const labels = (query: string): string[] => findCommands(commands, query).map(({ label }) => label);

  it('goes to what is named rather than stop it', () => {
    expect(labels('comfy')).toEqual(['Go to Comfy main', 'Stop: Comfy main']);
    expect(labels(' COMFY main ')[0]).toBe('Go to Comfy main');
  });

  it('obeys where a verb is typed, and shows everything for nothing', () => {
    expect(labels('stop comfy')).toEqual(['Stop: Comfy main']);
    expect(labels('')).toEqual(['Stop: Comfy main', 'Go to Comfy main', 'Commands']);
  });
});
