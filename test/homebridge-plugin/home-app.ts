/** A real HomeKit controller, paired with one bridge: what the Home app would read, write and be told. */
import { HttpClient } from 'hap-controller';
import type { RunningHomebridge } from '../support/homebridge.ts';

/** Apple's short UUIDs of what the tests look at. */
const SERVICES = { lock: '45', battery: '96', information: '3E' };
const CHARACTERISTICS = { current: '1D', target: '1E', level: '68', low: '79', serial: '30' };
export type Place = keyof typeof CHARACTERISTICS;

interface Reading {
  readonly aid?: number;
  readonly iid?: number;
  readonly value?: unknown;
  readonly status?: number;
}
type PairingData = NonNullable<ReturnType<HttpClient['getLongTermData']>>;

export class HomeApp {
  /** Events as `current 0`, in the order of their arrival. */
  readonly events: string[] = [];
  readonly #client: HttpClient;
  #ids: Partial<Record<Place, string>> = {};

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
        if (place !== undefined) this.events.push(`${place} ${String(each.value)}`);
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

  /** Learns what there is beside the bridge itself, by "aid.iid". */
  async discover(): Promise<Partial<Record<Place, string>>> {
    const { accessories } = await this.#client.getAccessories();
    this.#ids = {};
    for (const { aid, services } of accessories.filter((each) => each.aid !== 1)) {
      for (const service of services.filter(({ type }) => Object.values(SERVICES).includes(shortOf(type)))) {
        for (const { type, iid } of service.characteristics) {
          const place = Object.entries(CHARACTERISTICS).find(
            ([, short]) => short === shortOf(type ?? ''),
          )?.[0];
          if (place !== undefined) this.#ids[place as Place] = `${aid}.${iid ?? ''}`;
        }
      }
    }
    return this.#ids;
  }

  async subscribe(): Promise<void> {
    await this.#client.subscribeCharacteristics([this.#id('current'), this.#id('target')]);
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

function shortOf(uuid: string): string {
  return (uuid.split('-')[0] ?? '').replace(/^0+/u, '').toUpperCase();
}
