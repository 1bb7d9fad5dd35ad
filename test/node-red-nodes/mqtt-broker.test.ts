import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { connectAsync } from 'mqtt';
import { type Broker, startBroker } from '../support/broker.ts';
import { type RunningNodeRed, startNodeRed } from '../support/node-red.ts';
import { removeScratch, scratchFolder } from '../support/scratch.ts';
import { brokerNode } from './sample-flow.ts';

describe("the connection of Node-RED's own mqtt-broker node, shared", function () {
  this.timeout(60_000);
  let broker: Broker;
  let node: RunningNodeRed;

  before(async () => {
    broker = await startBroker();
    const userDir = scratchFolder();
    await addProbe(join(userDir, 'nodes'));
    await say('kept', 'old', true);
    node = await startNodeRed({
      userDir,
      flows: [
        { id: 'tab', type: 'tab', label: 'Home' },
        brokerNode(broker.port),
        { id: 'probe', z: 'tab', type: 'broker-probe', broker: 'broker', wires: [] },
      ],
    });
  });
  after(async () => {
    await node.stop();
    await broker.stop();
    removeScratch();
  });

  const ask = (path: string): Promise<Response> => fetch(`${node.url}/${path}`);
  const told = async (): Promise<string[]> => (await (await ask('told')).json()) as string[];
  const untilTold = async (count: number): Promise<string[]> => {
    for (;;) {
      const all = await told();
      if (all.length >= count) return all.slice(-1);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const say = async (topic: string, text: string, retain = false): Promise<void> => {
    const client = await connectAsync(broker.url);
    await client.publishAsync(topic, text, { qos: 1, retain });
    await client.endAsync();
  };

  it('says that it is up, and hands on what comes, what was kept marked', async () => {
    await untilTold(2);
    assert.deepEqual(await told(), ['up', 'kept old kept']);
    await say('a/1', 'news');
    assert.deepEqual(await untilTold(3), ['a/1 news']);
  });

  it('sends', async () => {
    await ask('say?text=hello');
    while (broker.published('b').length === 0) await new Promise((resolve) => setTimeout(resolve, 25));
    assert.deepEqual(broker.published('b'), ['hello']);
  });

  it('says that it is down, sends nothing then or later, and is subscribed again once it is up', async () => {
    const { port } = broker;
    await broker.stop();
    assert.deepEqual(await untilTold(4), ['down']);
    await ask('say?text=lost');
    broker = await startBroker({ port });
    assert.deepEqual(await untilTold(5), ['up']);
    await say('a/2', 'again');
    assert.deepEqual(await untilTold(6), ['a/2 again']);
    assert.deepEqual(broker.published('b'), []);
  });

  it('says nothing more once it is closed', async () => {
    await ask('close');
    await say('a/3', 'late');
    assert.equal((await told()).length, 6);
  });
});

/** Node-RED finds nodes in this folder of its user directory by itself. */
async function addProbe(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'broker-probe.mts')], outfile: join(folder, 'probe.js') },
    ...{ bundle: true, platform: 'node', format: 'cjs', conditions: ['staycode-source'] },
    footer: { js: 'module.exports = module.exports.default;' },
  });
  const html = `<script type="text/javascript">
    RED.nodes.registerType('broker-probe', { category: 'test', defaults: {}, inputs: 0, outputs: 0 });
  </script>`;
  writeFileSync(join(folder, 'probe.html'), html);
}
