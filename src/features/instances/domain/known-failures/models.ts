import { setVariable } from './known-failure.js';
import type { KnownFailure } from './known-failure.js';

const hfToken = setVariable('HF_TOKEN');

/** Models: getting them, and what is in their files. */
export const modelFailures: readonly KnownFailure[] = [
  {
    code: 'model_gated',
    patterns: [
      /Access to model (?<model>[\w./-]{1,200}) is restricted/,
      /Cannot access gated repo for url https:\/\/huggingface\.co\/(?:api\/models\/|datasets\/)?(?<model>[\w.-]{1,100}\/[\w.-]{1,100})\//,
      /Make sure to have access to it at https:\/\/huggingface\.co\/(?<model>[\w.-]{1,100}\/[\w.-]{1,100}?)\.?$/,
      /GatedRepoError|trying to access a gated repo/,
    ],
    message: ({ model }) =>
      `The model ${model ? `“${model}” ` : ''}is gated: Hugging Face gives it only to those who accepted its terms. Accept them on its page${model ? ` (huggingface.co/${model})` : ''}, then set HF_TOKEN to a token of that account.`,
    remedies: [hfToken],
  },
  {
    code: 'hf_token_refused',
    patterns: [
      /Invalid (?:user token|credentials in Authorization header)|User Access Token .{0,100}is expired/,
      /Token is required|LocalTokenNotFoundError/,
      /401 Client Error: Unauthorized for url: https:\/\/huggingface\.co/,
    ],
    message:
      'Hugging Face asks for a valid token. Make one on its page of access tokens, and set it as HF_TOKEN.',
    remedies: [hfToken],
  },
  {
    code: 'model_repository_not_found',
    patterns: [
      /Repository Not Found for url: (?<model>\S{1,200})/,
      /RepositoryNotFoundError/,
      /^(?:OSError: )?(?<model>\S{1,150}) is not a local folder and is not a valid model identifier/,
    ],
    message: ({ model }) =>
      `Hugging Face knows no such model${model ? ` (${model})` : ''}, or it is private. Check its name; for a private one set HF_TOKEN.`,
    remedies: [hfToken],
  },
  {
    code: 'model_file_not_found',
    patterns: [
      /does not appear to have (?:a file named|any files? named) (?<file>[\w./-]{1,200})/,
      /Error no file named (?<file>[\w./-]{1,200})/,
      /Entry Not Found for url: (?<file>\S{1,200}?)\.?$/,
      /EntryNotFoundError: 404/,
    ],
    message: ({ file }) =>
      `The model has no file${file ? ` ${file}` : ' of that name'}. It may be kept in another format or version than the application wants; check the model’s page.`,
  },
  {
    code: 'model_not_downloaded',
    patterns: [
      /LocalEntryNotFoundError|outgoing traffic has been disabled/,
      /We couldn't connect to '[^']{1,100}' to load (?:this file|the files)/,
      /Cannot reach .{1,200}: offline mode is enabled/,
    ],
    message:
      'The model is not on this machine, and could not be downloaded. Check the connection and that HF_HUB_OFFLINE is not set; then start again.',
  },
  {
    code: 'civitai_needs_token',
    patterns: [
      /civitai\.com.{0,300}(?:\b401\b|Unauthorized)|(?:\b401\b|Unauthorized).{0,300}civitai\.com/i,
      /The creator of this asset requires you to be logged in to download it/,
    ],
    message:
      'Civitai gives this model only to those who are signed in. Make an API key on your account’s page there, and set it as CIVITAI_TOKEN (if the blueprint uses that name).',
    remedies: [setVariable('CIVITAI_TOKEN')],
  },
  {
    code: 'api_key_missing',
    patterns: [
      /by setting the (?<variable>[A-Z][A-Z0-9_]{0,50}(?:TOKEN|KEY|SECRET)) environment variable/,
      /KeyError: '(?<variable>[A-Z][A-Z0-9_]{0,50}(?:TOKEN|KEY|SECRET))'/,
    ],
    message: ({ variable }) => `The application needs ${variable}. Set it among the instance’s variables.`,
    remedies: ({ variable }) => (variable ? [setVariable(variable)] : []),
  },
  {
    code: 'api_key_missing',
    patterns: [/api_key not configured \(no-tty\)\. call wandb\.login/],
    message: 'Weights & Biases asks for a key. Set WANDB_API_KEY, or WANDB_MODE=offline to do without.',
    remedies: [setVariable('WANDB_API_KEY')],
  },
  {
    code: 'download_refused',
    patterns: [
      /Username\/Password Authentication Failed|The requested URL returned error: 40[13]/,
      /\b(?:401|403) Client Error|ERROR 40[13]: |HTTP Error 40[13]: /,
    ],
    message:
      'A server refused a download: it asks for a sign-in, or does not give the file to everybody. Check the address, and whether it needs a token.',
  },
  {
    code: 'download_not_found',
    patterns: [
      /\b404 Client Error|ERROR 404: Not Found|HTTP Error 404: |The requested URL returned error: 404/,
    ],
    message:
      'A file that is to be downloaded is not there any more (404). Check the address in the script or settings.',
  },
  {
    code: 'model_is_pointer',
    patterns: [/invalid load key, 'v'/, /version https:\/\/git-lfs\.github\.com\/spec/],
    message:
      'A model file is only a pointer of Git LFS: its content was never downloaded. Install git-lfs and run git lfs pull in its folder, or download the file by hand.',
  },
  {
    code: 'model_damaged',
    patterns: [
      /Error while deserializing header: (?<what>[\w ,.]{1,80})/,
      /incomplete metadata, file not fully covered|MetadataIncompleteBuffer/,
      /PytorchStreamReader failed|failed finding central directory|invalid header or archive is corrupted/,
      /invalid load key, |unexpected EOF, expected \d{1,15} more bytes/,
      /Consistency check failed: file should be of size|(?:checksum|hash)(?: value)? (?:mismatch|does not (?:not )?match)|invalid hash value \(expected/i,
      /invalid magic (?:number|characters)/,
    ],
    message:
      'A model file is damaged or not what its name says; mostly its download broke off. Delete it and download it again.',
  },
  {
    code: 'model_not_supported',
    patterns: [
      /unknown model architecture: '(?<arch>[^']{1,80})'/,
      /The checkpoint you are trying to load has model type `(?<arch>[^`]{1,80})` but Transformers does not recognize/,
    ],
    message: ({ arch }) =>
      `The application does not know models of this kind (${arch}). Update the application, or take another model.`,
  },
  {
    code: 'model_mismatch',
    patterns: [/Error\(s\) in loading state_dict for (?<class>\w{1,100})/],
    message:
      'A model does not fit the application that loads it: it is of another kind or version. Take the model that the application asks for.',
  },
  {
    code: 'model_file_refused',
    patterns: [/Weights only load failed/],
    message:
      'PyTorch refused a model file that may run code. Take it as .safetensors, or update the application; switch the check off only for files from somebody you trust.',
  },
  {
    code: 'model_missing',
    patterns: [
      /No such file or directory: '(?<path>[^']{1,300}\.(?:safetensors|ckpt|pth?|gguf|bin|onnx))'/,
      /Can't run without a checkpoint/,
      /AssertionError: .{0,200}\b(?:checkpoint|model|weights)\b.{0,100}(?:not found|does not exist|missing)/i,
    ],
    message: ({ path }) =>
      `The model file ${path ? `${path} ` : ''}is not there. Put a model into that folder, or choose one that is.`,
  },
  {
    code: 'model_load_failed',
    isSymptom: true,
    patterns: [
      /(?:error loading model|llama_model_load|failed to load model)(?: from|:)? ?'?(?<path>[^']{0,200})/,
      /unable to load model|llama runner process has terminated/,
    ],
    message:
      'A model could not be loaded. Its file may be damaged or of a format that this version does not know, or the memory does not suffice for it.',
  },
];
