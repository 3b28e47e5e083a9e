import { FOLDER_OPERATIONS } from '../support/crash-operations.js';
import { describeDeathsDuring } from '../support/crash-suite.js';

describeDeathsDuring('what changes rows and folders', FOLDER_OPERATIONS);
