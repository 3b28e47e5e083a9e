import { isIP } from 'node:net';
import { isNetwork } from '../net/networks.js';
import { parseAppUser } from './app-user.js';
import type { AppUser } from './app-user.js';

/** A closed range of TCP ports. */
export interface PortRange {
  first: number;
  last: number;
}

/** A variable holds something that AiKore cannot work with. The message is one line for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** Whether a name or address can only be reached from this machine. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A host name by the rules of DNS labels (RFC 1123), without a port. */
export function isHostName(text: string): boolean {
  return HOST_NAME.test(text);
}

/** Typed access to environment variables; an empty value counts as absent. */
export function readers(env: Readonly<Record<string, string | undefined>>) {
  const text = (name: string): string | null => {
    const value = env[name];
    return value === undefined || value === '' ? null : value;
  };
  const wrong = (name: string, accepts: string): ConfigError =>
    new ConfigError(`${name} must be ${accepts}.`);

  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = text(name);
    if (value === null) return fallback;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) throw wrong(name, `a whole number from ${min} to ${max}`);
    return number;
  };

  return {
    text,
    integer,
    port: (name: string, fallback: number): number => integer(name, fallback, 0, 65_535),

    portRange(name: string, fallback: PortRange): PortRange {
      const value = text(name);
      if (value === null) return fallback;
      const match = /^(\d{1,5})-(\d{1,5})$/.exec(value);
      const first = Number(match?.[1]);
      const last = Number(match?.[2]);
      if (!(first >= 1024 && first <= last && last <= 65_535)) {
        throw wrong(name, 'two ports from 1024 to 65535 joined by a dash, such as 19001-19020');
      }
      return { first, last };
    },

    oneOf<T extends string>(name: string, accepted: readonly T[], fallback: T): T {
      const value = text(name);
      if (value === null) return fallback;
      const found = accepted.find((word) => word === value);
      if (found === undefined) throw wrong(name, accepted.join(' or '));
      return found;
    },

    /** The value is never part of the message. */
    secret(name: string, minLength: number, maxLength: number): string | null {
      const value = text(name);
      if (value === null) return null;
      if (value.length < minLength || value.length > maxLength || /[\u0000-\u001f]/.test(value)) {
        throw wrong(name, `${minLength} to ${maxLength} characters without control characters`);
      }
      return value;
    },

    host(name: string, fallback: string): string {
      const value = text(name) ?? fallback;
      if (isIP(value) === 0 && !isHostName(value)) throw wrong(name, 'an IP address or a host name');
      return value;
    },

    origin(name: string): URL | null {
      const value = text(name);
      if (value === null) return null;
      const url = URL.canParse(value) ? new URL(value) : null;
      if (
        url === null ||
        !/^https?:$/.test(url.protocol) ||
        url.pathname !== '/' ||
        url.search + url.hash + url.username !== ''
      ) {
        throw wrong(name, 'an http or https address without a path, such as https://aikore.example.org');
      }
      return url;
    },

    appUser(name: string): AppUser | null {
      const value = text(name);
      const user = value === null ? null : parseAppUser(value);
      if (value !== null && user === null)
        throw wrong(name, "user:group[,group…] in numbers, none of them root's, such as 1000:1000");
      return user;
    },

    hostList(name: string): string[] {
      const names = listOf(text(name)).map((part) => part.toLowerCase());
      if (!names.every((host) => isHostName(host) || isIP(host) !== 0))
        throw wrong(name, 'host names separated by commas, without ports');
      return names;
    },

    /** Everybody is nobody's proxy: a network of all addresses is refused. */
    networkList(name: string): string[] {
      const networks = listOf(text(name));
      if (!networks.every(isNetwork))
        throw wrong(name, 'addresses and networks separated by commas, such as 192.0.2.7,172.16.0.0/12');
      return networks;
    },
  };
}

function listOf(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
