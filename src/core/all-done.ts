/**
 * Like Promise.all, but a failure is told only when all have come to their end, so that nothing of them is still under
 * way while the failure is being cleared up.
 */
export async function allDone<T extends readonly unknown[]>(tasks: {
  [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(tasks);
  return await Promise.all(tasks);
}
