/** Colours from top to bottom of the sky, then of the hills. */
const PALETTES = {
  dusk: { sky: ['#1b1f4b', '#6b3fa0', '#f0876b', '#ffd9a0'], hills: ['#5a3d7a', '#3a2a5c', '#1d1838'] },
  ocean: { sky: ['#0b2545', '#13678a', '#45c4b0', '#dafdba'], hills: ['#1f7a8c', '#12516b', '#0a2f4a'] },
  forest: { sky: ['#16324f', '#3c7a6b', '#b4d98c', '#fff3b8'], hills: ['#4f8a4c', '#2f6138', '#173822'] },
};

const toRgb = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const mix = (a, b, share) => a.map((value, channel) => value + (b[channel] - value) * share);

function gradient(colours, position) {
  const scaled = position * (colours.length - 1);
  const index = Math.min(Math.floor(scaled), colours.length - 2);
  return mix(colours[index], colours[index + 1], scaled - index);
}

/** Heights of a range of hills: a few waves, each smaller and quicker than the one before. */
function ridge(random, width, base, swing) {
  const waves = [1, 2, 3, 4].map((order) => ({
    pace: order * (1 + random()),
    phase: random() * 7,
    size: swing / order,
  }));
  return Float64Array.from({ length: width }, (_, x) =>
    waves.reduce(
      (height, wave) => height + wave.size * Math.sin((x / width) * wave.pace * 3 + wave.phase),
      base,
    ),
  );
}

/** mulberry32: a small generator, so that a painting can be painted again from its seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function scene(width, height, seed, palette) {
  const { sky, hills } = PALETTES[palette] ?? PALETTES.dusk;
  const random = randomFrom(seed);
  const sun = {
    x: width * (0.2 + 0.6 * random()),
    y: height * (0.35 + 0.2 * random()),
    radius: height * 0.09,
  };
  const ranges = hills.map((colour, index) => ({
    colour: toRgb(colour),
    tops: ridge(random, width, height * (0.62 + 0.13 * index), height * 0.05),
  }));
  return { sky: sky.map(toRgb), sun, ranges: ranges.reverse() };
}

function colourAt({ sky, sun, ranges }, x, y, height) {
  const range = ranges.find(({ tops }) => y > tops[x]);
  if (range) return mix(range.colour, [255, 255, 255], Math.max(0, 0.12 - (y - range.tops[x]) / height));
  const glow = Math.hypot(x - sun.x, y - sun.y) / sun.radius;
  const background = gradient(sky, Math.min(1, y / (height * 0.8)));
  return mix(background, [255, 248, 225], glow < 1 ? 1 : Math.max(0, 0.55 - (glow - 1) * 0.18));
}

/**
 * Paints a landscape.
 * @param grain bytes of noise, repeated as needed
 * @returns RGB, three bytes a pixel
 */
export function paintLandscape({ width, height, seed, palette, grain }) {
  const view = scene(width, height, seed, palette);
  const pixels = new Uint8ClampedArray(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const noise = ((grain[(seed + at) % grain.length] ?? 128) - 128) / 24;
      const colour = colourAt(view, x, y, height);
      for (let channel = 0; channel < 3; channel++) pixels[at + channel] = colour[channel] + noise;
    }
  }
  return pixels;
}
