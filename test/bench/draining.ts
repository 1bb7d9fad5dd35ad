/**
 * The backlog of many locks comes home over one mosquitto, each entry checked, on the keeper's disk, and acknowledged; beside it in the
 * same run as many bare QoS 1 publishes of MQTT.js, of the same bytes, half of them before and half after, so that a machine that gets
 * busier or quieter meanwhile is the same to both.
 */
import { AuditSender, deriveCommandKey, lockTopics } from '@staycode/core';
import { openLogin, openLogKeeper, openWire, type Wire, type WireListener } from '@staycode/core/edges';
import { connect, connectAsync } from 'mqtt';
import { join } from 'node:path';
import { deriveLogKey } from '../../core/src/stay-code/keys.ts';
import { MemoryLog } from '../core/protocol/memory-log.ts';
import { EXAMPLE_LOCK_KEY } from '../support/example-journal.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { scratchFolder } from '../support/scratch.ts';

const KEEPER = 'node-red';
const LOCK_CONNECTIONS = 50;
/** Of the bare publisher: MQTT.js has 65,535 numbers for messages under way. */
const PEER_WINDOW = 1_000;

const commandKeyOf = (controllerId: string): Uint8Array => deriveCommandKey(EXAMPLE_LOCK_KEY, controllerId);
const commandKey = commandKeyOf(KEEPER);

function open(url: string, listener: Pick<WireListener, 'topics' | 'up' | 'messageCame'>): Wire {
  const trouble = (what: string): void => {
    throw new Error(what);
  };
  return openWire(connect(url, openLogin({ url })), { ...listener, trouble });
}

/** Seconds until the keeper has acknowledged every entry of every log, and each lock knows. */
async function drain(url: string, logs: ReadonlyMap<string, MemoryLog>): Promise<number> {
  const folder = scratchFolder();
  const sides = new Map(
    [...logs].map(([lockId, log]) => {
      const sender = new AuditSender({ lockId, keeperId: KEEPER, commandKeyOf, log });
      const logKey = deriveLogKey(EXAMPLE_LOCK_KEY);
      const names = { lockId, controllerId: KEEPER, folder: join(folder, lockId) };
      return [lockId, { sender, keeper: openLogKeeper({ ...names, commandKey, logKey }) }];
    }),
  );
  const sideOf = (topic: string) => sides.get(topic.split('/')[1] ?? '');
  const now = (): number => performance.now();
  const wires: Wire[] = [];
  await new Promise<void>((resolve) => {
    const home = open(url, {
      topics: ['staycode/+/audit/entries'],
      up: () => {
        resolve();
      },
      messageCame: ({ topic, text, retained }) => {
        void sideOf(topic)
          ?.keeper.receive({ text, retained }, now())
          .then(({ ack }) => {
            if (ack !== null) home.say({ topic: topic.replace(/entries$/u, 'ack'), text: ack });
          });
      },
    });
    wires.push(home);
  });
  const started = now();
  let done = 0;
  await new Promise<void>((resolve) => {
    const ids = [...sides.keys()];
    for (let i = 0; i < Math.min(LOCK_CONNECTIONS, logs.size); i++) {
      const mine = ids.filter((_, at) => at % LOCK_CONNECTIONS === i);
      const say = (lockId: string, texts: readonly string[]): void => {
        for (const text of texts) wire.say({ topic: lockTopics(lockId).auditEntries, text });
      };
      const wire: Wire = open(url, {
        topics: mine.map((lockId) => lockTopics(lockId).auditAck),
        up: () => {
          for (const lockId of mine) say(lockId, sides.get(lockId)?.sender.connectionUp(now()) ?? []);
        },
        messageCame: ({ topic, text, retained }) => {
          const lockId = topic.split('/')[1] ?? '';
          const { sender } = sides.get(lockId) ?? {};
          if (sender === undefined) return;
          say(lockId, sender.ack({ text, retained }, now()));
          if (sender.backlog === 0 && (done += 1) === logs.size) resolve();
        },
      });
      wires.push(wire);
    }
  });
  const seconds = (now() - started) / 1000;
  for (const wire of wires) wire.cut();
  for (const { keeper } of sides.values()) await keeper.close();
  return seconds;
}

/** Seconds until a subscriber has as many messages, each acknowledged to its publisher. */
async function publishBare(url: string, count: number, text: string): Promise<number> {
  const hears = await connectAsync(url);
  const says = await connectAsync(url);
  await hears.subscribeAsync('bare', { qos: 1 });
  const started = performance.now();
  let heard = 0;
  const allHeard = new Promise<void>((resolve) => {
    hears.on('message', () => {
      if ((heard += 1) === count) resolve();
    });
  });
  let said = 0;
  const sayOne = async (): Promise<void> => {
    while (said < count) {
      said += 1;
      await says.publishAsync('bare', text, { qos: 1 });
    }
  };
  await Promise.all(Array.from({ length: PEER_WINDOW }, sayOne));
  await allHeard;
  const seconds = (performance.now() - started) / 1000;
  await Promise.all([hears.endAsync(true), says.endAsync(true)]);
  return seconds;
}

/** Seconds that the logs of so many locks of so many entries take to come home, and that as many bare publishes take. */
export async function drainBeside(locks: number, entries: number): Promise<{ oursS: number; peerS: number }> {
  const broker = await startMosquitto(scratchFolder(), (port) =>
    [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'max_queued_messages 0'].join('\n'),
  );
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const logs = new Map(
    Array.from({ length: locks }, (_, i) => {
      const lockId = `street-${i + 1}`;
      const log = new MemoryLog(lockId, EXAMPLE_LOCK_KEY);
      log.grow(entries);
      return [lockId, log];
    }),
  );
  const [first] = logs.values();
  const half = Math.ceil((locks * entries) / 2);
  const publishHalf = (): Promise<number> => publishBare(url, half, first?.written[0] ?? '');
  const before = await publishHalf();
  const oursS = await drain(url, logs);
  const peerS = before + (await publishHalf());
  await broker.stop();
  return { oursS, peerS };
}
