/** How the picture is sent. */
export type Picture = 'sharp' | 'balanced' | 'fast';

export interface Encoding {
  /** Of JPEG parts, 0 to 9. */
  quality: number;
  /** 0 to 9; more costs the server more. */
  compression: number;
}

export const ENCODINGS: Readonly<Record<Picture, Encoding>> = {
  sharp: { quality: 9, compression: 1 },
  balanced: { quality: 6, compression: 2 },
  fast: { quality: 2, compression: 6 },
};

export const PICTURES: readonly { value: Picture; label: string; hint: string }[] = [
  { value: 'sharp', label: 'Sharp', hint: 'for a fast network' },
  { value: 'balanced', label: 'Balanced', hint: '' },
  { value: 'fast', label: 'Fast', hint: 'for a slow network' },
];

export function toPicture(text: string | null): Picture {
  return PICTURES.find(({ value }) => value === text)?.value ?? 'balanced';
}
