/** A mail server on this machine that takes every mail and keeps it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  readonly to: readonly string[];
  /** As it came over the wire: RFC 2047 where it is not ASCII. */
  readonly head: string;
  readonly text: string;
}

export interface MailSink {
  readonly port: number;
  readonly mails: readonly Mail[];
  /** Resolves to the mail of that number, from 0. */
  mail(index: number): Promise<Mail>;
  close(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const mails: Mail[] = [];
  const waiting = new Set<() => void>();
  const smtp = new SMTPServer({
    ...{ disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false },
    onData(stream, { envelope }, accepted) {
      void buffer(stream).then((raw) => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), ...toMail(raw) });
        accepted();
        for (const check of waiting) check();
      });
    },
  });
  const server = smtp.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    mail: (index) =>
      new Promise((resolve) => {
        const check = (): void => {
          const mail = mails[index];
          if (mail === undefined) return;
          waiting.delete(check);
          resolve(mail);
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        smtp.close(resolve);
      }),
  };
}

/** Head and body of a plain mail, long lines put together again (RFC 2045 §6.7, or base64). */
function toMail(raw: Buffer): { head: string; text: string } {
  const [head = '', ...rest] = raw.toString('latin1').split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/^content-transfer-encoding: base64/imu.test(head))
    return { head, text: Buffer.from(body, 'base64').toString() };
  const bytes = body
    .replaceAll(/=\r\n/gu, '')
    .replaceAll(/=([0-9A-F]{2})/gu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { head, text: Buffer.from(bytes, 'latin1').toString() };
}
