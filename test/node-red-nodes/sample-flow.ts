/** The flow that the tests run: one property, one unit, one lock, one feed; and a feed whose address is missing. */
import type { SampleHome } from './sample-home.ts';

/** Feed to code, every output, event and status sent on to the home. */
export function flowsFor(home: SampleHome): object[] {
  const post = (from: string, pick: string): object[] => [
    { id: `pick-${from}`, z: 'tab', type: 'function', func: pick, outputs: 1, wires: [[`post-${from}`]] },
    {
      ...{
        id: `post-${from}`,
        z: 'tab',
        type: 'http request',
        method: 'POST',
        ret: 'txt',
        paytoqs: 'ignore',
      },
      ...{ url: `${home.url}/${from}`, wires: [[]] },
    },
  ];
  const whole = 'const { req, res, ...rest } = msg; return { payload: rest };';
  return [
    { id: 'tab', type: 'tab', label: 'Home' },
    {
      ...{ id: 'site', type: 'stay-site', name: 'Home', zone: 'UTC', checkIn: '15:00', checkOut: '11:00' },
      ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
      ...{ minNights: 1, maxNights: 31 },
    },
    {
      id: 'unit',
      type: 'stay-unit',
      name: 'Flat A',
      site: 'site',
      unitId: 'flat-a',
      alphabet: 'decimal',
      keyVersion: 1,
    },
    { id: 'lock', type: 'stay-lock', name: 'Door', site: 'site', lockId: 'door', units: ['unit'] },
    { id: 'poll', z: 'tab', type: 'inject', props: [{ p: 'note', v: 'mine', vt: 'str' }], wires: [['feed']] },
    {
      id: 'feed',
      z: 'tab',
      type: 'stay-feed',
      unit: 'unit',
      intervalMinutes: 60,
      allowPrivate: true,
      wires: [['code', 'pick-event']],
    },
    { id: 'code', z: 'tab', type: 'stay-code', unit: '', wires: [['pick-guest'], ['pick-host']] },
    { id: 'bare', z: 'tab', type: 'stay-feed', unit: 'unit', intervalMinutes: 60, wires: [['code']] },
    { id: 'statuses', z: 'tab', type: 'status', scope: ['feed', 'code'], wires: [['pick-status']] },
    ...['event', 'guest', 'host', 'status'].flatMap((from) => post(from, whole)),
  ];
}

/** Node-RED's own node for a broker on this machine. MQTT 3.1.1, for the broker of the tests has no other. */
export function brokerNode(port: number): object {
  return {
    ...{ id: 'broker', type: 'mqtt-broker', name: '', broker: '127.0.0.1', port: String(port), clientid: '' },
    ...{ autoConnect: true, usetls: false, protocolVersion: '4', keepalive: '60', cleansession: true },
  };
}
