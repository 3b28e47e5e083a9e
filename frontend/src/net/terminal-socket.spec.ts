import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TerminalSocket } from './terminal-socket.js';
import type { TerminalFrame } from './terminal-frames.js';

/** What a browser has and Node lacks; the real ones are met in test/browser/terminal.spec.ts. */
class FakeSocket {
  static readonly OPEN = 1;
  static readonly all: FakeSocket[] = [];
  readonly readyState = FakeSocket.OPEN;
  readonly sent: string[] = [];
  binaryType = '';
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor(readonly url: URL) {
    FakeSocket.all.push(this);
  }

  send(data: string | Uint8Array): void {
    this.sent.push(typeof data === 'string' ? data : `bytes:${Buffer.from(data).toString('latin1')}`);
  }

  close(): void {
    this.onclose?.();
  }

  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  print(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.onmessage?.({ data: bytes.buffer });
  }
}

const GLOBALS = ['window', 'document', 'location', 'WebSocket'] as const;

describe('the connection of a terminal', () => {
  const before = GLOBALS.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
  let socket: TerminalSocket;
  let pieces: { text: string; isReplay: boolean; taken: () => void }[];
  let frames: TerminalFrame[];
  const wire = (): FakeSocket => {
    const last = FakeSocket.all.at(-1);
    if (!last) throw new Error('nothing was connected');
    return last;
  };

  beforeEach(() => {
    jest.useFakeTimers();
    FakeSocket.all.length = 0;
    const window = Object.assign(new EventTarget(), {
      setTimeout: setTimeout.bind(globalThis),
      clearTimeout: clearTimeout.bind(globalThis),
    });
    const document = Object.assign(new EventTarget(), { hidden: false });
    const location = { href: 'http://127.0.0.1:9000/#terminal=7' };
    for (const [name, value] of Object.entries({ window, document, location, WebSocket: FakeSocket })) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    socket = new TerminalSocket('/api/instances/7/terminal', null, { cols: 80, rows: 24 });
    pieces = [];
    frames = [];
    socket.output.on(({ data, isReplay, taken }) =>
      pieces.push({ text: new TextDecoder().decode(data), isReplay, taken }),
    );
    socket.frame.on((frame) => frames.push(frame));
  });
  afterEach(() => {
    socket.dispose();
    jest.useRealTimers();
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  });

  it('begins a session and sends what was typed meanwhile', () => {
    expect(String(wire().url)).toBe('ws://127.0.0.1:9000/api/instances/7/terminal?cols=80&rows=24');
    socket.sendText('lä');
    expect(wire().sent).toEqual([]);
    wire().say({ type: 'session', id: 'a1', replay_bytes: 0 });
    expect(wire().sent).toEqual(['bytes:l\u00c3\u00a4']);
    socket.sendBinary('\x1b[M\xff');
    expect(wire().sent.at(-1)).toBe('bytes:\x1b[M\xff');
  });

  it('tells what is past from what is new, also within one message', () => {
    wire().say({ type: 'session', id: 'a1', replay_bytes: 5 });
    wire().print('old');
    wire().print('erNEW');
    wire().print('more');
    expect(pieces.map(({ text, isReplay }) => [text, isReplay])).toEqual([
      ['old', true],
      ['er', true],
      ['NEW', false],
      ['more', false],
    ]);
  });

  it('acknowledges what the screen took, cumulatively, the past included', () => {
    wire().say({ type: 'session', id: 'a1', replay_bytes: 3 });
    wire().print('oldnew');
    for (const { taken } of pieces) taken();
    expect(wire().sent).toEqual([]);
    jest.advanceTimersByTime(20);
    wire().print('x'.repeat(20_000));
    pieces.at(-1)?.taken();
    expect(wire().sent).toEqual(['{"type":"ack","bytes":6}', '{"type":"ack","bytes":20006}']);
  });

  it('comes back to its session, and counts anew', () => {
    wire().say({ type: 'session', id: 'a1', replay_bytes: 0 });
    wire().print('before');
    const late = pieces[0];
    wire().close();
    expect(socket.state.value).toBe('lost');
    socket.sendText('typed in vain');
    jest.advanceTimersByTime(1_000);
    expect(wire().url.searchParams.get('session')).toBe('a1');
    wire().say({ type: 'session', id: 'a1', replay_bytes: 6 });
    wire().print('before');
    late?.taken();
    pieces[1]?.taken();
    jest.advanceTimersByTime(20);
    expect(wire().sent).toEqual(['{"type":"ack","bytes":6}']);
  });

  it('does not wait for an attempt that nobody answers once the dashboard is connected again', () => {
    wire().say({ type: 'session', id: 'abc', replay_bytes: 0 });
    wire().close();
    jest.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    jest.advanceTimersByTime(1000);
    // Under way, and not for long: it is left to itself.
    socket.renew(performance.now());
    expect(FakeSocket.all).toHaveLength(2);
    jest.advanceTimersByTime(2000);
    socket.renew(performance.now());
    expect(FakeSocket.all).toHaveLength(3);
    wire().say({ type: 'session', id: 'abc', replay_bytes: 0 });
    expect(socket.state.value).toBe('live');
  });

  it('says a size once, and does not take back one that it has changed since', () => {
    wire().say({ type: 'session', id: 'a1', replay_bytes: 0 });
    socket.resize({ cols: 80, rows: 24 });
    socket.resize({ cols: 0, rows: 24 });
    socket.resize({ cols: 100, rows: 30 });
    socket.resize({ cols: 100, rows: 30 });
    expect(wire().sent).toEqual(['{"type":"resize","cols":100,"rows":30}']);
    wire().say({ type: 'resized', cols: 80, rows: 24 });
    expect(frames.map(({ type }) => type)).toEqual(['session']);
    wire().say({ type: 'resized', cols: 60, rows: 20 });
    expect(frames.map(({ type }) => type)).toEqual(['session', 'resized']);
  });

  it('ends with its shell, and tells what came to nothing', () => {
    let refusals = 0;
    socket.refused.on(() => (refusals += 1));
    wire().close();
    expect(refusals).toBe(1);
    jest.advanceTimersByTime(1_000);
    wire().say({ type: 'session', id: 'a1', replay_bytes: 0 });
    wire().say({ type: 'exit', code: 3, signal: null, message: 'Over.' });
    expect(socket.state.value).toBe('ended');
    jest.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('tries again to join a session, not to begin one', () => {
    wire().say({ type: 'error', code: 'TOO_MANY_TERMINALS', message: 'Too many.' });
    expect(socket.state.value).toBe('ended');
    const joining = new TerminalSocket('/api/instances/7/terminal', 'a1', { cols: 80, rows: 24 });
    wire().say({ type: 'error', code: 'TOO_MANY_VIEWERS', message: 'Too many.' });
    expect(joining.state.value).toBe('lost');
    joining.dispose();
  });

  it('sends a large paste in pieces', () => {
    wire().say({ type: 'session', id: 'a1', replay_bytes: 0 });
    socket.sendText('x'.repeat(100_000));
    expect(wire().sent.map((data) => data.length - 'bytes:'.length)).toEqual([32_768, 32_768, 32_768, 1_696]);
  });
});
