/**
 * JSON from other people's programs, by schema.
 * @module
 */
import * as v from 'valibot';

/** What the text holds, or `null` where it is no JSON or of another shape. */
export function parseJson<T>(text: string, schema: v.GenericSchema<unknown, T>): T | null {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
