/**
 * What Seam's calls on access codes bring (docs.seam.co, "Access Codes"), as far as an offline code can follow: it has a start and an
 * end, and its digits follow from them. Fields that ask for what cannot be are refused by name; those that make no difference are let be.
 * @module
 */
import * as v from 'valibot';
import { parseInstant } from '../../instant.ts';

/** By field, what was expected; Seam's `validation_errors` have the same. */
export type FieldProblems = Readonly<Record<string, readonly string[]>>;
export type ReadRequest<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: FieldProblems };

export interface CreateRequest {
  readonly deviceId: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly name: string | null;
}

/** `undefined` for what stays as it is. */
export interface UpdateRequest {
  readonly accessCodeId: string;
  readonly startsAtMs: number | undefined;
  readonly endsAtMs: number | undefined;
  readonly name: string | null | undefined;
}

export type GetRequest =
  | { readonly by: 'id'; readonly accessCodeId: string }
  | { readonly by: 'code'; readonly deviceId: string; readonly code: string };

export interface ListRequest {
  readonly deviceId: string | null;
  readonly accessCodeIds: readonly string[] | null;
  /** In the name. */
  readonly search: string | null;
  /** 1 to 1000 */
  readonly limit: number;
  readonly after: PageStart | null;
}

/** The last record of the page before: records are in the order of their starts. */
export interface PageStart {
  readonly startsAt: string;
  readonly accessCodeId: string;
}

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 1000;
/** 2100; codes end long before, and what is between two times must be countable. */
const MAX_MS = Date.UTC(2100, 0);

const anId = v.pipe(
  v.string('expected a text'),
  v.minLength(1, 'expected an id'),
  v.maxLength(100, 'expected an id'),
);
const aText = v.pipe(v.string('expected a text'), v.maxLength(200, 'expected at most 200 characters'));
const anInstant = v.pipe(
  v.string('expected a time'),
  v.maxLength(40, 'expected a time'),
  v.check(isInstant, 'expected ISO 8601 with a zone, such as 2026-11-27T15:00:00+01:00, from 1970 to 2100'),
  v.transform(parseInstant),
);
const leftOut = (why: string) => v.nullish(v.never(why));
const offlineOnly = {
  code: leftOut('expected none: the digits follow from the times, leave it out and read code in the answer'),
  type: v.nullish(v.literal('time_bound', 'expected time_bound: an offline code has an end')),
  is_one_time_use: v.nullish(v.literal(false, 'expected false: generate_code gives one-time codes')),
};

const createSchema = v.object({
  ...offlineOnly,
  device_id: anId,
  starts_at: anInstant,
  ends_at: anInstant,
  name: v.nullish(aText),
});
const updateSchema = v.object({
  ...offlineOnly,
  access_code_id: anId,
  device_id: v.nullish(anId),
  starts_at: v.optional(anInstant),
  ends_at: v.optional(anInstant),
  name: v.nullish(aText),
});
const ofOneSchema = v.object({ access_code_id: anId });
const getSchema = v.object({
  access_code_id: v.nullish(anId),
  device_id: v.nullish(anId),
  code: v.nullish(aText),
});
const deviceSchema = v.object({ device_id: anId });
const listSchema = v.object({
  device_id: v.nullish(anId),
  access_code_ids: v.nullish(v.pipe(v.array(anId, 'expected a list of ids'), v.maxLength(MAX_LIMIT))),
  search: v.nullish(aText),
  limit: v.nullish(
    v.pipe(
      v.number('expected a number'),
      v.integer('expected a whole number'),
      v.minValue(1, `expected 1 to ${MAX_LIMIT}`),
      v.maxValue(MAX_LIMIT, `expected 1 to ${MAX_LIMIT}`),
    ),
  ),
  page_cursor: v.nullish(
    v.pipe(
      v.string(),
      v.check(isCursor, 'expected the next_page_cursor of an answer'),
      v.transform(readCursor),
    ),
  ),
  customer_key: leftOut('expected none: there are no customers here'),
  user_identifier_key: leftOut('expected none: there are no users here'),
  access_grant_id: leftOut('expected none: there are no access grants here'),
  access_method_id: leftOut('expected none: there are no access methods here'),
});

export function readCreate(body: unknown): ReadRequest<CreateRequest> {
  return read(createSchema, body, (fields) => ({
    ...{ deviceId: fields.device_id, startsAtMs: fields.starts_at, endsAtMs: fields.ends_at },
    name: fields.name ?? null,
  }));
}

export function readUpdate(body: unknown): ReadRequest<UpdateRequest> {
  return read(updateSchema, body, (fields) => ({
    ...{ accessCodeId: fields.access_code_id, name: fields.name },
    ...{ startsAtMs: fields.starts_at, endsAtMs: fields.ends_at },
  }));
}

/** The `access_code_id` of a code to delete. */
export function readDelete(body: unknown): ReadRequest<string> {
  return read(ofOneSchema, body, ({ access_code_id }) => access_code_id);
}

/** The `device_id` that a code is wanted for. */
export function readGenerate(body: unknown): ReadRequest<string> {
  return read(deviceSchema, body, ({ device_id }) => device_id);
}

export function readGet(body: unknown): ReadRequest<GetRequest> {
  const got = read(getSchema, body, (fields) => fields);
  if (!got.ok) return got;
  const { access_code_id, device_id, code } = got.value;
  if (access_code_id) return { ok: true, value: { by: 'id', accessCodeId: access_code_id } };
  if (device_id && code) return { ok: true, value: { by: 'code', deviceId: device_id, code } };
  return { ok: false, problems: { access_code_id: ['expected an id, or device_id and code'] } };
}

export function readList(body: unknown): ReadRequest<ListRequest> {
  return read(listSchema, body, (fields) => ({
    ...{ deviceId: fields.device_id ?? null, accessCodeIds: fields.access_code_ids ?? null },
    ...{ search: fields.search ?? null, limit: fields.limit ?? DEFAULT_LIMIT },
    after: fields.page_cursor ?? null,
  }));
}

/** For `next_page_cursor`: base64, as Seam has it. */
export function writeCursor({ startsAt, accessCodeId }: PageStart): string {
  return btoa(JSON.stringify([startsAt, accessCodeId]));
}

function read<S extends v.GenericSchema, T>(
  schema: S,
  body: unknown,
  take: (fields: v.InferOutput<S>) => T,
): ReadRequest<T> {
  const result = v.safeParse(schema, body);
  if (result.success) return { ok: true, value: take(result.output) };
  const { nested = {}, root } = v.flatten(result.issues);
  const problems = Object.fromEntries(
    Object.entries(nested as Record<string, string[] | undefined>).map(([field, messages]) => [
      field.split('.')[0] ?? field,
      messages ?? [],
    ]),
  );
  return { ok: false, problems: root ? { body: ['expected a JSON object'] } : problems };
}

function isInstant(text: string): boolean {
  try {
    const atMs = parseInstant(text);
    return atMs >= 0 && atMs <= MAX_MS;
  } catch {
    return false;
  }
}

function isCursor(text: string): boolean {
  try {
    readCursor(text);
    return true;
  } catch {
    return false;
  }
}

function readCursor(text: string): PageStart {
  const [startsAt, accessCodeId] = v.parse(v.tuple([v.string(), v.string()]), JSON.parse(atob(text)));
  return { startsAt, accessCodeId };
}
