import { randomInt } from 'node:crypto';
import { lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paintLandscape } from './painter.mjs';
import { encodePng } from './png.mjs';

const WIDTH = 640;
const HEIGHT = 400;
const PAINTING = /^[A-Za-z0-9][A-Za-z0-9_-]*\.png$/;
const outputDir = process.env.INSTANCE_OUTPUT_DIR;

/** Paints a picture into the instance's output directory, where it appears under its name only when it is whole. */
export async function paint() {
  const seed = randomInt(2 ** 32);
  const palette = process.env.DEMO_PALETTE || 'dusk';
  const pixels = paintLandscape({ width: WIDTH, height: HEIGHT, seed, palette, grain: await readGrain() });
  const png = encodePng(WIDTH, HEIGHT, pixels, {
    Software: 'AiKore Demo',
    Comment: `seed ${seed}, palette ${palette}`,
  });
  const file = `demo-${new Date().toISOString().replace(/[:.]/g, '-')}-${seed}.png`;
  await mkdir(outputDir, { recursive: true });
  await writeFile(join(outputDir, `.${file}.partial`), png);
  await rename(join(outputDir, `.${file}.partial`), join(outputDir, file));
  console.log(`Painted ${file} (${png.length} bytes)`);
  return { file, bytes: png.length };
}

/** The noise that the blueprint prepared; without it the picture is smooth. */
async function readGrain() {
  const path = process.env.DEMO_GRAIN;
  return path ? await readFile(path) : Buffer.from([128]);
}

/** Path and size of a painting, or null: a plain file name, and neither a link nor anything but a file. */
export async function openPainting(name) {
  if (!PAINTING.test(name)) return null;
  const path = join(outputDir, name);
  const stats = await lstat(path).catch(() => null);
  return stats?.isFile() ? { path, bytes: stats.size } : null;
}
