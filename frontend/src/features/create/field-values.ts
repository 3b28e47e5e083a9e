import type { InstanceCreate } from '../../../../src/contracts/instance.js';

/** The values of the form; `port` is absent when AiKore is to choose. */
export type FieldValues = Omit<InstanceCreate, 'base_blueprint'>;

/** The columns of which the form has fields. */
export type FieldKey = keyof FieldValues;
