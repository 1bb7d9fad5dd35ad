/** So many connections of MQTT.js and no more: the peer of a fleet. Arguments: broker's address, how many. */
import { lockTopics } from '@staycode/core';
import { connect } from 'mqtt';

const [url = '', count = '1'] = process.argv.slice(2);
for (let n = 1; n <= Number(count); n++) {
  const { availability, hello, command, auditAck, auditResend } = lockTopics(`bare-${n}`);
  const client = connect(url, {
    protocolVersion: 5,
    clientId: `bare/${n}`,
    will: { topic: availability, payload: Buffer.from('offline'), qos: 1, retain: true },
  });
  client.on('connect', () => {
    client.subscribe([hello, command, auditAck, auditResend], { qos: 1 });
    client.publish(availability, 'online', { qos: 1, retain: true });
  });
}
