import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openAccessCodeStore } from '@staycode/core/edges';
import { type RunningNodeRed, startNodeRed, waitForStatus } from '../../support/node-red.ts';
import { removeScratch, scratchFolder } from '../../support/scratch.ts';
import { type SampleHome, startSampleHome } from '../sample-home.ts';
import { bodyOf, credentialsOf, hook, pmsFlows, say, unitIdOf } from '../stay-pms/pms-flow.ts';
import { type StandIn, startStandIn } from '../stay-pms/stand-in.ts';
import { type MailSink, startMailSink } from './mail-sink.ts';

/** From a PMS's webhook to the guest's mail and back into the PMS, with the mail node that hosts use. */
describe('a home with a PMS and a mail node', function () {
  this.timeout(60_000);
  let home: SampleHome;
  let standIn: StandIn;
  let sink: MailSink;
  let node: RunningNodeRed;
  let userDir: string;

  before(async () => {
    [home, standIn, sink] = await Promise.all([startSampleHome(), startStandIn(), startMailSink()]);
    userDir = scratchFolder();
    const flows = pmsFlows(home, standIn.url, {
      'code-hostaway': { confirm: true, wires: [['words'], ['pick-host']] },
      'code-smoobu': { wires: [['words', 'lines'], ['pick-host']] },
    });
    node = await startNodeRed({
      userDir,
      flows: [...flows, ...mailNodes(sink.port, home.url)],
      credentials: { ...credentialsOf(), mail: { userid: 'host@example.com' } },
    });
  });
  after(async () => {
    await node.stop();
    await Promise.all([home.close(), standIn.close(), sink.close()]);
    removeScratch();
  });

  it('mails the guest in their language, writes the code back, and knows that both happened', async () => {
    assert.equal(
      await hook(node, 'hostaway', bodyOf('hostaway', { money: 'unpaid', changedMinute: 1 })),
      200,
    );
    assert.equal(await hook(node, 'hostaway', bodyOf('hostaway', { money: 'paid', changedMinute: 2 })), 200);
    const { to, head, text } = await sink.mail(0);
    assert.deepEqual(to, ['mira@example.com']);
    assert.match(head, /^Subject: =\?UTF-8\?Q\?Ihr_T=C3=BCrcode_f=C3=BCr_hostaway_41\?=/mu);
    assert.match(
      text,
      /^Guten Tag Mira Example,\s+Ihr Türcode für hostaway 41 lautet (\d{4} \d{4} \d{4})\s/u,
    );
    const [digits = ''] = /\d{4} \d{4} \d{4}/u.exec(text) ?? [];
    const { method, path, body } = await standIn.waitFor(({ method }) => method === 'PUT');
    assert.deepEqual([method, path], ['PUT', '/hostaway/v1/reservations/510']);
    const written = JSON.parse(body) as Record<string, string>;
    assert.equal(written.doorCode, digits);
    assert.match(written.doorCodeInstruction ?? '', /^Guten Tag Mira Example/u);
    const store = openAccessCodeStore(join(userDir, 'staycode/register.sqlite'));
    while (store.outbox.readUnit(unitIdOf('hostaway'))[0]?.state !== 'sent') await setTimeout(20);
    store.close();
    assert.equal(sink.mails.length, 1);
  });

  it('tells the host of a guest without an address, and takes the host’s own words elsewhere', async () => {
    assert.equal(await hook(node, 'smoobu', bodyOf('smoobu', { money: 'paid', changedMinute: 1 })), 200);
    const has = (reason: string): boolean =>
      home.received.some(({ from, msg }) => {
        const { problem } = msg as unknown as { problem?: { reason: string } };
        return from === 'host' && problem?.reason === reason;
      });
    await home.waitFor(() => has('no-address'));
    const lines = (): { payload: { chatId: string; content: string } } | undefined =>
      home.received.find(({ from }) => from === 'telegram')?.msg as never;
    await home.waitFor(() => lines() !== undefined);
    assert.equal(lines()?.payload.chatId, '42');
    assert.match(lines()?.payload.content ?? '', /^Moin Mira Example: \d{4} \d{4} \d{4}$/u);
    assert.equal(sink.mails.length, 1);
  });

  it('stands red with words that lack the code, and refuses what is no code', async () => {
    await waitForStatus(node, 'bad-words', 'words: see the log');
    assert.match(node.logs(), /stay-message: expected \{code\} or \{pin\} in the words for de/u);
    await say(node, 'code-hostaway', {});
    await home.waitFor((received) => received.some(({ from }) => from === 'caught'));
  });
});

function mailNodes(port: number, homeUrl: string): object[] {
  const request = { type: 'http request', method: 'POST', ret: 'txt', paytoqs: 'ignore' };
  const word = (id: string, more: object): object => ({
    ...{ id, z: 'tab', type: 'stay-message', name: '', channel: 'email', to: 'guest.email', toType: 'msg' },
    ...{ language: '', fallback: 'en', templates: [] },
    ...more,
  });
  const moin = { language: 'de', subject: '', text: 'Moin {name}: {code}' };
  return [
    word('words', { wires: [['mail', 'pms-hostaway'], ['pick-host']] }),
    word('lines', {
      ...{ channel: 'telegram', to: '42', toType: 'str', templates: [moin], wires: [['pick-telegram'], []] },
    }),
    word('bad-words', { templates: [{ ...moin, text: 'Moin' }], wires: [[], []] }),
    {
      ...{
        id: 'mail',
        z: 'tab',
        type: 'e-mail',
        name: '',
        server: '127.0.0.1',
        port: String(port),
        secure: false,
      },
      ...{ authtype: 'NONE', tls: false, wires: [] },
    },
    { id: 'done', z: 'tab', type: 'complete', scope: ['mail'], wires: [['say-sent']] },
    {
      ...{ id: 'say-sent', z: 'tab', type: 'function', outputs: 1, wires: [['code-hostaway']] },
      func: "return { event: 'sent', delivery: msg.delivery };",
    },
    {
      ...{ id: 'pick-telegram', z: 'tab', type: 'function', outputs: 1, wires: [['post-telegram']] },
      func: 'return { payload: { payload: msg.payload } };',
    },
    { id: 'post-telegram', z: 'tab', ...request, url: `${homeUrl}/telegram`, wires: [[]] },
  ];
}
