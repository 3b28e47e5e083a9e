import type { InstallRecord, InstanceEnvironment, UpdateCheck } from '../../src/contracts/environment.js';
import type { Archive, Operation } from '../../src/contracts/operation.js';

const GB = 1024 ** 3;

/** A moment that lies so many seconds back. */
export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

/** One and the same for all: an operation is known by its beginning. */
const BEGUN = ago(42);

export const operation = (more: Partial<Operation> = {}): Operation => ({
  id: '7',
  kind: 'clone',
  subject: 'ComfyUI 2',
  source: 'ComfyUI',
  source_id: 1,
  phase: 'copying',
  total_bytes: 8.2 * GB,
  done_bytes: 3.1 * GB,
  done_files: 48_210,
  shared_bytes: 2.4 * GB,
  message: null,
  instance_id: null,
  started_at: BEGUN,
  ended_at: null,
  ...more,
});

export const archive = (more: Partial<Archive> = {}): Archive => ({
  file: 'ComfyUI-2026-11-20.aikore.tar.gz',
  size_bytes: 1.8 * GB,
  created_at: ago(26 * 3600),
  contents: {
    instance_name: 'ComfyUI',
    base_blueprint: 'ComfyUI.sh',
    has_environment: false,
    has_outputs: true,
    withheld: ['HF_TOKEN', 'CIVITAI_API_KEY'],
    total_bytes: 2.3 * GB,
    file_count: 4_812,
    exported_at: ago(26 * 3600),
    made_by: '0.7.0',
  },
  problem: null,
  ...more,
});

const COMMITS = [
  'c7f1d0a94be25f3c86e1b7720a5d9384f6c0e112',
  '19be04f7d2a3c5586f90e1d4b7c8a2653e4f7081',
  'f03a6d815c29be74a0d18f3526c94eb7d0a31f58',
];

export const record = (more: Partial<InstallRecord> = {}): InstallRecord => ({
  finished_at: ago(3 * 86_400),
  took_seconds: 412,
  blueprint: 'ComfyUI.sh',
  script_digest: 'a'.repeat(64),
  pins: {
    git_ref: null,
    python_version: '3.12',
    cuda_version: null,
    torch_version: '2.7.1',
    extra_requirements: 'sageattention==1.0.6\n',
  },
  python: { version: '3.12.8', source: 'uv' },
  installer: 'uv',
  accelerator: 'cuda',
  repositories: [
    {
      path: 'ComfyUI',
      url: 'https://github.com/comfyanonymous/ComfyUI.git',
      ref: 'master',
      commit: COMMITS[0] ?? '',
      subject: 'Support the new text encoder of Lumina 2',
      committed_at: ago(5 * 86_400),
    },
    {
      path: 'ComfyUI/custom_nodes/ComfyUI-Manager',
      url: 'https://github.com/Comfy-Org/ComfyUI-Manager.git',
      ref: 'main',
      commit: COMMITS[1] ?? '',
      subject: 'Update the list of nodes',
      committed_at: ago(4 * 86_400),
    },
  ],
  packages: {
    ...Object.fromEntries(Array.from({ length: 180 }, (_, index) => [`package-${String(index)}`, '1.0'])),
    torch: '2.7.1+cu128',
    numpy: '2.2.4',
  },
  ...more,
});

const earlier = (seconds: number, commit: string, subject: string, torch: string): InstallRecord => {
  const present = record();
  const [main, ...others] = present.repositories;
  return record({
    finished_at: ago(seconds),
    pins: { ...present.pins, torch_version: null, extra_requirements: '' },
    repositories: main ? [{ ...main, commit, subject }, ...others] : [],
    packages: { ...present.packages, torch, numpy: '1.26.4' },
  });
};

export const environment = (more: Partial<InstanceEnvironment> = {}): InstanceEnvironment => ({
  state: 'ready',
  reasons: [],
  is_rebuild_due: false,
  is_update_due: false,
  record: record(),
  history: [
    earlier(30 * 86_400, COMMITS[2] ?? '', 'Version 0.3.30', '2.7.1+cu128'),
    earlier(
      71 * 86_400,
      '5b2c7e91f04da38b66d2e1f7098c45ab3d90fe26',
      'Fix sampling of Wan 2.1',
      '2.6.0+cu124',
    ),
  ],
  owner_id: 1,
  ...more,
});

export const updateCheck = (more: Partial<UpdateCheck> = {}): UpdateCheck => {
  const [main, manager] = record().repositories;
  if (!main || !manager) throw new Error('the sample has two repositories');
  const subjects = [
    'Add a native node for Hunyuan 3D 2.1',
    'Lower the memory that the VAE of Wan takes',
    'Fix a leak when prompts are cancelled',
    'Bump the frontend to 1.21.7',
    'Keep LoRAs on the CPU where memory is low',
    'Better message when a model is missing',
    'Update requirements',
  ];
  return {
    repositories: [
      {
        ...main,
        behind: 23,
        latest_commit: COMMITS[2] ?? null,
        latest_at: ago(3 * 3600),
        changes: subjects.map((subject, index) => ({
          commit: `${String(index)}d41e9f07a5b3c28461f0e97d5a82b3c4f60e71`,
          subject,
          committed_at: ago((index + 1) * 9 * 3600),
        })),
        latest_tag: 'v0.3.44',
        is_pinned: false,
        problem: null,
      },
      {
        ...manager,
        behind: 0,
        latest_commit: manager.commit,
        latest_at: manager.committed_at,
        changes: [],
        latest_tag: null,
        is_pinned: false,
        problem: null,
      },
    ],
    packages: [],
    has_updates: true,
    checked_at: ago(0),
    ...more,
  };
};
