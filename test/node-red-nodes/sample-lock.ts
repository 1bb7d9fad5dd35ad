/** A real lock over MQTT, with the keys that a site's Node-RED would give it. */
import { randomBytes } from 'node:crypto';
import {
  compileRules,
  DEFAULT_HOUSE_RULES,
  DEFAULT_KEEPER,
  deriveLockKey,
  deriveUnitKey,
} from '@staycode/core';
import { systemClock } from '@staycode/core/edges';
import { connectLock } from '../../mqtt-lock-sim/src/mqtt.ts';
import { SimulatedLock } from '../../mqtt-lock-sim/src/simulated-lock.ts';
import { scratchFolder } from '../support/scratch.ts';

export interface SampleLockOptions {
  /** 64 hexadecimal digits. */
  readonly siteKey: string;
  readonly lockId: string;
  readonly unitId: string;
  readonly brokerUrl: string;
  readonly zone?: string;
}

export interface SampleLock {
  readonly lock: SimulatedLock;
  stop(): Promise<void>;
}

export function startSampleLock(options: SampleLockOptions): SampleLock {
  const { lockId, unitId, brokerUrl, zone = 'UTC' } = options;
  const siteKey = Uint8Array.from(Buffer.from(options.siteKey, 'hex'));
  const unitKey = deriveUnitKey(siteKey, unitId, 1);
  const lock = new SimulatedLock({
    file: {
      ...{ lockId, name: 'Front door', zone, lockKey: deriveLockKey(siteKey, lockId, 1) },
      units: [{ unitId, keyVersion: 1, alphabet: 'decimal', unitKey }],
      rules: compileRules({ ...DEFAULT_HOUSE_RULES, zone }),
      staff: [],
      keeper: DEFAULT_KEEPER,
    },
    ...{ folder: scratchFolder(), system: systemClock, randomBytes, autoLockMs: 0 },
  });
  const link = connectLock(lock, { url: brokerUrl, reconnectMs: 50, log: () => undefined });
  return {
    lock,
    async stop() {
      await link.close();
      lock.close();
    },
  };
}
