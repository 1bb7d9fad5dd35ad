/** A Nuki lock behind Nuki Hub, as far as keypad codes go. Its clock is in UTC. */
import * as v from 'valibot';
import type { LockTarget, MqttMessage } from '../../../core/src/programmed-locks/target.ts';
import { nukiHubLock } from '../../../core/src/programmed-locks/targets/nuki-hub.ts';
import { StandInLock, type StoredCode } from './stand-in-lock.ts';

const TOPIC = 'nukihub/lock';
const text = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u));
const fields = {
  code: v.pipe(v.string(), v.regex(/^(?!12)[1-9]{6}$/u)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(20)),
  ...{ timeLimited: v.literal('1'), allowedFrom: text, allowedUntil: text },
};
const actionSchema = v.variant('action', [
  v.strictObject({ action: v.literal('add'), ...fields }),
  v.strictObject({ action: v.literal('update'), codeId: v.string(), enabled: v.literal('1'), ...fields }),
  v.strictObject({ action: v.literal('delete'), codeId: v.string() }),
]);

export class NukiLock extends StandInLock {
  readonly target: LockTarget;
  readonly #count: number;
  #lastId = 1000;
  #lastIndex = 40;
  readonly #log: object[] = [];

  constructor({ count }: { count: number }) {
    super();
    this.#count = count;
    this.target = nukiHubLock({ topic: TOPIC, zone: 'UTC', count });
  }

  receive({ topic, payload }: MqttMessage, nowMs: number): MqttMessage[] {
    if (topic === `${TOPIC}/query/keypad` && payload === '1') return [this.#list()];
    if (topic !== `${TOPIC}/keypad/actionJson`) return this.complain(`topic ${topic}`);
    const parsed = v.safeParse(actionSchema, JSON.parse(payload));
    if (!parsed.success) return this.complain(v.summarize(parsed.issues));
    const result = this.#act(parsed.output, nowMs);
    return [{ topic: `${TOPIC}/keypad/commandResultJson`, payload: result }, this.#list()];
  }

  protected override event(slot: number): MqttMessage[] {
    const log = { authorizationId: 0, type: 'KeypadAction', action: 'Unlock', trigger: 'code' };
    this.#log.unshift({ index: ++this.#lastIndex, ...log, completionStatus: 'success', codeId: slot });
    // The hub publishes the last few entries with each new one.
    return [{ topic: `${TOPIC}/shortLog`, payload: JSON.stringify(this.#log.slice(0, 3)) }];
  }

  protected override freeSlot(): number | undefined {
    return this.codes.size < this.#count ? ++this.#lastId : undefined;
  }

  #act(action: v.InferOutput<typeof actionSchema>, nowMs: number): string {
    if (action.action === 'delete') {
      if (!this.codes.has(Number(action.codeId))) return 'noExistingCodeIdSet';
      this.remove(Number(action.codeId), nowMs);
      return 'success';
    }
    const window = { startsAtMs: toMs(action.allowedFrom), endsAtMs: toMs(action.allowedUntil) };
    const code: StoredCode = { pin: action.code, label: action.name, window };
    if (action.action === 'update') {
      const slot = Number(action.codeId);
      if (!this.codes.has(slot)) return 'noExistingCodeIdSet';
      if (this.isTaken(code.pin, slot)) return 'failed';
      this.store(slot, code, nowMs);
      return 'success';
    }
    if (this.isTaken(code.pin, 0)) return 'failed';
    const slot = this.freeSlot();
    if (slot === undefined) return 'failed';
    this.store(slot, code, nowMs);
    return 'success';
  }

  #list(): MqttMessage {
    const list = [...this.codes].map(([codeId, { label, window }]) => ({
      ...{ codeId, enabled: 1, name: label, dateCreated: '2026-01-01 10:00:00', lockCount: 0 },
      timeLimited: window ? 1 : 0,
      allowedFrom: window ? toText(window.startsAtMs) : '0000-00-00 00:00:00',
      allowedUntil: window ? toText(window.endsAtMs) : '0000-00-00 00:00:00',
    }));
    return { topic: `${TOPIC}/keypad/json`, payload: JSON.stringify(list) };
  }
}

function toMs(time: string): number {
  return Date.parse(`${time.replace(' ', 'T')}Z`);
}

function toText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}
