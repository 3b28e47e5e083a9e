import { Observable } from '../../src/base/observable.js';
import { readPreference, writePreference } from '../../src/base/preferences.js';
import { toPicture } from '../domain/picture.js';
import type { Wishes } from './screen.js';

/** How this browser shows this desktop; each desktop has an address of its own, so the choice is its own as well. */
export function rememberedWishes(): Observable<Wishes> {
  const wishes = new Observable<Wishes>({
    picture: toPicture(readPreference('desktop.picture')),
    isFollowing: readPreference('desktop.size') !== 'kept',
    // Whoever only looked yesterday wonders today why nothing can be clicked.
    isViewOnly: false,
  });
  wishes.on(({ picture, isFollowing }) => {
    writePreference('desktop.picture', picture);
    writePreference('desktop.size', isFollowing ? 'follows' : 'kept');
  });
  return wishes;
}
