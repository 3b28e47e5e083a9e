/** The tables of this feature, as the first migration makes them; see also the second. */
export const INSTANCES_SCHEMA_SQL = [
  `CREATE TABLE instances (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    slug TEXT NOT NULL UNIQUE,
    base_blueprint TEXT NOT NULL,
    gpu_ids TEXT,
    autostart INTEGER NOT NULL DEFAULT 0 CHECK (autostart IN (0, 1)),
    persistent_mode INTEGER NOT NULL DEFAULT 0 CHECK (persistent_mode IN (0, 1)),
    hostname TEXT,
    use_custom_hostname INTEGER NOT NULL DEFAULT 0 CHECK (use_custom_hostname IN (0, 1)),
    port INTEGER NOT NULL UNIQUE CHECK (port BETWEEN 1024 AND 65535),
    public_port INTEGER UNIQUE,
    persistent_port INTEGER UNIQUE,
    persistent_display INTEGER UNIQUE,
    output_path TEXT,
    python_version TEXT,
    cuda_version TEXT,
    torch_version TEXT,
    access_mode TEXT NOT NULL DEFAULT 'path' CHECK (access_mode IN ('path', 'port')),
    restart_policy TEXT NOT NULL DEFAULT 'no' CHECK (restart_policy IN ('no', 'on-failure', 'always')),
    env TEXT NOT NULL DEFAULT '{}',
    launch_args TEXT NOT NULL DEFAULT '',
    parent_instance_id INTEGER REFERENCES instances (id),
    position INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('stopped', 'queued', 'starting', 'started', 'stalled', 'stopping', 'error')),
    status_reason TEXT NOT NULL,
    status_since TEXT NOT NULL,
    desired TEXT NOT NULL CHECK (desired IN ('running', 'stopped')),
    pid INTEGER,
    exit_code INTEGER,
    exit_signal TEXT,
    evidence TEXT NOT NULL DEFAULT '[]',
    restarts INTEGER NOT NULL DEFAULT 0,
    next_restart_at TEXT,
    run INTEGER NOT NULL DEFAULT 0,
    pending_restart INTEGER NOT NULL DEFAULT 0 CHECK (pending_restart IN (0, 1))
  ) STRICT`,
  'CREATE INDEX instances_parent ON instances (parent_instance_id)',
  `CREATE TABLE runs (
    instance_id INTEGER NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    run INTEGER NOT NULL,
    marker TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    exit_code INTEGER,
    exit_signal TEXT,
    reason TEXT NOT NULL,
    PRIMARY KEY (instance_id, run)
  ) STRICT, WITHOUT ROWID`,
] as const;

/** What supervision keeps beyond that, as the second migration adds it. */
export const SUPERVISION_SCHEMA_SQL = [
  'ALTER TABLE instances ADD COLUMN probe TEXT',
  'ALTER TABLE instances ADD COLUMN failure TEXT',
  "ALTER TABLE instances ADD COLUMN restart_times TEXT NOT NULL DEFAULT '[]'",
] as const;

/** Which content of its blueprint an instance's script was taken from, as the fifth migration adds it. */
export const SCRIPT_ORIGIN_SCHEMA_SQL = ['ALTER TABLE instances ADD COLUMN script_origin TEXT'] as const;

/** What an environment is pinned to beside its versions, as the seventh migration adds it. */
export const PINS_SCHEMA_SQL = [
  'ALTER TABLE instances ADD COLUMN git_ref TEXT',
  "ALTER TABLE instances ADD COLUMN extra_requirements TEXT NOT NULL DEFAULT ''",
] as const;

/** When a published port, of whichever column, is one that another column or another row has in the other column. */
const IS_PUBLISHED_TWICE = `NEW.public_port = NEW.persistent_port OR EXISTS (
    SELECT 1 FROM instances AS other
    WHERE other.id <> NEW.id AND (other.persistent_port = NEW.public_port OR other.public_port = NEW.persistent_port)
  )`;

const REFUSE_PUBLISHED_TWICE = `WHEN ${IS_PUBLISHED_TWICE}
  BEGIN SELECT RAISE(ABORT, 'a published port belongs to one instance only'); END`;

/** Each column is unique by itself; these keep one port out of both. An instance that collides already gives up its `public_port`. */
export const PUBLISHED_PORTS_SCHEMA_SQL = [
  `UPDATE instances SET public_port = NULL
   WHERE public_port IN (SELECT persistent_port FROM instances WHERE persistent_port IS NOT NULL)`,
  `CREATE TRIGGER instances_published_port_insert BEFORE INSERT ON instances ${REFUSE_PUBLISHED_TWICE}`,
  `CREATE TRIGGER instances_published_port_update BEFORE UPDATE OF public_port, persistent_port ON instances
   ${REFUSE_PUBLISHED_TWICE}`,
] as const;
