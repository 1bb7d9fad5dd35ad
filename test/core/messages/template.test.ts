import assert from 'node:assert/strict';
import { LANGUAGES } from '../../../core/src/messages/guest-message.ts';
import {
  fillTemplate,
  PLACEHOLDERS,
  subjectOf,
  unknownPlaceholder,
} from '../../../core/src/messages/template.ts';

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

describe('a template of the host’s', () => {
  it('is filled in with digits in groups and times in the zone of the property, as its language writes them', () => {
    const text = fillTemplate('Hallo {name}, {unit}: {code}, {from} – {until}, daarna {pin}', message, 'nl');
    assert.equal(
      text,
      'Hallo Anna, Flat A: 9527 9142 7294, vrijdag 27 november 2026 om 15:00 – maandag 30 november 2026 om 11:00, daarna 952791',
    );
    assert.match(fillTemplate('{from}', message, 'en'), /^Friday,? 27 November 2026 at 15:00$/u);
    assert.match(fillTemplate('{from}', message, 'en-US'), /^Friday, November 27, 2026 at 15:00$/u);
  });
  it('greets a guest without a name without a gap', () => {
    assert.equal(fillTemplate('Hi {name}, {code}', { ...message, name: null }, 'en'), 'Hi, 9527 9142 7294');
  });
  it('promises no short PIN where there will be none', () => {
    const without = { ...message, pinDigits: 0 } as const;
    assert.equal(fillTemplate('{pin}', without, 'en'), '9527 9142 7294');
    assert.doesNotMatch(fillTemplate('{typing}', without, 'en'), /first \d digits/u);
  });
  it('has the digits of doors that keep lists of PINs', () => {
    const listed = { ...message, pinDigits: 0, isListed: true } as const;
    assert.equal(fillTemplate('{pin}', listed, 'en'), '952791');
    assert.equal(fillTemplate('{code}', listed, 'en'), '952791');
    assert.match(fillTemplate('{typing}', listed, 'en'), /At the door type 952791 and/u);
    const other = { ...listed, doorPins: [{ door: 'Gate', pin: '583921' }] };
    assert.equal(fillTemplate('{pin} {code}', other, 'en'), '583921 583921');
  });
  it('says what the guest has to know even where it has no place for it, and nothing otherwise', () => {
    const again = { ...message, replacesEarlier: true, mayBeDuplicate: true } as const;
    assert.match(
      fillTemplate('{code}', again, 'en'),
      /^9527 9142 7294\n\nIt takes the place.*nothing has changed\.$/su,
    );
    assert.match(fillTemplate('{note} {code}', again, 'en'), /^It takes the place.* 9527 9142 7294$/su);
    assert.equal(fillTemplate('{code} {note}', message, 'en'), '9527 9142 7294');
  });
  it('does not take what a guest is called for a placeholder', () => {
    assert.equal(
      fillTemplate('{name} {unit}', { ...message, name: '{code} $& {unit}' }, 'en'),
      '{code} $& {unit} Flat A',
    );
  });
  it('names the first placeholder that is none', () => {
    assert.equal(unknownPlaceholder('{code} {nmae} {x}'), '{nmae}');
    assert.equal(unknownPlaceholder(PLACEHOLDERS.map((name) => `{${name}}`).join(' ')), null);
  });
});

describe('subjectOf', () => {
  it('names the unit, in every language in words of its own', () => {
    const subjects = LANGUAGES.map((language) => subjectOf({ unitName: 'Flat A', language }));
    assert.equal(new Set(subjects).size, LANGUAGES.length);
    for (const subject of subjects) assert.match(subject, /Flat A$/u);
  });
});
