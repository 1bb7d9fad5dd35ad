/** Certificates for tests, made by openssl: an authority of a day, and what it certifies. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Authority {
  readonly caFile: string;
  /** For a server at 127.0.0.1 or feed.example, or for a client of that name. */
  certify(name: string): Certificate;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** The folder gets the authority's files and those that it certifies; `name` keeps two authorities in it apart. */
export function makeAuthority(folder: string, name: string): Authority {
  const at = (file: string): string => join(folder, `${name}-${file}`);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'ignore'] });
  };
  const caFile = at('ca.crt');
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-keyout',
    at('ca.key'),
    '-out',
    caFile,
    '-days',
    '1',
    '-subj',
    `/CN=${name}`,
  );
  const extensions = at('extensions');
  writeFileSync(extensions, 'subjectAltName = IP:127.0.0.1, DNS:feed.example\n');
  return {
    caFile,
    certify: (subject) => {
      const certificate = { certFile: at(`${subject}.crt`), keyFile: at(`${subject}.key`) };
      const request = at(`${subject}.csr`);
      openssl('req', ...NEW_KEY, '-keyout', certificate.keyFile, '-out', request, '-subj', `/CN=${subject}`);
      openssl(
        ...['x509', '-req', '-in', request, '-CA', caFile, '-CAkey', at('ca.key'), '-CAcreateserial'],
        ...['-days', '1', '-extfile', extensions, '-out', certificate.certFile],
      );
      return certificate;
    },
  };
}
