import { describe, expect, it } from '@jest/globals';
import { StandingWarnings } from './standing-warnings.js';

function watched(): { warnings: StandingWarnings; told: string[]; lists: string[][] } {
  const told: string[] = [];
  const lists: string[][] = [];
  const warnings = new StandingWarnings({
    tell: ({ level, message }) => told.push(`${level}: ${message}`),
    onChange: (list) => lists.push(list),
  });
  return { warnings, told, lists };
}

describe('StandingWarnings', () => {
  it('tells of a beginning and of an end, once each', () => {
    const { warnings, told, lists } = watched();
    warnings.set('nginx', 'NGINX is away.');
    warnings.set('nginx', 'NGINX is away.');
    warnings.set('nginx', null, 'NGINX is back.');
    warnings.set('nginx', null, 'NGINX is back.');
    expect(told).toEqual(['warning: NGINX is away.', 'info: NGINX is back.']);
    expect(lists).toEqual([['NGINX is away.'], []]);
  });

  it('shows another sentence for the same thing without announcing it', () => {
    const { warnings, told } = watched();
    warnings.set('nginx', 'It is away for a second.');
    warnings.set('nginx', 'It is away for a minute.');
    expect(warnings.list).toEqual(['It is away for a minute.']);
    expect(told).toHaveLength(1);
  });

  it('replaces the warnings of one kind and leaves the others', () => {
    const { warnings } = watched();
    warnings.set('disk', 'The disk is full.');
    warnings.replace('port ', new Map([['port 1', 'One.']]));
    warnings.replace('port ', new Map([['port 2', 'Two.']]));
    expect(warnings.list).toEqual(['The disk is full.', 'Two.']);
  });
});
