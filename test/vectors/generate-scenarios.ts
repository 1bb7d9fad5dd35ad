/** Writes `lock-scenarios.jsonl`, a scenario a line in the form of the spec: run this file with the repo's Node. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockScenarios } from './scenarios/all.ts';

writeFileSync(join(import.meta.dirname, 'lock-scenarios.jsonl'), lockScenarios());
