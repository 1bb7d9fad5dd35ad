import assert from 'node:assert/strict';
import { createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { formatLockFile, openLockFile, openSealed, sealBytes, StaycodeError } from '@staycode/core';
import { exampleConfig } from '../../support/lock-example.ts';

const passphrase = 'three small boats';
// The least cost that is accepted: these tests are about the envelope, not about the work.
const cheap = { passphrase, randomBytes: (length: number) => randomBytes(length), cost: 1024 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const lockFile = {
  ...exampleConfig(),
  lockId: 'front-door',
  name: 'Front door',
  zone: 'Europe/Berlin',
  lockKey: new Uint8Array(32).fill(7),
};

async function refuses(act: () => Promise<unknown>, message = /./u): Promise<void> {
  await assert.rejects(
    act,
    (error) =>
      error instanceof StaycodeError && error.code === 'sealed-refused' && message.test(error.message),
  );
}

/** The envelope's text with a field of the key derivation changed, as a stranger might hand it in. */
function withKdf(text: string, changes: object): string {
  const envelope = JSON.parse(text) as { kdf: object };
  return JSON.stringify({ ...envelope, kdf: { ...envelope.kdf, ...changes } });
}

describe('sealed file', () => {
  it('gives back what was sealed, and is another text each time', async () => {
    const one = await sealBytes(bytes('content'), cheap);
    const two = await sealBytes(bytes('content'), cheap);
    assert.notEqual(one, two);
    for (const text of [one, two, `${one}\n`])
      assert.deepEqual(await openSealed(text, passphrase), bytes('content'));
    assert(!one.includes('content'));
  });

  it('uses scrypt with N = 131,072 unless told otherwise, and says so in the file', async () => {
    const preset = await sealBytes(bytes('x'), { passphrase, randomBytes: cheap.randomBytes });
    assert(preset.includes('"n":131072,"r":8,"p":1'));
    assert.deepEqual(await openSealed(preset, passphrase), bytes('x'));
  });

  it('is what any program with scrypt and AES-256-GCM opens, with the head as the additional data', async () => {
    const { ciphertext, ...head } = JSON.parse(await sealBytes(bytes('content'), cheap)) as {
      readonly kdf: { readonly n: number; readonly salt: string };
      readonly nonce: string;
      readonly ciphertext: string;
    };
    const { n, salt } = head.kdf;
    const key = scryptSync(passphrase, Buffer.from(salt, 'hex'), 32, { N: n, r: 8, p: 1 });
    const sealed = Buffer.from(ciphertext, 'hex');
    const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(head.nonce, 'hex'));
    cipher.setAAD(Buffer.from(JSON.stringify(head))).setAuthTag(sealed.subarray(-16));
    const content = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    assert.equal(content.toString(), 'content');
  });

  it('lets others go on while it derives the key', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await sealBytes(bytes('x'), { ...cheap, cost: 2 ** 16 });
    clearInterval(timer);
    assert(turns > 3);
  });

  it('refuses a wrong passphrase, and none at all', async () => {
    const text = await sealBytes(bytes('content'), cheap);
    for (const wrong of ['', 'three small boat', 'Three small boats', `${passphrase} `])
      await refuses(() => openSealed(text, wrong), /wrong passphrase/u);
    await refuses(() => sealBytes(bytes('content'), { ...cheap, passphrase: '' }), /not empty/u);
  });

  it('takes a passphrase as people type it on any keyboard', async () => {
    const text = await sealBytes(bytes('content'), { ...cheap, passphrase: 'caf\u00e9 au lait' });
    assert.deepEqual(await openSealed(text, 'cafe\u0301 au lait'), bytes('content'));
  });

  it('refuses any altered byte, wherever it stands', async function () {
    this.timeout(60_000);
    const text = await sealBytes(bytes('ab'), cheap);
    for (let place = 0; place < text.length; place++) {
      const was = text.charCodeAt(place);
      for (const now of [was ^ 1, was ^ 0x20]) {
        const altered = text.slice(0, place) + String.fromCharCode(now) + text.slice(place + 1);
        await refuses(() => openSealed(altered, passphrase));
      }
    }
  });

  it('refuses a file that is cut short, spaced out, or says a field twice', async () => {
    const text = await sealBytes(bytes('content'), cheap);
    const spaced = JSON.stringify(JSON.parse(text), null, 2);
    const twice = text.replace('"nonce"', '"nonce":"00","nonce"');
    for (const altered of ['', '{}', text.slice(0, -2), text.replace(/..(?="\}$)/u, ''), spaced, twice])
      await refuses(() => openSealed(altered, passphrase));
  });

  it('refuses to work for a file that asks for more memory than 256 MiB, or for odd parameters', async () => {
    const text = await sealBytes(bytes('content'), cheap);
    for (const changes of [
      { n: 2 ** 19 },
      { n: 2 ** 30 },
      { n: 1000 },
      { n: 512 },
      { n: 1500.5 },
      { n: '1024' },
    ])
      await refuses(() => openSealed(withKdf(text, changes), passphrase), /kdf\.n/u);
    await refuses(() => openSealed(withKdf(text, { r: 1024 }), passphrase), /kdf\.r/u);
    await refuses(() => openSealed(withKdf(text, { p: 64 }), passphrase), /kdf\.p/u);
    await refuses(() => openSealed(withKdf(text, { salt: '00' }), passphrase), /kdf\.salt/u);
  });

  it('never shows the passphrase or the content in what it throws', async () => {
    const text = await sealBytes(bytes('secret content'), cheap);
    const error: unknown = await openSealed(text, 'wrong horse').catch((reason: unknown) => reason);
    const said = `${String(error)} ${String((error as Error).cause)}`;
    assert(!said.includes('wrong horse') && !said.includes('secret content'));
  });
});

describe('lock file, plain or sealed', () => {
  const plain = formatLockFile(lockFile);

  it('opens plain without a passphrase, and sealed with its own', async () => {
    const sealed = await sealBytes(bytes(plain), cheap);
    const opened = await openLockFile(sealed, passphrase);
    assert.deepEqual(opened, await openLockFile(plain, null));
    assert.deepEqual(opened, await openLockFile(plain, passphrase));
    assert.equal(opened.lockId, 'front-door');
  });

  it('says of a sealed one that it needs its passphrase', async () => {
    const sealed = await sealBytes(bytes(plain), cheap);
    await refuses(() => openLockFile(sealed, null), /is sealed: expected its passphrase/u);
    await refuses(() => openLockFile(sealed, 'other'), /wrong passphrase/u);
  });

  it('refuses what is sealed but no lock file', async () => {
    const sealed = await sealBytes(bytes('{"format":"staycode-lock/9"}'), cheap);
    await assert.rejects(
      () => openLockFile(sealed, passphrase),
      (error) => error instanceof StaycodeError && error.code === 'bad-message',
    );
  });
});
