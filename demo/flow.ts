/** The demo's flow: feed, code, message, and what comes home from the door. */

export interface FlowAddresses {
  readonly zone: string;
  /** Where the flow delivers the guests' messages. */
  readonly messagesUrl: string;
  readonly brokerPort: number;
}

export const UNIT_ID = 'flat-a';
export const LOCK_ID = 'front-door';

/** The flow file of Node-RED; the secrets stand apart, in its credentials. */
export function createFlow({ zone, messagesUrl, brokerPort }: FlowAddresses): object[] {
  const on = (id: string, type: string, x: number, y: number, rest: object): object => ({
    id,
    type,
    z: 'tab',
    x,
    y,
    ...rest,
  });
  return [
    { id: 'tab', type: 'tab', label: 'Stays' },
    {
      ...{ id: 'site', type: 'stay-site', name: 'Sample house', zone, checkIn: '15:00', checkOut: '11:00' },
      ...{ checkInFrom: '14:00', checkInTo: '18:00', checkOutFrom: '09:00', checkOutTo: '12:00' },
      ...{ minNights: 1, maxNights: 31 },
    },
    {
      id: 'unit',
      type: 'stay-unit',
      name: 'Flat A',
      site: 'site',
      unitId: UNIT_ID,
      alphabet: 'decimal',
      keyVersion: 1,
    },
    { id: 'lock', type: 'stay-lock', name: 'Front door', site: 'site', lockId: LOCK_ID, units: ['unit'] },
    {
      ...{ id: 'broker', type: 'mqtt-broker', name: 'Broker', broker: '127.0.0.1', port: String(brokerPort) },
      ...{ clientid: '', autoConnect: true, usetls: false, protocolVersion: '4', keepalive: '60' },
      ...{ cleansession: true, autoUnsubscribe: true },
    },
    on('door', 'stay-lock-in', 290, 260, {
      name: '',
      lock: 'lock',
      broker: 'broker',
      wires: [['opening'], ['host']],
    }),
    on('opening', 'debug', 660, 260, {
      name: 'at the door',
      active: true,
      tosidebar: true,
      complete: 'payload',
    }),
    on('poll', 'inject', 130, 120, {
      name: 'check now',
      props: [],
      repeat: '',
      once: false,
      wires: [['feed']],
    }),
    on('feed', 'stay-feed', 290, 120, {
      name: 'Airbnb',
      unit: 'unit',
      intervalMinutes: 15,
      allowPrivate: true,
      wires: [['code'], ['host']],
    }),
    on('code', 'stay-code', 450, 120, { name: '', unit: '', wires: [['shape', 'guest'], ['host']] }),
    on('shape', 'change', 640, 120, {
      name: 'as JSON',
      rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '{ "text": payload, "code": code }', tot: 'jsonata' }],
      wires: [['phone']],
    }),
    on('phone', 'http request', 830, 120, {
      ...{
        name: "guest's phone",
        method: 'POST',
        ret: 'txt',
        paytoqs: 'ignore',
        url: messagesUrl,
        wires: [[]],
      },
    }),
    on('guest', 'debug', 660, 60, {
      name: 'for the guest',
      active: true,
      tosidebar: true,
      complete: 'payload',
    }),
    on('host', 'debug', 660, 180, {
      name: 'for the host',
      active: true,
      tosidebar: true,
      complete: 'payload',
    }),
  ];
}
