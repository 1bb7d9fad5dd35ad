/** `npm start`: runs the whole home until Ctrl-C. Ports are free ones unless set by variables. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupDigits } from '@staycode/core';
import { type Home, type Ports, startHome } from './home.ts';
import type { GuestMessage } from './sample-ota.ts';

const CODE_TIMEOUT_MS = 30_000;

const stopped = new Promise<void>((resolve) => {
  // Ctrl-C reaches this process twice, from the terminal and from npm: the second one must not end it half-way.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      resolve();
    });
});
const folder = mkdtempSync(join(tmpdir(), 'staycode-demo-'));
try {
  await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit();

async function run(): Promise<void> {
  const starting = startHome({
    folder,
    ports: portsFrom(process.env),
    onStep: (step) => {
      console.log(`Starting ${step} …`);
    },
    onExit: (program) => {
      console.log(`${program} has stopped`);
    },
  });
  const home = await Promise.race([starting, stopped]);
  if (!home) {
    await (await starting.catch(() => undefined))?.stop();
    return;
  }
  try {
    const message = await Promise.race([findRunningStay(home), stopped]);
    if (message) report(home, message);
    await stopped;
  } finally {
    console.log('Stopping …');
    await home.stop();
  }
}

/** The flow's own message for the stay that is running. */
async function findRunningStay({ ota, nodeRed }: Home): Promise<GuestMessage> {
  const late = AbortSignal.timeout(CODE_TIMEOUT_MS);
  while (!late.aborted) {
    const now = Date.now();
    const running = ota.messages.find(
      ({ code }) => Date.parse(code.startsAt) <= now && now < Date.parse(code.endsAt),
    );
    if (running) return running;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The flow sent no code for the running stay:\n${nodeRed.logs()}`);
}

function report({ urls, bridge, ...home }: Home, { code }: GuestMessage): void {
  const pids = [home.broker, home.lock, home.nodeRed, home.homebridge].map(
    ({ name, pid }) => `${name} ${pid}`,
  );
  console.log(`
Keypad of the lock    ${urls.keypad}
Board of the stays    ${urls.nodeRed}staycode/board/
Node-RED with flow    ${urls.nodeRed}
Feed and messages     ${urls.ota}
Homebridge            ${urls.homebridge} (no page: pair it in the Home app with ${bridge.pin})
Broker                ${urls.broker}
Processes             ${pids.join(', ')}

The running stay's code, made for this demo alone: ${groupDigits(code.digits)}
Type it at the keypad; afterwards its first six digits open too. Ctrl-C ends it all.
ready`);
}

function portsFrom(env: NodeJS.ProcessEnv): Partial<Ports> {
  const port = (name: string): number => {
    const text = env[name] ?? '0';
    if (!/^\d{1,5}$/u.test(text)) throw new Error(`${name}: expected a port number, got ${text}`);
    return Number(text);
  };
  return {
    broker: port('STAYCODE_BROKER_PORT'),
    keypad: port('STAYCODE_KEYPAD_PORT'),
    ota: port('STAYCODE_FEED_PORT'),
    nodeRed: port('STAYCODE_NODE_RED_PORT'),
    homebridge: port('STAYCODE_HOMEBRIDGE_PORT'),
  };
}
