/** A fixed piece of work that depends on nothing but the processor; @returns how long it took, in milliseconds. */
export function calibrationMs() {
  const began = process.hrtime.bigint();
  let value = 1;
  for (let step = 0; step < 20_000_000; step += 1) value = (value * 48_271) % 2_147_483_647;
  const tookMs = Number(process.hrtime.bigint() - began) / 1e6;
  // The value is used, so that the loop cannot be left out.
  return value > 0 ? tookMs : Number.NaN;
}
