/** A node of the tests that tells over HTTP what the adapter of the `mqtt-broker` node told it, and does what it is asked. */
import type { Node, NodeAPI } from 'node-red';
import { type BrokerShare, joinBroker } from '../../node-red-nodes/nodes/mqtt-broker.mts';

const told: string[] = [];
let share: BrokerShare | null = null;

export default function probe(RED: NodeAPI): void {
  RED.nodes.registerType('broker-probe', function (this: Node, def) {
    RED.nodes.createNode(this, def);
    const { broker } = def as typeof def & { broker: string };
    share = joinBroker(RED, broker, this.id, {
      topics: ['a/+', 'kept'],
      up: () => told.push('up'),
      down: () => told.push('down'),
      messageCame: ({ topic, text, retained }) => told.push(`${topic} ${text}${retained ? ' kept' : ''}`),
    });
    if (share === null) told.push('none');
    this.on('close', (done: () => void) => {
      if (share === null) done();
      else share.close(done);
    });
  });
  RED.httpNode.get('/told', (_request, response) => response.json(told));
  RED.httpNode.get('/say', ({ query }, response) => {
    share?.publish('b', query.text as string);
    response.end();
  });
  RED.httpNode.get('/close', (_request, response) => {
    share?.close(() => response.end());
  });
}
