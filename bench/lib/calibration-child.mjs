import { calibrationMs } from './calibration-work.mjs';

// Answers every message with the time that the fixed work takes on this processor now.
process.on('message', () => process.send?.(calibrationMs()));
