/**
 * Locks behind Zigbee2MQTT: `pin_code` is set, cleared and read a slot at a time; no schedules. PINs travel as text, for as a
 * number 0421 would be 421. Source: Zigbee2MQTT's `pin_code` and `users` fields, zigbee-herdsman-converters.
 * @module
 */
import * as v from 'valibot';
import { parseJson } from '../json.ts';
import type { LockReport, LockTarget, MqttMessage } from '../target.ts';

export interface Zigbee2MqttOptions {
  /** Topic of the lock, such as `zigbee2mqtt/Front door`. */
  readonly topic: string;
  /** Slots that Staycode may use; the model says how many there are, counted from 0. */
  readonly slots: { readonly first: number; readonly count: number };
  /** Where the lock takes fewer lengths than 4 to 8. */
  readonly pinDigits?: { readonly min: number; readonly max: number };
}

/** How many PINs the models keep, by vendor. */
export const ZIGBEE_SLOTS = { yale: 250, kwikset: 30, weiser: 30, schlage: 30, danalock: 20 } as const;

const FREE = 'available';
const userSchema = v.object({ status: v.string(), pin_code: v.optional(v.string()) });
const stateSchema = v.object({
  users: v.optional(v.record(v.pipe(v.string(), v.regex(/^\d+$/u)), userSchema)),
  action: v.optional(v.nullable(v.string())),
  action_source_name: v.optional(v.nullable(v.string())),
  action_user: v.optional(v.nullable(v.number())),
});

/** A lock behind Zigbee2MQTT. */
export function zigbee2mqttLock({ topic, slots, pinDigits }: Zigbee2MqttOptions): LockTarget {
  const { min, max } = pinDigits ?? { min: 4, max: 8 };
  return {
    pinLimits: { minDigits: min, maxDigits: max, symbols: '0123456789', refusedStarts: [] },
    slots: { chosenBy: 'host', ...slots },
    keepsWindow: 'no',
    isAnswerNew: false,
    topics: [topic],
    write: (command) => {
      const { slot: user } = command;
      switch (command.do) {
        case 'set':
          return [
            message(`${topic}/set`, {
              user,
              user_type: 'unrestricted',
              user_enabled: true,
              pin_code: command.pin,
            }),
          ];
        case 'clear':
          return [message(`${topic}/set`, { user, pin_code: null })];
        case 'set-window':
        case 'clear-window':
          return [];
        case 'read':
          return [message(`${topic}/get`, { user })];
      }
    },
    read: (incoming) => (incoming.topic === topic ? readState(incoming) : []),
  };
}

function readState({ payload, isRetained }: MqttMessage): LockReport[] {
  const state = parseJson(payload, stateSchema);
  if (state === null) return [];
  const slots = Object.entries(state.users ?? {}).map(([slot, user]): LockReport => {
    const entry = { pin: user.pin_code ?? null, label: null, window: null };
    return { report: 'slot', slot: Number(slot), entry: user.status === FREE ? null : entry };
  });
  const { action, action_source_name: source, action_user: slot } = state;
  const isOpened = action === 'keypad_unlock' || (action === 'unlock' && source === 'keypad');
  // A retained action is of someone who may have had the slot before.
  return isOpened && typeof slot === 'number' && !isRetained ? [...slots, { report: 'opened', slot }] : slots;
}

function message(topic: string, pinCode: object): MqttMessage {
  return { topic, payload: JSON.stringify({ pin_code: pinCode }) };
}
