/**
 * An argument without which a command cannot run.
 * @module
 */
import { StaycodeError } from '../errors.ts';

/** The value. @throws StaycodeError `bad-config`, saying `what` was expected, where it is missing or empty */
export function needed(what: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new StaycodeError('bad-config', `expected ${what}`);
  return value;
}
