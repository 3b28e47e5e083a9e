/** What AiKore gives to every instance. Named one by one: whatever else is in the environment may be a secret. */
const SHOWN = [
  ...['INSTANCE_NAME', 'BLUEPRINT_ID', 'WEBUI_PORT', 'SUBFOLDER', 'INSTANCE_CONF_DIR', 'INSTANCE_OUTPUT_DIR'],
  ...['CUDA_VISIBLE_DEVICES', 'CUDA_DEVICE_ORDER', 'PYTHON_VERSION', 'CUDA_VERSION', 'TORCH_VERSION'],
  ...[
    'TMPDIR',
    'DISPLAY',
    'AIKORE_FUNCTIONS',
    'AIKORE_MODELS_DIR',
    'BASE_DIR',
    'SD_INSTALL_DIR',
    'PYTHONUNBUFFERED',
  ],
  ...['DEMO_TITLE', 'DEMO_PALETTE'],
];

/**
 * The variables with their values, null for those that are not set ("" and unset mean different things for a GPU mask),
 * and the launch arguments.
 */
export function listEnvironment() {
  const variables = SHOWN.map((name) => [name, process.env[name] ?? null]);
  return { ...Object.fromEntries(variables), LAUNCH_ARGS: process.argv.slice(2) };
}
