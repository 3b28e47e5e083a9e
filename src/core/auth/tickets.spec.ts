import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../../../test/fixtures/auth-database.js';
import { TICKET_LIFE_MS, Tickets } from './tickets.js';

const HOST = 'comfy.home.lan';

describe('Tickets', () => {
  const make = (): { clock: ManualClock; tickets: Tickets } => {
    const clock = new ManualClock();
    return { clock, tickets: new Tickets(clock.read) };
  };

  it('work once', () => {
    const { clock, tickets } = make();
    const { ticket, expiresAtMs } = tickets.issue(7, HOST);
    expect(ticket).toMatch(/^[\w-]{43}$/);
    expect(expiresAtMs).toBe(clock.nowMs + 30_000);
    expect(tickets.redeem(ticket, HOST)).toBe(7);
    expect(tickets.redeem(ticket, HOST)).toBeNull();
    expect(tickets.size).toBe(0);
  });

  it('work for half a minute', () => {
    const { clock, tickets } = make();
    const [early, late] = [tickets.issue(7, HOST).ticket, tickets.issue(7, HOST).ticket];
    clock.advance(TICKET_LIFE_MS - 1);
    expect(tickets.redeem(early, HOST)).toBe(7);
    clock.advance(1);
    expect(tickets.redeem(late, HOST)).toBeNull();
  });

  it('work at their own host name only, and nowhere any more once they were shown elsewhere', () => {
    const { tickets } = make();
    const { ticket } = tickets.issue(7, HOST);
    expect(tickets.redeem(ticket, 'other.home.lan')).toBeNull();
    expect(tickets.redeem(ticket, HOST)).toBeNull();
  });

  it.each(['', 'x', 'x'.repeat(43), 'x'.repeat(100_000), '__proto__', '\u0000'])('are not %p', (guess) => {
    const { tickets } = make();
    tickets.issue(7, HOST);
    expect(tickets.redeem(guess, HOST)).toBeNull();
    expect(tickets.size).toBe(1);
  });

  it('are twenty for a session; the oldest goes, and another session’s stay', () => {
    const { tickets } = make();
    const other = tickets.issue(8, HOST).ticket;
    const mine = Array.from({ length: 21 }, () => tickets.issue(7, HOST).ticket);
    expect(tickets.size).toBe(21);
    expect(tickets.redeem(mine[0] ?? '', HOST)).toBeNull();
    expect(tickets.redeem(mine[1] ?? '', HOST)).toBe(7);
    expect(tickets.redeem(other, HOST)).toBe(8);
  });

  it('do not pile up', () => {
    const { clock, tickets } = make();
    for (let session = 0; session < 1000; session += 1) tickets.issue(session, HOST);
    clock.advance(TICKET_LIFE_MS);
    tickets.issue(1, HOST);
    expect(tickets.size).toBe(1);
  });
});
