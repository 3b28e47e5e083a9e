/** Going back means putting the backup in place; a database is never taken apart. */
export function refuseToGoBack(): Promise<never> {
  return Promise.reject(new Error('migrations are not reverted; restore the backup'));
}
