/**
 * The calls that there are, by their path: what each reads, does and answers.
 * @module
 */
import {
  accessCodeIdOf,
  type ListRequest,
  readCreate,
  readDelete,
  readGenerate,
  readGet,
  readList,
  type ReadRequest,
  readUpdate,
  writeCursor,
} from '@staycode/core';
import { type Answer, answerDone, answerWith, Refusal } from './answers.mts';
import {
  type ApiDesk,
  compare,
  findCode,
  findDevice,
  type Found,
  listFound,
  placeOf,
  show,
} from './api-desk.mts';
import type { ApiKey } from './api-keys.mts';
import { createStay, endStay, updateStay } from './change-stays.mts';
import { drawOneTimeCode, revokeDrawn } from './draw-code.mts';

export interface ApiCall {
  readonly methods: readonly string[];
  /** @throws Refusal */
  readonly answer: (desk: ApiDesk, body: unknown, key: ApiKey) => Answer;
}

export const CALLS: Readonly<Record<string, ApiCall>> = {
  create: { methods: ['POST'], answer: create },
  get: { methods: ['GET', 'POST'], answer: get },
  list: { methods: ['GET', 'POST'], answer: list },
  update: { methods: ['POST', 'PATCH', 'PUT'], answer: update },
  delete: { methods: ['POST', 'DELETE'], answer: remove },
  generate_code: { methods: ['GET', 'POST'], answer: generate },
};

function create(desk: ApiDesk, body: unknown): Answer {
  const request = take(readCreate(body));
  const unit = findDevice(desk, request.deviceId);
  const stayId = createStay(desk, unit, request);
  const found = findCode(desk, accessCodeIdOf(unit.house.unit.unitId, stayId));
  return answerDone('CREATE_ACCESS_CODE', { access_code: show(desk, found) });
}

function get(desk: ApiDesk, body: unknown): Answer {
  const request = take(readGet(body));
  if (request.by === 'id')
    return answerWith({ access_code: show(desk, findCode(desk, request.accessCodeId)) });
  const found = listFound(desk, [findDevice(desk, request.deviceId)])
    .map((one) => show(desk, one))
    .find(({ code }) => code === request.code);
  if (found === undefined)
    throw new Refusal('access_code_not_found', 'access code: expected digits of a code that is there');
  return answerWith({ access_code: found });
}

function list(desk: ApiDesk, body: unknown): Answer {
  const request = take(readList(body));
  const units = request.deviceId === null ? undefined : [findDevice(desk, request.deviceId)];
  const wanted = listFound(desk, units).filter((found) => isListed(found, request));
  const page = wanted.slice(0, request.limit);
  const last = page.at(-1)?.record;
  const hasNext = wanted.length > page.length && last !== undefined;
  return answerWith({
    access_codes: page.map((one) => show(desk, one)),
    pagination: {
      has_next_page: hasNext,
      next_page_cursor: hasNext
        ? writeCursor({ startsAt: last.starts_at, accessCodeId: last.access_code_id })
        : null,
      next_page_url: null,
    },
  });
}

/** Codes that are over can be read, but are not listed. */
function isListed({ record }: Found, { accessCodeIds, search, after }: ListRequest): boolean {
  return (
    record.status !== 'unset' &&
    (accessCodeIds === null || accessCodeIds.includes(record.access_code_id)) &&
    (search === null || (record.name ?? '').toLowerCase().includes(search.toLowerCase())) &&
    (after === null || compare(placeOf(record), `${after.startsAt} ${after.accessCodeId}`) > 0)
  );
}

function update(desk: ApiDesk, body: unknown, key: ApiKey): Answer {
  const request = take(readUpdate(body));
  updateStay(desk, findCode(desk, request.accessCodeId), request, key);
  return answerDone('UPDATE_ACCESS_CODE');
}

function remove(desk: ApiDesk, body: unknown, key: ApiKey): Answer {
  const found = findCode(desk, take(readDelete(body)));
  if (found.record.is_backup) revokeDrawn(desk, found);
  else endStay(desk, found, key);
  return answerDone('DELETE_ACCESS_CODE');
}

function generate(desk: ApiDesk, body: unknown, key: ApiKey): Answer {
  const unit = findDevice(desk, take(readGenerate(body)));
  return answerWith({ generated_code: show(desk, findCode(desk, drawOneTimeCode(desk, unit, key))) });
}

function take<T>(read: ReadRequest<T>): T {
  if (read.ok) return read.value;
  const [field = 'body', messages = []] = Object.entries(read.problems)[0] ?? [];
  throw new Refusal('invalid_input', `${field}: ${messages[0] ?? 'expected another value'}`, read.problems);
}
