import assert from 'node:assert/strict';
import { StaycodeError } from '@staycode/core';
import type { NodeMessage } from 'node-red';
import { addressMessage } from '../../../node-red-nodes/nodes/stay-message/address-message.mts';
import {
  checkTemplates,
  type Template,
  type Wording,
  wordMessage,
} from '../../../node-red-nodes/nodes/stay-message/word-message.mts';

const msg = (guest: object, more: object = {}): NodeMessage => ({
  code: { digits: '952791427294', grouped: '9527 9142 7294', pinDigits: 6 },
  stay: {
    ...{ startsAtMs: Date.parse('2026-11-27T14:00:00Z'), endsAtMs: Date.parse('2026-11-30T10:00:00Z') },
    ...{ zone: 'Europe/Berlin', unitName: 'Flat A' },
  },
  guest: { name: 'Anna', ...guest },
  ...more,
});
const ours: Wording = { language: '', fallback: 'fr', templates: [] };
const dutch: Template = { language: 'nl', subject: 'Code voor {unit}', text: 'Dag {name}: {code}' };
const german: Template = { language: 'de', subject: '', text: 'Moin {name}: {code}' };
const languageOf = (guest: object, wording: Partial<Wording> = {}): string =>
  wordMessage(msg(guest), { ...ours, ...wording }).language;

describe('the words to a guest', () => {
  it('are in the language of the booking, else of the phone, else of the host’s choice', () => {
    assert.equal(languageOf({ language: 'de-AT', phone: '+34 6' }), 'de');
    assert.equal(languageOf({ language: null, phone: '+34 6' }), 'es');
    assert.equal(languageOf({}), 'fr');
    assert.equal(languageOf({ language: 'de' }, { language: 'it' }), 'it');
  });
  it('are the host’s own where he has some in that language, also one of no table of ours', () => {
    const templates = [dutch, german];
    assert.deepEqual(wordMessage(msg({ language: 'nl-BE' }), { ...ours, templates }), {
      language: 'nl',
      subject: 'Code voor Flat A',
      text: 'Dag Anna: 9527 9142 7294',
    });
    const { subject, text } = wordMessage(msg({ phone: '+49 30' }), { ...ours, templates });
    assert.deepEqual([subject, text], ['Ihr Türcode für Flat A', 'Moin Anna: 9527 9142 7294']);
    assert.match(wordMessage(msg({ language: 'en' }), { ...ours, templates }).text, /^Hello Anna,/u);
    assert.equal(languageOf({ language: 'en' }, { templates, language: 'nl' }), 'nl');
  });
  it('are the host’s choice for a language that nobody has words for', () => {
    assert.equal(languageOf({ language: 'ja' }), 'fr');
    assert.equal(languageOf({ language: 'ja' }, { fallback: 'de', templates: [dutch, german] }), 'de');
  });
  it('say that a message may come twice, but not in its subject', () => {
    const templates = [dutch];
    const { subject, text } = wordMessage(msg({ language: 'nl' }, { mayBeDuplicate: true }), {
      ...ours,
      templates,
    });
    assert.deepEqual([subject, text.split('\n\n').length], ['Code voor Flat A', 2]);
  });
  it('are refused for what is no message of stay-code, and say nothing of it', () => {
    for (const wrong of [{}, { code: { digits: '1' } }, { ...msg({}), stay: {} }]) {
      assert.throws(() => wordMessage(wrong, ours), { code: 'bad-message' });
    }
  });
});

describe('templates of the host’s', () => {
  it('need a code, placeholders that there are, and a language', () => {
    checkTemplates([dutch, german, { ...dutch, text: 'Dag {name}: {pin}' }]);
    for (const [wrong, message] of [
      [{ ...dutch, text: 'Dag' }, /expected \{code\} or \{pin\} in the words for nl/u],
      [{ ...dutch, text: '{code} {naam}' }, /got \{naam\}/u],
      [{ ...dutch, subject: '{naam}' }, /got \{naam\}/u],
      [{ ...dutch, language: 'Nederlands!' }, /a language such as nl/u],
    ] as const) {
      assert.throws(
        () => {
          checkTemplates([wrong]);
        },
        (error) =>
          error instanceof StaycodeError && error.code === 'bad-config' && message.test(error.message),
      );
    }
  });
});

describe('the message of a channel', () => {
  const worded = { language: 'de', subject: 'Ihr Code', text: 'Text' };
  const came = {
    topic: 'Flat A',
    payload: 'old',
    delivery: { id: 'd' },
    headers: { cookie: 'x' },
  } as NodeMessage;

  it('is what its nodes take', () => {
    const { headers, ...kept } = came as NodeMessage & { headers: unknown };
    assert.deepEqual(addressMessage(came, 'email', worded, ' a@example.com '), {
      ...{ ...kept, language: 'de', topic: 'Ihr Code', payload: 'Text', to: 'a@example.com' },
    });
    assert.deepEqual(addressMessage(kept, 'telegram', worded, 123), {
      ...{ ...kept, language: 'de', payload: { chatId: 123, type: 'message', content: 'Text' } },
    });
    assert.deepEqual(addressMessage(kept, 'sms', worded, '+49 30 1234567'), {
      ...{ ...kept, language: 'de', topic: '+49301234567', payload: 'Text', to: '+49301234567' },
    });
    assert.deepEqual(addressMessage(came, 'text', worded, undefined), {
      ...came,
      language: 'de',
      payload: 'Text',
    });
  });
  it('goes to the number of an SMS as carriers take it, and to none that a booking site has masked', () => {
    const numbers: readonly (readonly [string | number, string | null])[] = [
      [' +49 (0) 170 / 123-45.67 ', '+491701234567'],
      ['0049 (170) 1234567', '+491701234567'],
      ['\u202a+49\u00a0170\u20111234567\u202c', '+491701234567'],
      ['(0170) 1234567', '01701234567'],
      [491701234567, '491701234567'],
      ['whatsapp:+49 170 1234567', 'whatsapp:+491701234567'],
      ['+49 *** *** 4567', null],
      ['4567', null],
      ['+49 170 1234567 ext. 3', null],
      ['n/a', null],
      ['+4917012345678901', null],
    ];
    for (const [written, number] of numbers)
      assert.equal(addressMessage(came, 'sms', worded, written)?.topic ?? null, number, String(written));
  });
  it('is none without an address', () => {
    for (const to of ['', '  ', null, undefined, {}])
      assert.equal(addressMessage(came, 'email', worded, to), null);
  });
});
