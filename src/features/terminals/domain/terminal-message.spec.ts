import { describe, expect, it } from '@jest/globals';
import { USUAL_SIZE, parseTerminalMessage, sizeInQuery } from './terminal-message.js';

describe('the size in an address', () => {
  it.each([
    ['cols=120&rows=30', { cols: 120, rows: 30 }],
    ['', USUAL_SIZE],
    ['cols=&rows=x', USUAL_SIZE],
    ['cols=-5&rows=1e3', USUAL_SIZE],
    ['cols=0&rows=99999', { cols: 1, rows: 1000 }],
    ['cols=1&cols=2&rows=7', { cols: 1, rows: 7 }],
  ])('of %j', (query, size) => {
    expect(sizeInQuery(new URLSearchParams(query))).toEqual(size);
  });
});

describe('a message', () => {
  it('is a size or an acknowledgement', () => {
    expect(parseTerminalMessage('{"type":"resize","cols":80.9,"rows":0}')).toEqual({
      type: 'resize',
      cols: 80,
      rows: 1,
    });
    expect(parseTerminalMessage('{"type":"ack","bytes":12,"more":1}')).toEqual({ type: 'ack', bytes: 12 });
  });

  it.each([
    '',
    '{',
    '7',
    'null',
    '{"type":"ack","bytes":"1"}',
    '{"type":"resize","cols":1}',
    '{"type":"input"}',
  ])('is nothing else: %j', (text) => {
    expect(parseTerminalMessage(text)).toBeNull();
  });
});
