/**
 * What comes from outside as JSON, held to a schema.
 * @module
 */
import * as v from 'valibot';
import { StaycodeError } from './errors.ts';

/** Parses JSON against a schema. @throws StaycodeError `bad-message` */
export function parseMessage<T>(schema: v.GenericSchema<unknown, T>, text: string, what: string): T {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new StaycodeError('bad-message', `${what}: expected JSON`);
  }
  const result = v.safeParse(schema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue);
  // Only the field's name and the shape expected: what came could be anything, a code among it.
  throw new StaycodeError(
    'bad-message',
    `${what}: ${where ?? 'whole'}: expected ${issue.expected ?? 'another value'}`,
  );
}
