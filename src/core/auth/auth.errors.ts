import { AppError } from '../errors.js';

export function wrongPassword(): AppError {
  return new AppError('unauthenticated', 'WRONG_PASSWORD', 'This is not the password.');
}

export function noPasswordSet(): AppError {
  return new AppError(
    'unauthenticated',
    'NO_PASSWORD_SET',
    'No password is set yet. Open the one-time sign-in link that AiKore printed when it started, in its terminal or container log; each start prints a new one.',
  );
}

export function passwordFromEnvironment(): AppError {
  return new AppError(
    'conflict',
    'PASSWORD_FROM_ENVIRONMENT',
    'The password comes from AIKORE_PASSWORD. Change it there and start AiKore again.',
  );
}

export function notSignedIn(sentence: string): AppError {
  return new AppError('unauthenticated', 'NOT_SIGNED_IN', sentence);
}
