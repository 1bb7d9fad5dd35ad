/**
 * The one place that knows the MQTT library: what the platform says and hears at the host's broker.
 * @module
 */
import { type MqttLogin, openLogin, openWire, type WireListener } from '@staycode/core/edges';
import { connect } from 'mqtt';

const RECONNECT_MS = 2_000;
/** A broker that vanished without closing is noticed after one and a half of these. */
const KEEPALIVE_SECONDS = 30;

export interface BrokerConnection {
  /** Sends now or not at all. */
  publish(topic: string, text: string): void;
  /** Closes without waiting. */
  close(): void;
}

/** Connects in the background, again and again. @throws StaycodeError `bad-config` for files that are not what they should be */
export function connectToBroker(broker: MqttLogin, listener: WireListener): BrokerConnection {
  const options = { ...openLogin(broker), keepalive: KEEPALIVE_SECONDS, reconnectPeriod: RECONNECT_MS };
  const wire = openWire(connect(broker.url, options), listener);
  return {
    publish: (topic, text) => {
      // At QoS 0 neither library nor broker delivers a command twice or late; the lock's answer is the receipt.
      wire.say({ topic, text, qos: 0 });
    },
    close: () => {
      wire.cut();
    },
  };
}
