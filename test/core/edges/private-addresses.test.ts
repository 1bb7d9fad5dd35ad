import assert from 'node:assert/strict';
import { isPrivateAddress } from '../../../core/src/edges/private-addresses.ts';

describe('private addresses', () => {
  it('are those that do not lead to the public internet, in IPv4 and IPv6', () => {
    const there = ['127.0.0.1', '10.0.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1'];
    const more = [
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fd00::1',
      'fe80::1%eth0',
      'ff02::1',
    ];
    const hidden = ['::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::192.168.0.1', '2002:a00:1::'];
    const open = [...there, ...more, ...hidden].filter((address) => !isPrivateAddress(address));
    assert.deepEqual(open, []);
  });

  it('are not those of the public internet', () => {
    const there = ['8.8.8.8', '172.32.0.1', '192.169.0.1', '100.128.0.1', '2a00:1450:4001::1'];
    const more = ['::ffff:8.8.8.8', '64:ff9b::808:808'];
    assert.deepEqual([...there, ...more].filter(isPrivateAddress), []);
  });

  it('count what is no address as private', () => {
    assert.equal(isPrivateAddress('example.com'), true);
  });
});
