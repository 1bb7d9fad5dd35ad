import assert from 'node:assert/strict';
import { chooseLanguage, guestMessage, LANGUAGES } from '../../../core/src/messages/guest-message.ts';

const message = {
  name: 'Anna',
  code: '952791427294',
  startsAtMs: Date.parse('2026-11-27T14:00:00Z'),
  endsAtMs: Date.parse('2026-11-30T10:00:00Z'),
  zone: 'Europe/Berlin',
  unitName: 'Flat A',
  pinDigits: 6,
  language: 'en',
} as const;

describe('guestMessage', () => {
  it('greets by name, groups the digits and tells times in the zone of the property', () => {
    const text = guestMessage(message);
    assert.match(text, /^Hello Anna,/u);
    assert.match(text, /door code for Flat A is 9527 9142 7294/u);
    assert.match(text, /Friday,? 27 November 2026 at 15:00/u);
    assert.match(text, /Monday,? 30 November 2026 at 11:00/u);
  });
  it('says that early tries count as wrong and that the first digits open after the first use', () => {
    assert.match(guestMessage(message), /early tries count as wrong/u);
    assert.match(guestMessage(message), /the first 6 digits, 952791, are enough/u);
    assert.match(guestMessage({ ...message, pinDigits: 8 }), /the first 8 digits, 95279142, are enough/u);
  });
  it('promises no short PIN where there will be none', () => {
    assert.doesNotMatch(guestMessage({ ...message, pinDigits: 0 }), /first \d digits/u);
  });
  it('has the PIN alone, and never twelve digits, where every door keeps a list of PINs', () => {
    for (const pinDigits of [0, 6, 8] as const) {
      const text = guestMessage({ ...message, pinDigits, isListed: true });
      assert.match(text, /door code for Flat A is 952791\n/u);
      assert.match(text, /At the door type 952791 and/u);
      assert.doesNotMatch(text, /twelve|7294/u);
    }
  });
  it('has the PIN that these doors take where they do not take the leading digits', () => {
    const doorPins = [
      { door: 'Gate', pin: '583921' },
      { door: 'Flat door', pin: '583921' },
    ];
    const text = guestMessage({ ...message, isListed: true, doorPins });
    assert.match(text, /door code for Flat A is 583921\n/u);
    assert.match(text, /At the door type 583921 and/u);
    assert.doesNotMatch(text, /952791/u);
  });
  it('says what is typed at which door where they take different PINs', () => {
    const doorPins = [
      { door: 'the gate', pin: '952791' },
      { door: 'the flat', pin: '583921' },
    ];
    const text = guestMessage({ ...message, isListed: true, doorPins });
    assert.match(text, /is 952791 \/ 583921\n/u);
    assert.match(text, /At the gate type 952791 and no more.* At the flat type 583921 and no more/u);
  });
  it('says what is typed at a door that keeps a list beside others that do not', () => {
    const text = guestMessage({ ...message, doorPins: [{ door: 'the flat', pin: '952791' }] });
    assert.match(text, /is 9527 9142 7294\n/u);
    assert.match(
      text,
      /all twelve digits.*are enough\. At the flat type 952791 and no more, also the first time/u,
    );
  });
  it('does not promise that the code of before opens until the first use where doors keep lists', () => {
    const text = guestMessage({ ...message, replacesEarlier: true, isListed: true });
    assert.match(text, /takes the place of the code that you had, which opens no more/u);
    assert.doesNotMatch(text, /first use/u);
  });
  it('does without a name', () => {
    assert.match(guestMessage({ ...message, name: null }), /^Hello,/u);
    assert.match(guestMessage({ ...message, name: '  ' }), /^Hello,/u);
  });
  it('says that a code takes the place of an earlier one', () => {
    assert.match(
      guestMessage({ ...message, replacesEarlier: true }),
      /takes the place of the code that you had/u,
    );
    assert.doesNotMatch(guestMessage(message), /takes the place/u);
  });
  it('says that only the times are others where the code is the same', () => {
    const text = guestMessage({ ...message, replacesEarlier: true, keepsCode: true });
    assert.match(text, /only its times have changed/u);
    assert.doesNotMatch(text, /takes the place|new door code/u);
  });
  it('says of a message that may come twice that nothing has changed', () => {
    assert.match(guestMessage({ ...message, mayBeDuplicate: true }), /nothing has changed\.$/u);
    assert.doesNotMatch(guestMessage(message), /nothing has changed/u);
  });
  for (const language of LANGUAGES) {
    it(`says all of it in ${language}`, () => {
      const text = guestMessage({
        ...message,
        ...{ language, replacesEarlier: true, mayBeDuplicate: true },
      });
      assert.equal(text.split('\n\n').length, 6);
      for (const part of [
        'Anna',
        'Flat A',
        '9527 9142 7294',
        '27',
        '2026',
        '15:00',
        '30',
        '11:00',
        ' 952791',
      ]) {
        assert.ok(text.includes(part), `${part} in ${text}`);
      }
    });
  }
  it('differs in every sentence from one language to the next', () => {
    const texts = LANGUAGES.map((language) => {
      const again = { ...message, language, replacesEarlier: true, mayBeDuplicate: true };
      const [, , , keeps = ''] = guestMessage({ ...again, keepsCode: true }).split('\n\n');
      const doorPins = [{ door: 'Gate', pin: '952791' }];
      const listed = guestMessage({ ...again, isListed: true }).split('\n\n');
      const mixed = guestMessage({ ...again, doorPins }).split('\n\n');
      return [...guestMessage(again).split('\n\n'), keeps, ...listed.slice(3, 5), ...mixed.slice(4, 5)];
    });
    const sentences = texts.flat();
    assert.equal(new Set(sentences).size, sentences.length);
  });
});

describe('chooseLanguage', () => {
  it('takes the language of a tag, whatever the region and the way of writing it', () => {
    for (const tag of ['fr', 'fr-CA', 'FR_fr', ' fr ']) assert.equal(chooseLanguage(tag, 'en'), 'fr', tag);
  });
  it('falls back where the tag is missing or none of ours', () => {
    for (const tag of [null, '', 'nl', 'frr', 'english']) assert.equal(chooseLanguage(tag, 'de'), 'de');
  });
});
