import { stat } from 'node:fs/promises';

/** Whether something is there; a broken symbolic link counts as nothing. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
