import { describe, expect, it } from '@jest/globals';
import { withBlueprintWishes } from './blueprint-wishes.js';

const wish = { name: 'x', base_blueprint: 'x.sh' };

describe('withBlueprintWishes', () => {
  it('gives what the blueprint asks for', () => {
    expect(withBlueprintWishes(wish, { proxy_mode: 'port', desktop: true })).toEqual({
      ...wish,
      access_mode: 'port',
      persistent_mode: true,
    });
    expect(withBlueprintWishes(wish, { proxy_mode: 'keep', desktop: false })).toEqual(wish);
  });

  it('leaves the last word to whoever creates the instance', () => {
    const said = { ...wish, access_mode: 'path' as const, persistent_mode: false };
    expect(withBlueprintWishes(said, { proxy_mode: 'port', desktop: true })).toEqual(said);
  });
});
