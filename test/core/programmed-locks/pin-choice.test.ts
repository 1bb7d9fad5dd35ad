import assert from 'node:assert/strict';
import fc from 'fast-check';
import { choosePin, pinOf } from '../../../core/src/programmed-locks/pin-choice.ts';
import { nukiHubLock } from '../../../core/src/programmed-locks/targets/nuki-hub.ts';
import { zigbee2mqttLock } from '../../../core/src/programmed-locks/targets/zigbee2mqtt.ts';

const { pinLimits: nuki } = nukiHubLock({ topic: 'nukihub/lock', zone: 'UTC', count: 20 });
const zigbee = (min: number, max: number) =>
  zigbee2mqttLock({ topic: 'zigbee2mqtt/door', slots: { first: 0, count: 30 }, pinDigits: { min, max } })
    .pinLimits;
const twelve = fc.stringMatching(/^\d{12}$/u);

describe('choosePin', () => {
  it("is the code's first six digits where the lock takes them", () => {
    assert.deepEqual(choosePin('042193857261', zigbee(4, 8), new Set()), { choice: 0, pin: '042193' });
    assert.deepEqual(choosePin('942193857261', nuki, new Set()), { choice: 0, pin: '942193' });
  });

  it('is a PIN of the lock own for a keypad that has no 0 or takes no 12 in front', () => {
    for (const digits of ['042193857261', '129193857261']) {
      const own = choosePin(digits, nuki, new Set());
      assert.ok(own && own.choice > 0);
      assert.match(own.pin, /^(?!12)[1-9]{6}$/u);
    }
  });

  it('has the length that the lock takes', () => {
    assert.match(choosePin('942193857261', zigbee(4, 4), new Set())?.pin ?? '', /^\d{4}$/u);
    assert.match(choosePin('942193857261', zigbee(8, 8), new Set())?.pin ?? '', /^\d{8}$/u);
  });

  it('is none that another slot has, and the same one each time', () => {
    fc.assert(
      fc.property(twelve, (digits) => {
        const first = choosePin(digits, nuki, new Set());
        assert.ok(first);
        const second = choosePin(digits, nuki, new Set([first.pin]));
        assert.ok(second && second.pin !== first.pin && second.choice > first.choice);
        assert.equal(pinOf(digits, second.choice, nuki), second.pin);
      }),
    );
  });

  it('is none where all that the lock takes are taken', () => {
    const taken = new Set(Array.from({ length: 10_000 }, (_, pin) => String(pin).padStart(4, '0')));
    assert.equal(choosePin('942193857261', zigbee(4, 4), taken), null);
  });
});
