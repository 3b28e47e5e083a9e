import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../test/fixtures/auth-database.js';
import { HashQueue } from './hash-queue.js';
import { Passwords } from './passwords.js';

const passwords = new Passwords();

describe('Passwords', () => {
  it('hashes with argon2id in a time that a person does not notice and a guesser does', async () => {
    const startedAt = performance.now();
    const stored = await passwords.hash('a good long password');
    const tookMs = performance.now() - startedAt;
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=30720,t=6,p=1\$/);
    expect(tookMs).toBeGreaterThan(3);
    expect(tookMs).toBeLessThan(2000);
    expect(await passwords.isMatch(stored, 'a good long password')).toBe(true);
    expect(await passwords.isMatch(stored, 'a good long passwore')).toBe(false);
  });

  it('takes a password for the same however its characters are composed', async () => {
    const stored = await passwords.hash('caf\u00e9 au lait');
    expect(await passwords.isMatch(stored, 'cafe\u0301 au lait')).toBe(true);
  });

  it('tells passwords apart behind a NUL', async () => {
    const stored = await passwords.hash('same\u0000one');
    expect(await passwords.isMatch(stored, 'same\u0000two')).toBe(false);
  });

  it('matches nothing with a stored text that is no hash', async () => {
    expect(await passwords.isMatch('garbage', 'password')).toBe(false);
    expect(await passwords.isMatch('', '')).toBe(false);
  });

  it('refuses a megabyte before any work', async () => {
    const before = process.cpuUsage();
    expect(await codeOf(() => passwords.hash('x'.repeat(1_000_000)))).toBe('VALIDATION_FAILED');
    expect(await codeOf(() => passwords.isMatch('', 'x'.repeat(1025)))).toBe('VALIDATION_FAILED');
    // One hash takes more, and the time of the processor does not count what else the machine does.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(30);
  });

  it.each([
    'short',
    '123456789',
    'Password123',
    'PASSWORDPASSWORD',
    'aaaaaaaaaaaaaaa',
    '1212121212',
    'x'.repeat(1025),
  ])('does not let %p be set', async (password) => {
    expect(await codeOf(() => passwords.requireAcceptable(password))).toBe('VALIDATION_FAILED');
  });

  it('lets a good one be set, of any script', () => {
    expect(() => passwords.requireAcceptable('vier Worte zum Merken')).not.toThrow();
    expect(() => passwords.requireAcceptable('пароль с пробелами')).not.toThrow();
  });
});

describe('HashQueue', () => {
  it('runs two at once, lets twenty wait and refuses the rest', async () => {
    const queue = new HashQueue();
    const finish: (() => void)[] = [];
    let mostRunning = 0;
    let running = 0;
    const job = async (): Promise<void> => {
      mostRunning = Math.max(mostRunning, (running += 1));
      await new Promise<void>((resolve) => finish.push(resolve));
      running -= 1;
    };
    const accepted = Array.from({ length: 22 }, () => queue.run(job));
    expect(await codeOf(() => queue.run(job))).toBe('TOO_MANY_ATTEMPTS');
    for (let count = 0; count < 22; count += 1) {
      await new Promise(setImmediate);
      finish.shift()!();
    }
    await Promise.all(accepted);
    expect(mostRunning).toBe(2);
  });

  it('goes on after a job that fails', async () => {
    const queue = new HashQueue(1, 5);
    const failing = queue.run(() => Promise.reject(new Error('broken')));
    const next = queue.run(() => Promise.resolve('fine'));
    await expect(failing).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });
});
