import { describe, expect, it } from '@jest/globals';
import { onKnownPairs } from './known-pairs.js';

const of = (packages: Record<string, string>): string[] => onKnownPairs(new Map(Object.entries(packages)));

describe('packages that are known not to fit', () => {
  it.each<[Record<string, string>, string]>([
    [
      { torch: '2.7.1', torchvision: '0.20.1' },
      'torchvision 0.20.1 does not go with torch 2.7.1. Install torchvision 0.22.',
    ],
    [
      { torch: '1.13.1', torchvision: '0.15.2' },
      'torchvision 0.15.2 does not go with torch 1.13.1. Install torchvision 0.14.',
    ],
    [
      { torch: '2.5.1', torchaudio: '2.4.0' },
      'torchaudio 2.4.0 does not go with torch 2.5.1. Install torchaudio 2.5.',
    ],
    [
      { torch: '2.7.1+cu128', torchvision: '0.22.1+cpu' },
      'torchvision is a build for cpu, and torch one for cu128. Install both from the same index of PyTorch.',
    ],
    [
      { torch: '2.3.1+cu121', xformers: '0.0.26.post1' },
      'xformers 0.0.26.post1 does not go with torch 2.3.1+cu121. Install torch 2.3.0, or an xformers made for this torch.',
    ],
    [
      { torch: '2.7.1', 'flash-attn': '2.7.4.post1+cu12torch2.5cxx11abiFALSE' },
      'flash-attn was built for torch 2.5, and torch 2.7.1 is here. Install a build for this torch.',
    ],
    [
      { torch: '2.8.0', sageattention: '2.1.1+cu128torch2.7.1' },
      'sageattention was built for torch 2.7, and torch 2.8.0 is here. Install a build for this torch.',
    ],
    [{ torch: '2.1.0', numpy: '2.0.1' }, 'numpy 2.0.1 does not go with torch 2.1.0. Install numpy<2.'],
    [
      { numpy: '2.1.0', 'opencv-python': '4.9.0.80' },
      'numpy 2.1.0 does not go with opencv-python 4.9.0.80. Install opencv-python>=4.10.0.84 or numpy<2.',
    ],
    [
      { diffusers: '0.27.2', 'huggingface-hub': '0.26.0' },
      'diffusers 0.27.2 does not go with huggingface-hub 0.26.0. Install diffusers>=0.29 or huggingface-hub<0.26.',
    ],
    [
      { transformers: '4.57.1', 'huggingface-hub': '1.0.0' },
      'transformers 4.57.1 does not go with huggingface-hub 1.0.0. Install huggingface-hub<1.0.',
    ],
    [
      { gradio: '4.44.1', 'huggingface-hub': '1.13.0' },
      'gradio 4.44.1 does not go with huggingface-hub 1.13.0. Install huggingface-hub<1.0.',
    ],
    [
      { gradio: '4.44.1', pydantic: '2.11.0' },
      'gradio 4.44.1 does not go with pydantic 2.11.0. Install pydantic<2.11.',
    ],
    [
      { onnxruntime: '1.20.0', 'onnxruntime-gpu': '1.20.0' },
      'onnxruntime and onnxruntime-gpu are both installed and overwrite each other. Uninstall both, then install the one that is wanted.',
    ],
    [
      { 'opencv-python': '4.10.0.84', 'opencv-python-headless': '4.11.0.86' },
      'opencv-python 4.10.0.84 and opencv-python-headless 4.11.0.86 overwrite each other. Keep one, or give both the same version.',
    ],
  ])('are told of: %j', (packages, sentence) => expect(of(packages)).toEqual([sentence]));

  it.each<Record<string, string>>([
    {},
    { torch: '2.0.1+cu118', torchvision: '0.15.2+cu118', torchaudio: '2.0.2+cu118' },
    { torch: '2.7.1+cu128', torchvision: '0.22.1+cu128', torchaudio: '2.7.1+cu128', xformers: '0.0.31' },
    { torch: '2.10.0', torchaudio: '2.9.0' },
    { torch: '2.3.0', numpy: '2.0.0', 'opencv-python': '4.10.0.84', 'flash-attn': '2.7.4' },
    {
      diffusers: '0.35.0',
      transformers: '4.56.0',
      'huggingface-hub': '0.35.0',
      gradio: '5.49.0',
      pydantic: '2.11.4',
    },
    { transformers: '5.0.0', 'huggingface-hub': '1.2.0' },
    { 'opencv-python': '4.10.0.84', 'opencv-python-headless': '4.10.0.84' },
    { torch: 'nightly', torchvision: '<b>', numpy: '', xformers: '0.0.30', 'flash-attn': '+torch' },
    { torch: '9'.repeat(500), torchvision: '0.'.repeat(500) },
  ])('are nothing in %j', (packages) => expect(of(packages)).toEqual([]));
});
