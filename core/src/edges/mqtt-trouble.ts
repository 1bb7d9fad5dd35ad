/**
 * Why there is no connection to the broker, for a log.
 * @module
 */

/** By Node's and OpenSSL's codes; a code that is not here stands for itself. */
const CAUSES: readonly (readonly [pattern: RegExp, cause: string])[] = [
  [
    /SELF_SIGNED_CERT|^UNABLE_TO_(?:VERIFY|GET_ISSUER)|^CERT_SIGNATURE_FAILURE$|^CERT_UNTRUSTED$|^INVALID_CA$/u,
    'the broker’s certificate is not of the CA that we trust',
  ],
  [/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/u, 'the broker’s certificate is not valid at this time'],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/u,
    'the broker’s certificate is for another name than that in its address',
  ],
  [/^ERR_SSL_WRONG_VERSION_NUMBER$|^EPROTO$/u, 'no TLS is spoken at that port'],
  [
    /^ERR_SSL_\w*ALERT_(?:UNKNOWN_CA|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE)$/u,
    'the broker expects a client certificate that it trusts',
  ],
];

/** Says it by the error's code where there is one: Node's own message may hold an address. */
export function describeTrouble(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  if (code === null) return error.message === '' ? 'unknown error' : error.message;
  const cause = CAUSES.find(([pattern]) => pattern.test(code))?.[1];
  return cause === undefined ? code : `${cause} (${code})`;
}
