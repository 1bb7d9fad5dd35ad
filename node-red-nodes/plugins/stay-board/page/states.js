/**
 * How a stay stands, in a shape and words of its own; the colour comes on top.
 * @module
 */
import { t } from './words.js';

export const STATES = ['created', 'setting', 'set', 'verified', 'held', 'conflict', 'revoked', 'expired'];

/** Told apart in black and white and at 14 pixels. */
export const SHAPES = {
  created: 'M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0-14z',
  setting: 'M4 12h14M12.5 6l6 6-6 6',
  set: 'M4.5 12.5l5 5L19.5 7',
  verified: 'M7 20.5V3.5h10v17M4 20.5h16M13.5 12v.5',
  held: 'M8.5 5v14M15.5 5v14',
  conflict: 'M12 3.5L2.5 20h19zM12 10v4.5M12 17.2v.3',
  revoked: 'M6 6l12 12M18 6L6 18',
  expired: 'M6 12h12',
};

/** `Guest has the code`, or of a stay that has none the reason. */
export function stateText({ state, reason }) {
  return state === 'held' && reason ? t(`reason.${reason}`) : t(`state.${state}`);
}

/** The same in a word or two. */
export const shortText = ({ state, reason }) =>
  state === 'held' && reason ? t(`reason.${reason}`) : t(`short.${state}`);

/** The guest's name, where the reader may know it and the booking says it. */
export const guestText = ({ guestName, source, id }) =>
  guestName ?? (source === 'hand' ? t('guest.hand') : id && source ? t('guest.none') : '');
