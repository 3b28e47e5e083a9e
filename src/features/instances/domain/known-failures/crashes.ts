import type { KnownFailure } from './known-failure.js';

/** What bash says of a program that a signal ended: `launch.sh: line 3: 4711 Killed    python app.py`. */
const told = (words: string): RegExp =>
  new RegExp(`(?:^|: line \\d{1,6}: +\\d{1,10} )(?:${words})(?:$|[ (])`);

/** Programs that ended without a word of their own. */
export const crashFailures: readonly KnownFailure[] = [
  {
    code: 'illegal_instruction',
    patterns: [told('Illegal instruction')],
    isSymptom: true,
    message:
      'A program uses instructions that this processor does not have (mostly AVX). Install a build of it for this processor.',
  },
  {
    code: 'bus_error',
    patterns: [told('Bus error')],
    isSymptom: true,
    message:
      'A program lost memory that it had mapped: /dev/shm is too small, or the disk under an open file is full or failing.',
  },
  {
    code: 'crashed',
    patterns: [told('Segmentation fault'), /^Fatal Python error: Segmentation fault/],
    isSymptom: true,
    message:
      'A program crashed (segmentation fault). That is a fault in native code, often of packages that do not fit together; rebuilding the environment helps then.',
    remedies: [{ action: 'rebuild', label: 'Rebuild the environment' }],
  },
  {
    code: 'aborted',
    patterns: [told('Aborted')],
    isSymptom: true,
    message: 'A program gave up (abort). The lines before say what it found.',
  },
  {
    code: 'killed',
    patterns: [told('Killed')],
    isSymptom: true,
    message:
      'A program of it was killed from outside. Nearly always that is the kernel, because the memory of the machine ran out: end something else, or take a smaller model.',
  },
];
