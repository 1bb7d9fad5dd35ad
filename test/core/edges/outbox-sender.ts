/**
 * Child process of the outbox's test: issues codes, changes one of them, tells guests (a line in a file each) until all is
 * told, and kills itself at the n-th time that it gets to the step named, if one is.
 */
import { appendFileSync } from 'node:fs';
import type { AccessCode } from '../../../core/src/access-codes/access-code.ts';
import { DEFAULT_OUTBOX_POLICY } from '../../../core/src/access-codes/outbox.ts';
import { openAccessCodeStore } from '../../../core/src/edges/access-code-store.ts';

const [, , path = '', guests = '', now = '', dieAt = '', times = '1'] = process.argv;
const CODES = 6;
const nowMs = Number(now);
const store = openAccessCodeStore(path);
let left = Number(times);
const reach = (step: string): void => {
  if (step === dieAt && --left === 0) process.kill(process.pid, 'SIGKILL');
};
let ids = 0;
const queue = (): void => {
  store.outbox.queue('flat-a', {
    ...{ policy: DEFAULT_OUTBOX_POLICY, nowMs, newId: () => `${process.pid}-${++ids}` },
  });
};
const put = (...codes: AccessCode[]): void => {
  store.changeUnit('flat-a', () => ({ put: codes }));
  reach('issued');
  queue();
  reach('queued');
};
const sendAll = (): void => {
  let claimed = store.outbox.claimNext(nowMs, DEFAULT_OUTBOX_POLICY);
  for (; claimed; claimed = store.outbox.claimNext(nowMs, DEFAULT_OUTBOX_POLICY)) {
    reach('claimed');
    const { reservationId, stay, mayBeDuplicate, replacesEarlier, id } = claimed.message;
    const line = { reservationId, endsAtMs: stay.endsAtMs, mayBeDuplicate, replacesEarlier };
    appendFileSync(guests, `${JSON.stringify(line)}\n`);
    reach('told');
    store.outbox.markSent(id, nowMs);
    reach('marked');
  }
};

queue();
for (let number = store.readUnit('flat-a').codes.length; number < CODES; number++) {
  const startsAtMs = Date.UTC(2030, 0, number * 10);
  const stay = { startsAtMs, endsAtMs: startsAtMs + 86_400_000 };
  put({
    ...{
      id: `code-${number}`,
      unitId: 'flat-a',
      keyVersion: 1,
      alphabet: 'decimal',
      kind: 'stay',
      revision: 0,
    },
    ...{ reservationId: `stay-${number}`, ...stay, stay, issuedAtMs: 1, leftAtMs: null, withdrawnAtMs: null },
  });
  if (number % 2 === 0) sendAll();
}
for (const code of store
  .readUnit('flat-a')
  .codes.filter(({ stay, endsAtMs }) => stay.endsAtMs === endsAtMs)) {
  put({ ...code, stay: { ...code.stay, endsAtMs: code.endsAtMs - 1 } });
}
sendAll();
store.close();
