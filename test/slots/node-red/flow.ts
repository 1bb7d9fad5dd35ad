/** A Node-RED with an API, flats behind each of three ordinary locks, and what becomes of them sent on to a web server. */
import { createHash } from 'node:crypto';
import type { NukiLock } from '../../support/programmed-locks/nuki-lock.ts';
import type { ZigbeeLock } from '../../support/programmed-locks/zigbee-lock.ts';
import type { ZwaveLock } from '../../support/programmed-locks/zwave-lock.ts';
import { API_KEY, SITE_KEY } from '../../node-red-nodes/stay-api/api-flow.ts';

/** Where Node-RED publishes every half a minute. */
export const BEAT = 'beat';

export interface Door {
  readonly lockId: string;
  /** How its topics begin. */
  readonly topic: string;
  readonly lock: NukiLock | ZwaveLock | ZigbeeLock;
  readonly unitIds: readonly string[];
  /** Of the `stay-program` node. */
  readonly settings: object;
}

export function flowOf(doors: readonly Door[], brokerPort: number, toldUrl: string): object[] {
  return [
    { id: 'tab', type: 'tab', label: 'Home' },
    {
      ...{ id: 'site', type: 'stay-site', name: 'Home', zone: 'UTC', checkIn: '15:00', checkOut: '11:00' },
      ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
      ...{ minNights: 1, maxNights: 31 },
    },
    {
      ...{ id: 'broker', type: 'mqtt-broker', name: '', broker: '127.0.0.1', port: String(brokerPort) },
      // An hour of the fast clock is soon over: no ping is late because the clock runs fast.
      ...{ autoConnect: true, usetls: false, protocolVersion: '4', keepalive: '36000', cleansession: true },
    },
    {
      id: 'api',
      z: 'tab',
      type: 'stay-api',
      name: '',
      path: '/staycode',
      callsPerMinute: 6000,
      wires: [[], []],
    },
    ...doors.flatMap(({ lockId, unitIds, settings }) => [
      ...unitIds.map((unitId) => ({
        ...{
          id: `unit-${unitId}`,
          type: 'stay-unit',
          name: unitId,
          site: 'site',
          unitId,
          alphabet: 'decimal',
        },
        keyVersion: 1,
      })),
      {
        id: `lock-${lockId}`,
        type: 'stay-lock',
        name: lockId,
        site: 'site',
        lockId,
        units: unitIds.map((id) => `unit-${id}`),
      },
      {
        ...{
          id: lockId,
          z: 'tab',
          type: 'stay-program',
          lock: `lock-${lockId}`,
          broker: 'broker',
          ...settings,
        },
        wires: [[], ['pick'], []],
      },
    ]),
    // Says that Node-RED runs: a machine that has no time for it is as good as one that is out.
    {
      id: 'beat',
      z: 'tab',
      type: 'inject',
      props: [{ p: 'payload', v: '1' }],
      repeat: '30',
      wires: [['say']],
    },
    {
      id: 'say',
      z: 'tab',
      type: 'mqtt out',
      topic: BEAT,
      qos: '0',
      retain: 'false',
      broker: 'broker',
      wires: [],
    },
    {
      ...{ id: 'pick', z: 'tab', type: 'function', outputs: 1, wires: [['post']] },
      func: 'const { mayBeDuplicate, payload } = msg; return { payload: { payload, mayBeDuplicate } };',
    },
    {
      ...{ id: 'post', z: 'tab', type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' },
      ...{ url: toldUrl, wires: [[]] },
    },
  ];
}

export function credentialsOfFlow(): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const hash = createHash('sha256').update(API_KEY).digest('hex');
  return {
    site: { siteKey: SITE_KEY },
    api: { keys: JSON.stringify([{ name: 'PMS', hash }]), webhookUrl: '', webhookSecret: '' },
  };
}
