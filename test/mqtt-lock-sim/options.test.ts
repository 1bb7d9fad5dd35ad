import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatLockFile, sealBytes } from '@staycode/core';
import { parseOptions } from '../../mqtt-lock-sim/src/options.ts';
import { exampleConfig } from '../support/lock-example.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';

const passphrase = 'three small boats';
const main = join(import.meta.dirname, '../../mqtt-lock-sim/src/main.ts');
const run = ['--conditions=staycode-source', main];

async function writeSealedLock(): Promise<string> {
  const names = { lockId: 'front-door', name: 'Front door', zone: 'Europe/Berlin' };
  const text = formatLockFile({ ...exampleConfig(), ...names, lockKey: new Uint8Array(32).fill(7) });
  const randomBytes = (length: number): Uint8Array => new Uint8Array(length).fill(3);
  const path = join(scratchFolder(), 'front-door.json');
  const options = { passphrase, randomBytes, cost: 1024 };
  writeFileSync(path, await sealBytes(new TextEncoder().encode(text), options));
  return path;
}

/** The keypad's address, once the program says it. */
async function startLock(args: string[], env: Record<string, string>): Promise<string> {
  const program = spawn(process.execPath, [...run, ...args], { env: { ...process.env, ...env } });
  try {
    let said = '';
    for await (const chunk of program.stdout as AsyncIterable<Buffer>) {
      said += String(chunk);
      const [address] = /http:\S+/u.exec(said) ?? [];
      if (address !== undefined) return address;
    }
    throw new Error(`the lock ended: ${said}`);
  } finally {
    program.kill('SIGKILL');
  }
}

describe('the command line of staycode-lock', () => {
  afterEach(removeScratch);
  const passphraseOf = (args: string[], env: Record<string, string> = {}): unknown => {
    const options = parseOptions(['--lock', 'a.json', ...args], env);
    assert(options.mode === 'run');
    return options.passphrase;
  };

  it('takes a passphrase from a file or the environment, the file first, and never as an argument', () => {
    const env = { STAYCODE_PASSPHRASE: 'x' };
    assert.equal(passphraseOf([]), null);
    assert.deepEqual(passphraseOf([], env), { text: 'x' });
    assert.deepEqual(passphraseOf(['--passphrase-file', 'p'], env), { file: 'p' });
    assert.throws(() => passphraseOf(['--passphrase', 'x']), /Unknown option '--passphrase'/u);
  });

  it('takes the broker, the files of its TLS, and a password from a file or the environment', () => {
    const brokerOf = (args: string[], env: Record<string, string> = {}): unknown => {
      const options = parseOptions(['--lock', 'a.json', ...args], env);
      assert(options.mode === 'run');
      return options.mqtt;
    };
    const url = 'mqtts://broker';
    const none = { username: null, password: null, caFile: null, certFile: null, keyFile: null };
    const tls = ['--mqtt-ca', 'ca.crt', '--mqtt-cert', 'a.crt', '--mqtt-key', 'a.key'];
    const env = { STAYCODE_MQTT_PASSWORD: 'x' };
    assert.equal(brokerOf(tls), null);
    assert.deepEqual(brokerOf(['--mqtt', url]), { url, ...none });
    assert.deepEqual(
      brokerOf(['--mqtt', url, '--mqtt-user', 'a', '--mqtt-password-file', 'p', ...tls], env),
      {
        ...{ url, username: 'a', password: { file: 'p' } },
        ...{ caFile: 'ca.crt', certFile: 'a.crt', keyFile: 'a.key' },
      },
    );
    assert.deepEqual(brokerOf(['--mqtt', url], env), { url, ...none, password: { text: 'x' } });
    assert.throws(() => brokerOf(['--mqtt-password', 'x']), /Unknown option '--mqtt-password'/u);
  });

  it('announces the lock to Home Assistant unless told not to, and takes no unsigned command unless told to', () => {
    const atHome = (args: string[]): unknown => {
      const options = parseOptions(['--lock', 'a.json', ...args], {});
      assert(options.mode === 'run');
      return options.homeAssistant;
    };
    assert.deepEqual(atHome([]), { commands: false });
    assert.deepEqual(atHome(['--ha-commands']), { commands: true });
    assert.equal(atHome(['--no-home-assistant']), null);
  });

  it('starts a lock from a sealed file', async () => {
    const lock = await writeSealedLock();
    assert.match(await startLock(['--lock', lock], { STAYCODE_PASSPHRASE: passphrase }), /127\.0\.0\.1/u);
    const file = join(scratchFolder(), 'passphrase');
    writeFileSync(file, `${passphrase}\n`);
    assert.match(await startLock(['--lock', lock, '--passphrase-file', file], {}), /127\.0\.0\.1/u);
  });

  it('ends with the reason, and begins no journal, without the right passphrase', async () => {
    const lock = await writeSealedLock();
    for (const [given, expected] of [
      ['wrong', /wrong passphrase, or the file was altered/u],
      [undefined, /is sealed: expected its passphrase/u],
    ] as const) {
      const env = { ...process.env, STAYCODE_PASSPHRASE: given };
      const { status, stderr } = spawnSync(process.execPath, [...run, '--lock', lock], {
        env,
        encoding: 'utf8',
      });
      assert.equal(status, 2);
      assert.match(stderr, expected);
      assert(!existsSync(lock.replace(/\.json$/u, '.journal')));
    }
  });
});
