/** The brokers that the lock's log has to come home over, by name; each in its own folder, on 127.0.0.1, in its own processes. */
import { existsSync } from 'node:fs';
import { hasProgram, skipUnless } from '../parts.ts';
import { startEmbedded } from './embedded.ts';
import { MOSQUITTO, startMosquitto } from './mosquitto.ts';
import { NATS, startNats } from './nats.ts';
import { RABBITMQ, startRabbitmq } from './rabbitmq.ts';
import type { RealBroker } from './real-broker.ts';

export type BrokerName = 'embedded' | 'mosquitto' | 'mosquitto-hardened' | 'rabbitmq' | 'nats-cluster';

interface BrokerKind {
  /** Starts it over an empty or an earlier folder. */
  readonly start: (folder: string) => Promise<RealBroker>;
  /** Its program, where it is not of the repo. */
  readonly program?: string;
}

export const BROKERS: Readonly<Record<BrokerName, BrokerKind>> = {
  embedded: { start: startEmbedded },
  mosquitto: { start: (folder) => startMosquitto(folder, 'installed'), program: MOSQUITTO },
  'mosquitto-hardened': { start: (folder) => startMosquitto(folder, 'hardened'), program: MOSQUITTO },
  rabbitmq: { start: startRabbitmq, program: RABBITMQ },
  'nats-cluster': { start: startNats, program: NATS },
};

export const BROKER_NAMES = Object.keys(BROKERS) as BrokerName[];

/** Whether the broker's program is on this machine. */
export function hasBroker(name: BrokerName): boolean {
  const { program } = BROKERS[name];
  return program === undefined || existsSync(program) || hasProgram(program);
}

export function needsBroker(context: Mocha.Context, name: BrokerName): void {
  skipUnless(context, hasBroker(name), `no ${name} here`);
}
