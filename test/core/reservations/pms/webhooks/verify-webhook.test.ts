import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { signParts } from '../../../../../core/src/reservations/pms/webhooks/secrets.ts';
import { rememberDelivery } from '../../../../../core/src/reservations/pms/webhooks/deliveries.ts';
import {
  verifyWebhook,
  type WebhookContext,
  type WebhookRequest,
  type WebhookScheme,
} from '../../../../../core/src/reservations/pms/webhooks/verify-webhook.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const NOW_MS = 1_614_265_330_000;

function request(
  headers: WebhookRequest['headers'],
  body = '{"test": 2432232314}',
  url = '/hook',
): WebhookRequest {
  return { url, headers, body: bytes(body) };
}

/** `ok`, or why not. */
function judge(
  scheme: WebhookScheme,
  given: WebhookRequest,
  context: WebhookContext = { nowMs: NOW_MS },
): string {
  const check = verifyWebhook(scheme, given, context);
  return check.ok ? 'ok' : check.reason;
}

const misused = (scheme: WebhookScheme): void => {
  assert.throws(() => judge(scheme, request({})), { code: 'bad-config' });
};

describe('webhook by Standard Webhooks', () => {
  // The example that the specification's own libraries are tested with.
  const scheme: WebhookScheme = {
    kind: 'standard-webhooks',
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  };
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': signature,
  };

  it('accepts the published example, under either name of the headers and without the prefix of the secret', () => {
    assert.deepEqual(verifyWebhook(scheme, request(headers), { nowMs: NOW_MS }), {
      ok: true,
      deliveryId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    });
    const svix = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.replace('webhook', 'Svix'), value]),
    );
    assert.equal(judge(scheme, request(svix)), 'ok');
    const bare: WebhookScheme = { kind: 'standard-webhooks', secrets: ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] };
    assert.equal(judge(bare, request(headers)), 'ok');
  });

  it('accepts one genuine signature among several, and any of the secrets in use', () => {
    const other = 'v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
    for (const list of [`${other} ${signature}`, `v1a,bm90aGluZw== ${signature} ${other}`])
      assert.equal(judge(scheme, request({ ...headers, 'webhook-signature': list })), 'ok');
    const secrets = [`whsec_${btoa('x'.repeat(24))}`, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    assert.equal(judge({ kind: 'standard-webhooks', secrets }, request(headers)), 'ok');
    assert.equal(
      judge({ kind: 'standard-webhooks', secrets: secrets.slice(0, 1) }, request(headers)),
      'forged',
    );
  });

  it('refuses another body, id or time as forged', () => {
    assert.equal(judge(scheme, request(headers, '{"test": 2432232315}')), 'forged');
    assert.equal(judge(scheme, request({ ...headers, 'webhook-id': 'msg_other' })), 'forged');
    assert.equal(judge(scheme, request({ ...headers, 'webhook-timestamp': '1614265331' })), 'forged');
  });

  it('refuses one signed more than five minutes ago or ahead', () => {
    const minutes = (count: number): string =>
      judge(scheme, request(headers), { nowMs: NOW_MS + count * 60_000 });
    assert.deepEqual(
      [minutes(5), minutes(-5), minutes(5.001), minutes(-5.001)],
      ['ok', 'ok', 'late', 'late'],
    );
  });

  it('refuses one that was taken before, once it is remembered', () => {
    const seen = rememberDelivery([], 'msg_p5jXN8AQM9LWM0D4loKWxJek', NOW_MS - 1000);
    assert.equal(judge(scheme, request(headers), { nowMs: NOW_MS, seen }), 'repeated');
    assert.equal(judge(scheme, request(headers), { nowMs: NOW_MS, seen: [] }), 'ok');
  });

  it('refuses one without headers that it can read', () => {
    for (const [name, value] of [
      ['webhook-id', undefined],
      ['webhook-timestamp', 'now'],
      ['webhook-timestamp', '-1'],
      ['webhook-signature', ''],
      ['webhook-signature', 'v1,***'],
      ['webhook-signature', 'v2,g0hM9SsE'],
      ['webhook-signature', [signature, signature]],
    ] as const)
      assert.equal(judge(scheme, request({ ...headers, [name]: value })), 'malformed');
  });

  it('refuses to work with a secret that is none', () => {
    for (const secret of ['', 'whsec_', 'whsec_!!!!', 'whsec_c2hvcnQ='])
      misused({ kind: 'standard-webhooks', secrets: [secret] });
  });
});

describe('webhook by hex HMAC', () => {
  it('signs as RFC 4231 says', () => {
    // Test cases 1 and 2 of RFC 4231 §4.
    const hex = (key: Uint8Array, text: string): string =>
      Buffer.from(signParts(key, bytes(text))).toString('hex');
    assert.equal(
      hex(new Uint8Array(20).fill(0x0b), 'Hi There'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
    assert.equal(
      hex(bytes('Jefe'), 'what do ya want for nothing?'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  const secret = 'a secret for this test';
  const scheme: WebhookScheme = { kind: 'hmac-sha256', header: 'Signature', secret };
  const mac = createHmac('sha256', secret).update('{"a":1}').digest('hex');

  it('accepts a signature with or without its prefix, in any case', () => {
    assert.equal(judge(scheme, request({ signature: mac }, '{"a":1}')), 'ok');
    assert.equal(judge(scheme, request({ SIGNATURE: mac.toUpperCase() }, '{"a":1}')), 'ok');
    const lodgify: WebhookScheme = { ...scheme, header: 'ms-signature' };
    assert.equal(judge(lodgify, request({ 'ms-signature': `sha256=${mac}` }, '{"a":1}')), 'ok');
  });

  it('refuses another body, even one that means the same', () => {
    assert.equal(judge(scheme, request({ signature: mac }, '{"a": 1}')), 'forged');
    assert.equal(judge(scheme, request({ signature: mac.replace(/.$/u, 'z') }, '{"a":1}')), 'malformed');
    assert.equal(judge(scheme, request({ signature: mac.slice(2) }, '{"a":1}')), 'malformed');
    assert.equal(judge(scheme, request({}, '{"a":1}')), 'malformed');
  });

  it('knows an equal body again for five minutes, no longer: a booking may be changed back', () => {
    const given = request({ signature: mac }, '{"a":1}');
    const first = verifyWebhook(scheme, given, { nowMs: NOW_MS });
    assert(first.ok);
    const seen = rememberDelivery([], first.deliveryId, NOW_MS);
    assert.equal(judge(scheme, given, { nowMs: NOW_MS + 300_000, seen }), 'repeated');
    assert.equal(judge(scheme, given, { nowMs: NOW_MS + 300_001, seen }), 'ok');
  });

  it('refuses to work with a secret that can be guessed', () => {
    misused({ ...scheme, secret: '' });
    misused({ ...scheme, secret: 'fifteen letters' });
  });
});

describe('webhook by a secret that it carries', () => {
  it('accepts user and password (HTTP Basic), refuses others', () => {
    const scheme: WebhookScheme = { kind: 'basic', user: 'hostaway', password: 'gr\u00fcn: hund und katze' };
    const basic = (text: string): WebhookRequest =>
      request({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    assert.equal(judge(scheme, basic('hostaway:gr\u00fcn: hund und katze')), 'ok');
    assert.equal(judge(scheme, basic('hostaway:gr\u00fcn: hund und katz')), 'forged');
    assert.equal(judge(scheme, basic('Hostaway:gr\u00fcn: hund und katze')), 'forged');
    assert.equal(judge(scheme, request({ authorization: 'Basic ***' })), 'malformed');
    assert.equal(judge(scheme, request({ authorization: 'Bearer abc' })), 'malformed');
    assert.equal(judge(scheme, request({})), 'malformed');
    misused({ ...scheme, password: 'short' });
  });

  it('accepts a token at the end of the address or as a parameter', () => {
    const scheme: WebhookScheme = { kind: 'url-token', token: 'token-of-this-test-1' };
    const url = (text: string): string => judge(scheme, request({}, '', text));
    assert.equal(url('/smoobu/token-of-this-test-1'), 'ok');
    assert.equal(url('/smoobu/token-of-this-test-1?x=y'), 'ok');
    assert.equal(url('/smoobu?token=token-of-this-test-1'), 'ok');
    assert.equal(url('/smoobu/token-of-this-test-2'), 'forged');
    assert.equal(url('/token-of-this-test-1/smoobu'), 'forged');
    assert.equal(url('/smoobu/token-of-this-test-1?token=wrong'), 'forged');
    assert.equal(url('/smoobu/'), 'malformed');
    misused({ kind: 'url-token', token: '' });
  });

  it("accepts a token in a header of the host's own", () => {
    const scheme: WebhookScheme = { kind: 'header-token', header: 'X-Hook', token: 'token-of-this-test-1' };
    assert.equal(judge(scheme, request({ 'x-hook': 'token-of-this-test-1' })), 'ok');
    assert.equal(judge(scheme, request({ 'x-hook': ['token-of-this-test-1'] })), 'ok');
    assert.equal(judge(scheme, request({ 'x-hook': 'token-of-this-test-' })), 'forged');
    assert.equal(judge(scheme, request({ 'x-hook': ['token-of-this-test-1', 'x'] })), 'malformed');
    assert.equal(judge(scheme, request({})), 'malformed');
    misused({ ...scheme, token: 'x' });
  });
});
