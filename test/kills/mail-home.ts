/** What is outside of Node-RED: a booking site that serves a calendar, and the mail server of the guests. Both say when they are used. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A poll has come; its calendar went out; a mail is here and not yet accepted; it was. */
export type Moment = 'asked' | 'answered' | 'mailed' | 'accepted';

export interface MailHome {
  readonly calendarUrl: string;
  readonly smtpPort: number;
  calendar: string;
  /** Texts of the mails, in the order in which they came. */
  readonly mails: readonly string[];
  /** Called at each moment; what it returns is waited for. */
  onMoment: (moment: Moment) => Promise<void> | void;
  close(): Promise<void>;
}

export async function startMailHome(): Promise<MailHome> {
  const mails: string[] = [];
  const web = createServer((_request, response) => {
    void (async () => {
      await home.onMoment('asked');
      response.writeHead(200, { 'content-type': 'text/calendar' }).end(home.calendar);
      await home.onMoment('answered');
    })();
  }).listen(0, '127.0.0.1');
  const smtp = new SMTPServer({
    ...{ disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true, logger: false },
    onData(stream, _session, accepted) {
      void (async () => {
        const mail = await text(stream).catch(() => null);
        // Its sender was killed in the midst of it: no mail server passes that on.
        if (mail === null) return;
        // It is the guest's from here on, whatever becomes of the sender.
        mails.push(toText(mail));
        await home.onMoment('mailed');
        accepted();
        await home.onMoment('accepted');
      })();
    },
  });
  // Senders are killed in the midst of a sentence.
  smtp.on('error', () => undefined);
  const mailServer = smtp.listen(0, '127.0.0.1');
  await Promise.all([once(web, 'listening'), once(mailServer, 'listening')]);
  const home: MailHome = {
    calendarUrl: `http://127.0.0.1:${(web.address() as AddressInfo).port}/calendar.ics`,
    smtpPort: (mailServer.address() as AddressInfo).port,
    ...{ calendar: '', mails, onMoment: () => undefined },
    async close() {
      web.closeAllConnections();
      web.close();
      await new Promise<void>((resolve) => {
        smtp.close(resolve);
      });
    },
  };
  return home;
}

/** The body of a plain mail: its head taken off, long lines put together again (RFC 2045 §6.7). */
function toText(mail: string): string {
  const body = mail.slice(mail.indexOf('\r\n\r\n') + 4);
  return body
    .replaceAll(/=\r\n/gu, '')
    .replaceAll(/=([0-9A-F]{2})/gu, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
