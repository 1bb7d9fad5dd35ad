/**
 * Addresses that are not of the public internet: a feed's address, or whatever it redirects to, must not reach into the
 * host's own network through us.
 * @module
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** The IANA special-purpose registries, RFC 6890: this host, private, shared, loopback, link-local, multicast, reserved. */
const IPV4: readonly (readonly [net: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
];
const IPV6: readonly (readonly [net: string, prefix: number])[] = [
  ['::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
];

const PRIVATE = new BlockList();
for (const [net, prefix] of IPV4) {
  PRIVATE.addSubnet(net, prefix, 'ipv4');
  // Through NAT64 (RFC 6052) each of them has a second name; ::ffff: is seen through by BlockList itself.
  PRIVATE.addSubnet(`64:ff9b::${net}`, 96 + prefix, 'ipv6');
}
for (const [net, prefix] of IPV6) PRIVATE.addSubnet(net, prefix, 'ipv6');

/** Whether an IPv4 or IPv6 address is of a private network; what is no address counts as private. */
export function isPrivateAddress(address: string): boolean {
  return isIP(address) === 0 || PRIVATE.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
