import { SATELLITE_OPERATIONS } from '../support/crash-satellites.js';
import { describeDeathsDuring } from '../support/crash-suite.js';

describeDeathsDuring('what makes and changes satellites', SATELLITE_OPERATIONS);
