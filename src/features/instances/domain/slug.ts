/**
 * Makes the path segment of an instance from its name: ASCII lower case, other runs become one dash, trimmed.
 * @param name as the operator wrote it
 * @param id of the instance, used when nothing of the name is left
 * @param isTaken whether another instance has that slug
 */
export function makeSlug(name: string, id: number, isTaken: (slug: string) => boolean): string {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || `i${id}`;
  let slug = base;
  for (let number = 2; isTaken(slug); number += 1) slug = `${base}-${number}`;
  return slug;
}
