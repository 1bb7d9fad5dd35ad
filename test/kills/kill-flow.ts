/** Feed, code and mail, as a host wires them. */
export const UNIT_ID = 'flat-a';
export const SITE_KEY: string = '6b'.repeat(32);

/** @param confirms whether what was mailed, or failed, goes back to `stay-code` */
export function killFlows(smtpPort: number, confirms: boolean): object[] {
  const on = (rest: object): object => ({ z: 'tab', ...rest });
  const say = (id: string, event: string): object =>
    on({ id, type: 'function', outputs: 1, func: `return { event: '${event}', delivery: msg.delivery };` });
  return [
    { id: 'tab', type: 'tab', label: 'Home' },
    {
      ...{ id: 'site', type: 'stay-site', name: 'Home', zone: 'UTC', checkIn: '15:00', checkOut: '11:00' },
      ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
      ...{ minNights: 1, maxNights: 31 },
    },
    {
      ...{ id: 'unit', type: 'stay-unit', name: 'Flat A', site: 'site', unitId: UNIT_ID },
      ...{ alphabet: 'decimal', keyVersion: 1 },
    },
    on({
      ...{ id: 'feed', type: 'stay-feed', unit: 'unit', intervalMinutes: 60, allowPrivate: true },
      wires: [['code'], []],
    }),
    on({ id: 'code', type: 'stay-code', unit: 'unit', confirm: confirms, wires: [['address'], []] }),
    on({ id: 'address', type: 'function', outputs: 1, func: ADDRESS, wires: [['mail']] }),
    on({
      ...{ id: 'mail', type: 'e-mail', name: '', server: '127.0.0.1', port: String(smtpPort) },
      ...{ authtype: 'NONE', secure: false, tls: false, wires: [] },
    }),
    ...(confirms
      ? [
          on({ id: 'done', type: 'complete', scope: ['mail'], wires: [['say-sent']] }),
          on({ id: 'caught', type: 'catch', scope: ['mail'], wires: [['say-failed']] }),
          { ...say('say-sent', 'sent'), wires: [['code']] },
          { ...say('say-failed', 'failed'), wires: [['code']] },
        ]
      : []),
  ];
}

const ADDRESS = "msg.to = 'guest@example.org'; msg.from = 'host@example.org'; return msg;";
