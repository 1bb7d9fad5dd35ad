import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, connect, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Temporal } from 'temporal-polyfill';
import { formatFeed, sampleBookings } from '../../demo/sample-ota.ts';
import { type Broker, startBroker } from '../support/broker.ts';
import { type Certificate, makeAuthority } from '../support/certificates.ts';
import { hasProgram, skipUnless } from '../support/parts.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { commandsOf, findBadCommands, findBadSpans, isOurs } from './commands.ts';
import { type Page, pageOf, readPages } from './pages.ts';
import { BROKER_PASSWORD, Reader, type Surroundings } from './reader.ts';

const pages = readPages();

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** TLS in front of a broker that has none. */
function wrapInTls(broker: Broker, { certFile, keyFile }: Certificate): Server {
  const files = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  return createTlsServer(files, (near) => {
    const far = connect(broker.port, '127.0.0.1');
    for (const socket of [near, far])
      socket.on('error', () => {
        near.destroy();
        far.destroy();
      });
    near.pipe(far).pipe(near);
  });
}

describe('the commands of the pages', function () {
  this.timeout(300_000);
  const brokers: Broker[] = [];
  const servers: Server[] = [];
  let around: Surroundings;
  let reader: Reader;

  before(async function () {
    skipUnless(this, hasProgram('openssl'), 'no openssl on this machine');
    const authority = makeAuthority(scratchFolder(), 'house');
    const [open, guarded] = [await startBroker(), await startBroker({ password: BROKER_PASSWORD })];
    brokers.push(open, guarded);
    const tls = wrapInTls(guarded, authority.certify('broker'));
    const feed = createWebServer((_request, response) => {
      const calendar = formatFeed(sampleBookings(Temporal.Now.plainDateISO('UTC')));
      response.writeHead(200, { 'content-type': 'text/calendar' }).end(calendar);
    });
    servers.push(tls, feed);
    around = {
      brokerUrl: open.url,
      tlsBrokerUrl: `mqtts://127.0.0.1:${await listen(tls)}`,
      caFile: authority.caFile,
      feedUrl: `http://127.0.0.1:${await listen(feed)}/calendar.ics`,
    };
  });
  afterEach(async () => {
    await (reader as Reader | undefined)?.stop();
  });
  after(async () => {
    for (const server of servers) server.close();
    await Promise.all(brokers.map((broker) => broker.stop()));
    removeScratch();
  });

  const follow = async (page: Page): Promise<string[]> => {
    reader = new Reader(page, scratchFolder(), around);
    await reader.follow();
    return reader.faults;
  };

  for (const page of pages)
    it(`of ${page.path}: npm has those that are npm's, and each option that a sentence names is in the help`, () => {
      assert.deepEqual([...findBadCommands(page), ...findBadSpans(page)], []);
    });

  for (const page of pages.filter((one) => commandsOf(one).some(({ text }) => isOurs(text))))
    it(`of ${page.path}: each of ours does what it is shown for, in the order of the page`, async () => {
      assert.deepEqual(await follow(page), []);
    });

  it('of the first page end with a code that opens the lock', async () => {
    const [first] = pages.filter(({ path }) => path === 'README.md');
    // What comes after the lock's own part begins anew with its file.
    const text = first?.text.split('\n### Homebridge\n', 1)[0] ?? '';
    assert.deepEqual(await follow(pageOf('README.md', text)), []);
    assert.equal(await reader.typeLastCode(), true);
  });

  it('fail the check where an option is unknown, a file is missing, or an answer is no', async () => {
    const made = (...lines: string[]): Page =>
      pageOf('docs/made-up.md', lines.map((line) => `\n    ${line}\n`).join(''));
    const faults = await follow(
      made(
        'npx staycode odds --sideways',
        'npx staycode feed no-such.ics --zone Europe/Berlin',
        'npx staycode backup-codes draw --lock front-door.json --passphrase-file pass.txt --register register.sqlite',
        'npx staycode-lock --lock front-door.json --passphrase-file pass.txt --no-such-option',
        'npx staycode provision --lock … --out front-door.json',
      ),
    );
    const expected = [
      /^docs\/made-up\.md:2: npx staycode odds --sideways: ended on 2: .*--sideways/u,
      /:4: .*no-such\.ics.*ENOENT/u,
      /:6: .*ended on 1: No code for/u,
      /:8: .*did not get ready: .*--no-such-option/u,
      /:10: .*a placeholder that nobody declared/u,
    ];
    assert.equal(faults.length, expected.length, faults.join('\n'));
    for (const [i, pattern] of expected.entries()) assert.match(faults[i] ?? '', pattern);
  });
});

describe('the check of commands that are not run', () => {
  const inBlock = (command: string): string[] => findBadCommands(pageOf('made-up.md', `\n    ${command}\n`));
  const inSentence = (command: string): string[] => findBadSpans(pageOf('made-up.md', `So \`${command}\`.`));

  it('knows scripts, workspaces, packed files and variables', () => {
    const good = [
      'npm start',
      'npm run lint      types of the whole tree',
      'npm run drain -- LOCKS ENTRIES   their backlog',
      'npm test -- test/docs/commands.test.ts',
      'npm pack --workspace core',
      'STAYCODE_LOSSES_RUNS=5 npm run losses',
      'export STAYCODE_MQTT_PASSWORD=…',
      'bash .ci/run',
    ];
    assert.deepEqual(good.flatMap(inBlock), []);
  });

  it('finds those that there are not', () => {
    const bad = [
      'npm run no-such-script',
      'npm test -- test/no-such.test.ts',
      'npm pack --workspace nowhere',
      'npm install --global ./homebridge-staycode-99.0.0.tgz',
      'npm publish',
      'STAYCODE_NO_SUCH=5 npm run losses',
      'export STAYCODE_NO_SUCH=5',
      'curl https://feed.example/',
      '{ "a": 1 }',
    ];
    for (const command of bad) assert.equal(inBlock(command).length, 1, command);
  });

  it('finds commands and options in a sentence that are in no help', () => {
    for (const good of [
      'staycode pair --lock FILE',
      'npx staycode-lock --fleet 10',
      '--street-door',
      'staycode',
    ])
      assert.deepEqual(inSentence(good), []);
    for (const bad of [
      'staycode no-such-command',
      'staycode pair --street-door',
      'staycode-lock --street-door',
      '--sideways',
      'npm run no-such-script',
      'staycode-core-99.0.0.tgz',
    ])
      assert.equal(inSentence(bad).length, 1, bad);
  });
});
