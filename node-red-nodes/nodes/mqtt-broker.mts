/**
 * Node-RED's own `mqtt-broker` node, whose connection our nodes share. Its interface is written down nowhere; all that we use
 * of it is here, and held against the real one by test/node-red-nodes/mqtt-broker.test.ts.
 * @module
 */
import type { IncomingMessage } from '@staycode/core';
import type { Node, NodeAPI } from 'node-red';

interface BrokerUser {
  readonly id: string;
  /** Called whenever the connection comes or goes, in the midst of it. */
  status(status: unknown): void;
}

interface MqttBrokerNode extends Node {
  readonly connected: boolean;
  /** With scheme, host and port. */
  readonly brokerurl: string;
  register(user: BrokerUser): void;
  deregister(user: BrokerUser, done: () => void, disconnectAfterLast: boolean): void;
  subscribe(
    topic: string,
    options: { qos: 0 | 1 },
    callback: (topic: string, payload: Buffer, packet: { readonly retain?: boolean }) => void,
    userId: string,
  ): void;
  unsubscribe(topic: string, userId: string, atBroker: boolean): void;
  publish(message: { topic: string; payload: string; qos: 0 | 1; retain: boolean }, done: () => void): void;
}

export interface BrokerListener {
  readonly topics: readonly string[];
  /** Connected, and the topics asked for. */
  up(): void;
  down(): void;
  messageCame(message: IncomingMessage): void;
}

export interface BrokerShare {
  /** Sends now or not at all; whether it arrives, only an answer can say. What the broker is to keep goes at QoS 1. */
  publish(topic: string, text: string, retain?: boolean): void;
  close(done: () => void): void;
}

/** Where a broker's node connects to, such as `mqtts://broker:8883`; `null` where there is no such node. */
export function brokerAddress(RED: NodeAPI, brokerId: string): string | null {
  const broker = RED.nodes.getNode(brokerId) as MqttBrokerNode | null;
  return broker?.type === 'mqtt-broker' ? broker.brokerurl : null;
}

/** Joins the connection of a broker's node; `null` where there is no such node. */
export function joinBroker(
  RED: NodeAPI,
  brokerId: string,
  userId: string,
  listener: BrokerListener,
): BrokerShare | null {
  const broker = RED.nodes.getNode(brokerId) as MqttBrokerNode | null;
  if (broker?.type !== 'mqtt-broker') return null;
  let told = false;
  let closed = false;
  const look = (): void => {
    if (closed || broker.connected === told) return;
    told = broker.connected;
    if (told) listener.up();
    else listener.down();
  };
  // It speaks before it has subscribed again, and before `connected` is false: by the next turn of the loop both are so.
  const user: BrokerUser = { id: userId, status: () => setImmediate(look) };
  for (const topic of listener.topics) {
    broker.subscribe(
      topic,
      { qos: 1 },
      (name, payload, { retain = false }) => {
        look();
        listener.messageCame({ topic: name, text: payload.toString('utf8'), retained: retain });
      },
      userId,
    );
  }
  broker.register(user);
  setImmediate(look);
  return {
    publish: (topic, text, retain = false) => {
      // While it is not connected it drops what it is given, and never calls back.
      if (!broker.connected) return;
      broker.publish({ topic, payload: text, qos: retain ? 1 : 0, retain }, () => undefined);
    },
    close: (done) => {
      closed = true;
      for (const topic of listener.topics) broker.unsubscribe(topic, userId, true);
      broker.deregister(user, done, true);
    },
  };
}
