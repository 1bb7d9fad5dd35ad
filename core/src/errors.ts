/**
 * The one error class of Staycode: misuse and bad data. A refused code is an answer, never an error.
 * @module
 */

/** Stable codes that a caller can act on; the message says what was expected and what came. */
export type StaycodeErrorCode =
  | 'bad-key'
  | 'bad-id'
  | 'out-of-range'
  | 'bad-alphabet'
  | 'bad-rules'
  | 'bad-zone'
  | 'bad-time'
  | 'not-a-calendar'
  | 'feed-failed'
  | 'revisions-spent'
  | 'bad-register'
  | 'bad-message'
  | 'bad-entry'
  | 'bad-config'
  | 'sealed-refused'
  | 'journal-foreign'
  | 'journal-corrupt'
  | 'journal-failed'
  | 'no-power';

/** Thrown for misuse and bad data. Never carries a key or a whole code, in message or fields. */
export class StaycodeError extends Error {
  override readonly name = 'StaycodeError';
  readonly code: StaycodeErrorCode;

  constructor(code: StaycodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What a reader gives, or `null` where it refuses with a `StaycodeError`. */
export function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof StaycodeError) return null;
    throw error;
  }
}
