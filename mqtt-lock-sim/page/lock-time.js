/**
 * The lock's own time, in its zone. It ticks here between two words from the lock, so a page left open stays right.
 * @module
 */
/* global performance, setTimeout, clearTimeout */

const LOCALE = 'en-GB';

/** `Fri 27 Nov, 20:45` in a zone, from milliseconds since 1970 UTC. */
export function formatMoment(atMs, zone) {
  return new Intl.DateTimeFormat(LOCALE, {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(atMs);
}

/** `27 Nov 2026, 20:45 – 1 Dec 2026, 20:45` in a zone. */
export function formatWindow({ startsAtMs, endsAtMs }, zone) {
  const format = new Intl.DateTimeFormat(LOCALE, {
    timeZone: zone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return `${format.format(startsAtMs)} – ${format.format(endsAtMs)}`;
}

/** Shows and moves the clock; `set` takes what the lock says, `stop` is for when it says nothing any more. */
export function createClock(element) {
  let timer;
  const show = (text, title) => {
    element.textContent = text;
    element.title = title;
  };
  const stop = () => {
    clearTimeout(timer);
    show('', '');
  };
  const set = ({ atMs, clock }, zone) => {
    clearTimeout(timer);
    if (clock === 'lost') {
      show('Clock lost', 'The lock does not know the time since its power was cut.');
      return;
    }
    const format = new Intl.DateTimeFormat(LOCALE, {
      timeZone: zone,
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    // The page's own wall clock may be wrong or be set meanwhile; its monotonic one only measures what has passed.
    const offsetMs = atMs - performance.now();
    const tick = () => {
      const nowMs = performance.now() + offsetMs;
      show(format.format(nowMs), zone);
      timer = setTimeout(tick, 1000 - (nowMs % 1000));
    };
    tick();
  };
  return { set, stop };
}
