/** A real HomeKit controller, paired with one bridge or accessory: what the Home app would read, write and be told. */
import { HttpClient } from 'hap-controller';
import type { RunningHomebridge } from '../support/homebridge.ts';

/** Apple's short UUIDs of what the tests look at: service and characteristic. Of two contact sensors the door's can be tampered with. */
const PLACES = {
  serial: ['3E', '30'],
  current: ['45', '1D'],
  target: ['45', '1E'],
  level: ['96', '68'],
  low: ['96', '79'],
  occupancy: ['86', '71'],
  occupancyActive: ['86', '75'],
  keypad: ['89', '73'],
  door: ['80 tampered', '6A'],
  doorTampered: ['80 tampered', '7A'],
  doorActive: ['80 tampered', '75'],
  alarm: ['80', '6A'],
  alarmActive: ['80', '75'],
  lastAction: ['44', '1C'],
  codesControl: ['260', '262'],
  codesSupported: ['260', '261'],
  codesState: ['260', '263'],
} as const;
export type Place = keyof typeof PLACES;
const LOCK_SERVICE = '45';

interface Reading {
  readonly aid?: number;
  readonly iid?: number;
  readonly value?: unknown;
  readonly status?: number;
}
type PairingData = NonNullable<ReturnType<HttpClient['getLongTermData']>>;
type Accessory = Awaited<ReturnType<HttpClient['getAccessories']>>['accessories'][number];
export type Ids = Partial<Record<Place, string>>;

export class HomeApp {
  /** Events as `current 0`, in the order of their arrival. */
  readonly events: string[] = [];
  /** Called with each at its arrival. */
  told: (event: string) => void = () => undefined;
  readonly #client: HttpClient;
  #ids: Ids = {};

  constructor(bridge: Pick<RunningHomebridge, 'username' | 'port'>, pairing?: PairingData) {
    const { username, port } = bridge;
    this.#client = new HttpClient(username, '127.0.0.1', port, pairing, {
      usePersistentConnections: true,
      subscriptionsUseSameConnection: true,
    });
    this.#client.on('event', ({ characteristics }: { characteristics: Reading[] }) => {
      // Homebridge lists them last first, because Apple's side reads them so.
      for (const each of characteristics.reverse()) {
        const place = this.#placeOf(`${each.aid ?? ''}.${each.iid ?? ''}`);
        if (place === undefined) continue;
        const event = `${place} ${String(each.value)}`;
        this.events.push(event);
        this.told(event);
      }
    });
  }

  /** Pairs and returns what a later client needs to be the same controller. */
  async pair(pin: string): Promise<PairingData> {
    await this.#client.pairSetup(pin);
    const pairing = this.#client.getLongTermData();
    if (pairing === null) throw new Error('expected pairing data');
    return pairing;
  }

  /** Learns what there is of one lock, the first unless another is meant, by "aid.iid". */
  async discover(at = 0): Promise<Ids> {
    const lock = (await this.locks())[at];
    this.#ids = lock ? idsOf(lock) : {};
    return this.#ids;
  }

  /** Everything that has a lock. */
  async locks(): Promise<Accessory[]> {
    const { accessories } = await this.#client.getAccessories();
    return accessories.filter(({ services }) => services.some(({ type }) => shortOf(type) === LOCK_SERVICE));
  }

  /** To what there is of the places named. */
  async subscribe(...places: Place[]): Promise<void> {
    await this.#client.subscribeCharacteristics(places.map((place) => this.#id(place)));
  }

  /** The value, or `status -70402` and the like. */
  async read(place: Place): Promise<unknown> {
    const [reading] = (await this.#client.getCharacteristics([this.#id(place)])).characteristics as Reading[];
    return reading?.status ? `status ${reading.status}` : reading?.value;
  }

  /** `done`, or `status -70402` and the like. */
  async write(place: Place, value: unknown): Promise<string> {
    const answer = await this.#client.setCharacteristics({ [this.#id(place)]: value });
    const [written] = answer.characteristics as Reading[];
    return written?.status ? `status ${written.status}` : 'done';
  }

  /** Writes and returns what came back with the write, or `status -70402` and the like. */
  async ask(place: Place, value: unknown): Promise<unknown> {
    const answer = await this.#client.setCharacteristics({ [this.#id(place)]: { value, r: true } });
    const [written] = answer.characteristics as Reading[];
    return written?.status ? `status ${written.status}` : written?.value;
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  #id(place: Place): string {
    const id = this.#ids[place];
    if (id === undefined) throw new Error(`there is no ${place}`);
    return id;
  }

  #placeOf(id: string): string | undefined {
    return Object.entries(this.#ids).find(([, each]) => each === id)?.[0];
  }
}

function idsOf({ aid, services }: Accessory): Ids {
  const ids: Ids = {};
  for (const service of services) {
    const kind = shortOf(service.type);
    const isDoor = kind === '80' && service.characteristics.some(({ type }) => shortOf(type ?? '') === '7A');
    const serviceType = isDoor ? '80 tampered' : kind;
    for (const { type, iid } of service.characteristics) {
      const pair = [serviceType, shortOf(type ?? '')].join();
      const place = Object.entries(PLACES).find(([, each]) => each.join() === pair)?.[0];
      if (place !== undefined) ids[place as Place] = `${aid}.${iid ?? ''}`;
    }
  }
  return ids;
}

function shortOf(uuid: string): string {
  return (uuid.split('-')[0] ?? '').replace(/^0+/u, '').toUpperCase();
}
