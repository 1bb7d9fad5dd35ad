import assert from 'node:assert/strict';
import { guestLanguage } from '../../../core/src/messages/guest-language.ts';

describe('guestLanguage', () => {
  it('is what the booking says: a tag, or a name in English or in the language itself', () => {
    for (const language of ['de', 'de_AT', 'German', 'deutsch', ' DE-ch ']) {
      assert.equal(guestLanguage({ language, phone: '+33 1 23' }, 'en'), 'de', language);
    }
  });
  it('is the host’s choice where the booking’s is none of ours, whatever the phone', () => {
    assert.equal(guestLanguage({ language: 'nl', phone: '+49 30 555' }, 'fr'), 'fr');
  });
  it('is that of the phone’s country where the booking says nothing', () => {
    for (const [phone, language] of [
      ['+49 30 555', 'de'],
      ['0033 1 23', 'fr'],
      ['+39 06 555', 'it'],
      ['+52 55 555', 'es'],
      ['+353 1 555', 'en'],
      ['+1 212 555', 'en'],
    ] as const) {
      assert.equal(guestLanguage({ phone }, 'it'), language, phone);
    }
  });
  it('is the host’s choice where the country speaks several languages, or the number tells none', () => {
    for (const phone of ['+41 44 555', '+32 2 555', '030 555', 'call me', '']) {
      assert.equal(guestLanguage({ language: null, phone }, 'it'), 'it', phone);
    }
  });
});
