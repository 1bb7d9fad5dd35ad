import assert from 'node:assert/strict';
import {
  type MqttVersion,
  nameMqttVersion,
  nextMqttVersion,
  readTryEnd,
  type TryEnd,
} from '../../../core/src/protocol/mqtt-version.ts';

describe('the MQTT version', () => {
  it('is 3.1.1 only after a 5 that the broker did not answer or does not speak', () => {
    const after: [MqttVersion, TryEnd, MqttVersion][] = [
      [5, 'unanswered', 4],
      [5, 'other-version', 4],
      [5, 'accepted', 5],
      [5, 'refused', 5],
      [5, 'unreachable', 5],
      [4, 'unanswered', 5],
      [4, 'other-version', 5],
      [4, 'accepted', 5],
      [4, 'refused', 5],
      [4, 'unreachable', 5],
    ];
    for (const [tried, end, next] of after)
      assert.equal(nextMqttVersion(tried, end), next, `${tried} ${end}`);
  });

  it('tells a broker that hangs up from one that cannot be reached and one that refuses', () => {
    const ends: [unknown, TryEnd][] = [
      [1, 'other-version'],
      [0x84, 'other-version'],
      [5, 'refused'],
      [0x86, 'refused'],
      [0x87, 'refused'],
      [undefined, 'unanswered'],
      ['ECONNRESET', 'unanswered'],
      ['EPIPE', 'unanswered'],
      ['ECONNREFUSED', 'unreachable'],
      ['ENOTFOUND', 'unreachable'],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'unreachable'],
    ];
    for (const [code, end] of ends) assert.equal(readTryEnd(code), end, String(code));
  });

  it('has the name that people use', () => {
    assert.deepEqual(
      [5, 4].map((version) => nameMqttVersion(version as MqttVersion)),
      ['5', '3.1.1'],
    );
  });
});
