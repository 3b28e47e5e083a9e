import { ValidationPipe } from '@nestjs/common';
import { ValidateIf } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { AppError, invalidFields } from '../errors.js';

/** Checks bodies against their DTO classes; unknown fields are refused, and every field gets its own sentence. */
export function createValidationPipe(): ValidationPipe {
  return new HonestValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: toAppError,
  });
}

/** Refuses what Nest would remove without a word: nothing is accepted and ignored. */
class HonestValidationPipe extends ValidationPipe {
  protected override stripProtoKeys(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    const details: Record<string, string> = {};
    for (const [field, content] of Object.entries(value)) {
      const name = PROTOTYPE_NAMES.has(field) ? field : prototypeNameIn(content);
      if (name !== null) details[field] = `The name "${name}" cannot be used here.`;
    }
    if (Object.keys(details).length > 0) throw invalidFields(details);
  }
}

/** Names that lead to what all objects share. */
const PROTOTYPE_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

function prototypeNameIn(content: unknown): string | null {
  if (typeof content !== 'object' || content === null) return null;
  for (const [name, inner] of Object.entries(content)) {
    const found = PROTOTYPE_NAMES.has(name) ? name : prototypeNameIn(inner);
    if (found !== null) return found;
  }
  return null;
}

function toAppError(errors: ValidationError[]): AppError {
  const details: Record<string, string> = {};
  for (const error of errors) {
    const [rule, sentence] = Object.entries(error.constraints ?? {})[0] ?? [
      '',
      'It is not what is expected here.',
    ];
    if (rule === 'unknownValue')
      return new AppError('malformed', 'NOT_AN_OBJECT', 'The body must be a JSON object.');
    details[error.property] = rule === 'whitelistValidation' ? 'There is no such field.' : sentence;
  }
  return invalidFields(details);
}

/** The field may be left out; unlike class-validator's IsOptional, null does not count as left out. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** The field may be left out or null. */
export function MayBeNull(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined && value !== null);
}

/** Reads an id from a path. What is not a number names nothing. */
export function parseId(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AppError('not_found', 'INSTANCE_NOT_FOUND', 'There is no instance of that id.');
}

/** Reads a switch from a query. */
export function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}
