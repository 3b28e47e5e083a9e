/** The door through which a request came. */
export type Entry =
  /** The applications' port: paths under `/instance/<slug>/`, and instances' hostnames. */
  | { kind: 'shared' }
  /** The dashboard's port, where it was asked for by the hostname of an instance. */
  | { kind: 'dashboard' }
  /** A published port, which is one instance's alone. */
  | { kind: 'port'; port: number };
