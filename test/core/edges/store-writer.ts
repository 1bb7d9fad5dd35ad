/** Child process of the store's test: changes a unit for ever and says so after each change. */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';

const [, , path = ''] = process.argv;
const store = openAccessCodeStore(path);
for (;;) {
  const id = randomUUID();
  store.changeUnit('flat-a', ({ codes }) => {
    const startsAtMs = codes.length * 1000;
    const times = { startsAtMs, endsAtMs: startsAtMs + 1000 };
    const unit = { unitId: 'flat-a', keyVersion: 1, alphabet: 'decimal' } as const;
    const gate = { pass: true, override: null } as const;
    const stay = {
      id,
      source: 'hand',
      bookingId: null,
      ...times,
      guestName: null,
      displaces: [],
      gate,
    } as const;
    const state = { issuedAtMs: startsAtMs, leftAtMs: null, withdrawnAtMs: null };
    return {
      put: [{ id, ...unit, reservationId: id, kind: 'stay', revision: 0, ...times, stay: times, ...state }],
      keep: [{ stay, sinceMs: startsAtMs, toldBy: null, held: { reason: 'conflict', detail: id } }],
    };
  });
  writeSync(1, `${id}\n`);
}
