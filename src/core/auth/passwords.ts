import { hash, verify } from '@node-rs/argon2';
import { invalidFields } from '../errors.js';
import { isCommonPassword } from './common-passwords.js';
import { HashQueue } from './hash-queue.js';

/**
 * Well above OWASP's least for argon2id (Password Storage Cheat Sheet: 19 MiB, t=2): 30 MiB, so that two at once stay
 * below 64 MB, and as many passes as make a guess cost some 50 ms. argon2id is the package's default algorithm.
 */
const ARGON2_OPTIONS = { memoryCost: 30_720, timeCost: 6, parallelism: 1 };

/** In characters. What is longer is refused before any work is spent on it. */
export const MAX_PASSWORD_LENGTH = 1024;
/** In characters; for passwords that are set in the dashboard. */
export const MIN_PASSWORD_LENGTH = 10;

/**
 * The same password typed on another keyboard or system may arrive as other code points (é as one or as two);
 * NIST SP 800-63B, section 5.1.1.2, asks for NFKC before hashing.
 */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

/** Hashes and checks passwords, few at a time. */
export class Passwords {
  constructor(private readonly queue = new HashQueue()) {}

  /**
   * @returns a PHC string (`$argon2id$v=19$m=30720,t=6,p=1$…`).
   * @throws AppError `invalid` for a password that is too long, `rate_limited` when too many hashes wait.
   */
  async hash(password: string): Promise<string> {
    this.#refuseTooLong(password);
    return this.queue.run(() => hash(normalized(password), ARGON2_OPTIONS));
  }

  /** False also for a stored text that is no hash. Throws as {@link hash} does. */
  async isMatch(storedHash: string, password: string): Promise<boolean> {
    this.#refuseTooLong(password);
    return this.queue.run(() => verify(storedHash, normalized(password)).catch(() => false));
  }

  /**
   * The rule for passwords set in the dashboard.
   * @throws AppError `invalid` with the sentence for the field `password`.
   */
  requireAcceptable(password: string): void {
    this.#refuseTooLong(password);
    const text = normalized(password);
    if (Array.from(text).length < MIN_PASSWORD_LENGTH) {
      throw invalidFields({ password: `Use at least ${MIN_PASSWORD_LENGTH} characters.` });
    }
    if (isCommonPassword(text)) {
      throw invalidFields({
        password: 'This password is among the first that anybody would try. Choose another.',
      });
    }
  }

  #refuseTooLong(password: string): void {
    if (password.length > MAX_PASSWORD_LENGTH) {
      throw invalidFields({ password: `Use at most ${MAX_PASSWORD_LENGTH} characters.` });
    }
  }
}
