import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { playScenario } from '@staycode/core';
import { lockScenarios, SCENARIOS } from '../../vectors/scenarios/all.ts';

const file = readFileSync(join(import.meta.dirname, '../../vectors/lock-scenarios.jsonl'), 'utf8');

/** Spec, "Verdicts and scenarios". */
const VERDICTS = [
  ...['stay', 'amendment', 'one-time', 'pin', 'staff'].map((reason) => `opened ${reason}`),
  ...['clock', 'revocation'].map((reason) => `done ${reason}`),
  ...['closed', 'unknown', 'revoked', 'superseded', 'consumed', 'clock-lost', 'early', 'expired'].map(
    (reason) => `refused ${reason}`,
  ),
  ...['replayed', 'clock-refused', 'revocation-refused'].map((reason) => `refused ${reason}`),
];

describe('lock scenarios', () => {
  for (const line of file.trimEnd().split('\n')) {
    const { name } = JSON.parse(line) as { name: string };
    it(name, () => {
      assert.deepEqual(playScenario(line), []);
    });
  }

  it('hold every verdict that there is, and no other', () => {
    const steps = SCENARIOS.flatMap((scenario) => scenario.steps);
    const seen = steps.flatMap((step) => ('enter' in step ? [`${step.expect} ${step.reason}`] : []));
    assert.deepEqual([...new Set(seen)].sort(), VERDICTS.sort());
  });

  it('have a name each', () => {
    assert.equal(new Set(SCENARIOS.map(({ name }) => name)).size, SCENARIOS.length);
  });

  it('are in the file as they are defined: generate-scenarios.ts has been run', () => {
    assert.equal(file, lockScenarios());
  });
});
