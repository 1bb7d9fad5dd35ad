/**
 * What a caller gets: Seam's shapes, for what was asked and for what went wrong.
 * @module
 */
import { randomUUID } from 'node:crypto';
import type { FieldProblems } from '@staycode/core';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Seam's clients tell by the type; those that Seam has no word for are ours. */
export type RefusalType =
  | 'invalid_input'
  | 'unauthorized'
  | 'not_found'
  | 'method_not_allowed'
  | 'access_code_not_found'
  | 'device_not_found'
  | 'access_code_conflict'
  | 'device_not_ready'
  | 'device_not_supported'
  | 'no_code_left'
  | 'payload_too_large'
  | 'rate_limit_exceeded'
  | 'internal_error';

const STATUS: Readonly<Record<RefusalType, number>> = {
  invalid_input: 400,
  unauthorized: 401,
  not_found: 404,
  method_not_allowed: 405,
  access_code_not_found: 404,
  device_not_found: 404,
  access_code_conflict: 409,
  device_not_ready: 503,
  device_not_supported: 409,
  no_code_left: 409,
  payload_too_large: 413,
  rate_limit_exceeded: 429,
  internal_error: 500,
};

/** Ends a call; what it was about to write is not written. */
export class Refusal extends Error {
  readonly type: RefusalType;
  readonly problems: FieldProblems | null;

  constructor(type: RefusalType, message: string, problems: FieldProblems | null = null) {
    super(message);
    this.type = type;
    this.problems = problems;
  }
}

export function refuseField(field: string, message: string): Refusal {
  return new Refusal('invalid_input', `${field}: ${message}`, { [field]: [message] });
}

export function answerWith(fields: Readonly<Record<string, unknown>>): Answer {
  return { status: 200, body: { ...fields, ok: true } };
}

/** Seam's calls that change something come with an attempt that may go on; here it is done when it is answered. */
export function answerDone(actionType: string, fields: Readonly<Record<string, unknown>> = {}): Answer {
  const attempt = { action_attempt_id: randomUUID(), action_type: actionType, status: 'success' };
  return answerWith({ ...fields, action_attempt: { ...attempt, result: {}, error: null } });
}

export interface RefusalDetails {
  readonly problems?: FieldProblems | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refuse(type: RefusalType, message: string, details: RefusalDetails = {}): Answer {
  const { problems = null, headers = {} } = details;
  const error = { type, message, ...(problems && { validation_errors: toSeamProblems(problems) }) };
  return { status: STATUS[type], body: { error, ok: false }, headers };
}

function toSeamProblems(problems: FieldProblems): Record<string, unknown> {
  const fields = Object.entries(problems).map(([field, list]): [string, unknown] => [
    field,
    { _errors: list },
  ]);
  return { _errors: [], ...Object.fromEntries(fields) };
}
