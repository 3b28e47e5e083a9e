import { RUN_OPERATIONS } from '../support/crash-operations.js';
import { describeDeathsDuring } from '../support/crash-suite.js';

describeDeathsDuring('what begins and ends processes', RUN_OPERATIONS);
