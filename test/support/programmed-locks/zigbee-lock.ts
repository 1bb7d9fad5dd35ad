/**
 * A Kwikset lock behind Zigbee2MQTT. What is published goes through the real converters of zigbee-herdsman-converters, both ways;
 * the state that goes out holds all that was ever read, as Zigbee2MQTT's does.
 */
import * as fz from 'zigbee-herdsman-converters/converters/fromZigbee';
import * as tz from 'zigbee-herdsman-converters/converters/toZigbee';
import { definitions } from 'zigbee-herdsman-converters/devices/kwikset';
import * as v from 'valibot';
import type { LockTarget, MqttMessage } from '../../../core/src/programmed-locks/target.ts';
import { zigbee2mqttLock } from '../../../core/src/programmed-locks/targets/zigbee2mqtt.ts';
import { StandInLock } from './stand-in-lock.ts';

const TOPIC = 'zigbee2mqtt/Front door';
const MODEL =
  definitions.find(({ model }) => model === '99140-002') ??
  definitions.find(({ meta }) => meta?.pinCodeCount);
const messageSchema = v.strictObject({ pin_code: v.record(v.string(), v.unknown()) });

interface Payload {
  readonly userid: number;
  readonly userstatus?: number;
  readonly usertype?: number;
  readonly pincodevalue?: string;
}

export class ZigbeeLock extends StandInLock {
  readonly target: LockTarget;
  readonly #count: number;
  readonly #exposesPins: boolean;
  readonly #users: Record<string, unknown> = {};
  #nowMs = 0;
  #answers: MqttMessage[] = [];

  /** `count` of the model's thirty slots. */
  constructor({ count, exposesPins }: { count: number; exposesPins: boolean }) {
    super();
    this.#count = count;
    this.#exposesPins = exposesPins;
    this.target = zigbee2mqttLock({ topic: TOPIC, slots: { first: 0, count } });
  }

  receive({ topic, payload }: MqttMessage, nowMs: number): MqttMessage[] {
    const message = v.parse(messageSchema, JSON.parse(payload));
    this.#nowMs = nowMs;
    this.#answers = [];
    const convert = {
      [`${TOPIC}/set`]: tz.pincode_lock.convertSet,
      [`${TOPIC}/get`]: tz.pincode_lock.convertGet,
    }[topic];
    if (!convert) return this.complain(`topic ${topic}`);
    const meta = { message, mapped: MODEL, options: {}, state: {} };
    // The converter runs up to its first command at once, and that is its last.
    const args = topic.endsWith('/set') ? ['pin_code', message.pin_code, meta] : ['pin_code', meta];
    const done = (convert as (...all: unknown[]) => Promise<unknown>).call(
      tz.pincode_lock,
      this.#entity,
      ...args,
    );
    done.catch((error: unknown) => this.complain(String(error)));
    return this.#answers;
  }

  protected override event(slot: number): MqttMessage[] {
    const data = { opereventcode: 2, userid: slot, opereventsrc: 0 };
    return [
      this.#publish(convertBack(fz.lock_operation_event, 'commandOperationEventNotification', data, {})),
    ];
  }

  protected override freeSlot(): number | undefined {
    return Array.from({ length: this.#count }, (_, at) => at).find((slot) => !this.codes.has(slot));
  }

  readonly #entity = {
    command: (cluster: string, command: string, payload: Payload): Promise<void> => {
      if (cluster === 'closuresDoorLock') this.#command(command, payload);
      return Promise.resolve();
    },
  };

  #command(command: string, { userid, userstatus, usertype, pincodevalue: pin = '' }: Payload): void {
    if (!Number.isInteger(userid) || userid >= this.#count) return void this.complain(`user ${userid}`);
    if (command === 'clearPinCode') this.remove(userid, this.#nowMs);
    if (command === 'getPinCode') this.#answers.push(this.#tell(userid));
    if (command !== 'setPinCode') return;
    if (!/^\d{4,8}$/u.test(pin) || userstatus !== 1 || usertype !== 0)
      return void this.complain('setPinCode');
    // The lock says nothing to a PIN that another slot has.
    if (!this.isTaken(pin, userid)) this.store(userid, { pin, label: '', window: null }, this.#nowMs);
  }

  #tell(userid: number): MqttMessage {
    const code = this.codes.get(userid);
    const data = { userid, userstatus: code ? 1 : 0, usertype: 0, pincodevalue: code?.pin ?? '' };
    const options = { expose_pin: this.#exposesPins };
    const { users } = convertBack(fz.lock_pin_code_response, 'commandGetPinCodeRsp', data, options);
    Object.assign(this.#users, users);
    return this.#publish({});
  }

  #publish(news: object): MqttMessage {
    return {
      topic: TOPIC,
      payload: JSON.stringify({ battery: 80, state: 'LOCK', ...news, users: this.#users }),
    };
  }
}

interface Converter {
  readonly convert: unknown;
}

function convertBack(
  converter: Converter,
  type: string,
  data: object,
  options: object,
): Record<string, unknown> {
  const convert = converter.convert as (...all: unknown[]) => Record<string, unknown>;
  return convert(MODEL, { type, data }, () => undefined, options, {});
}
