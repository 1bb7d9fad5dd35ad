/**
 * What comes in over the wire: an answer of the PMS's, a code to write back, or the wish to ask the PMS now.
 * @module
 */
import type { NodeMessage } from 'node-red';
import type { RequestTag } from './to-message.mts';

export type Input =
  /** An answer to a request of this node's, or to one that the flow has made by itself. */
  | {
      readonly kind: 'answer';
      readonly body: unknown;
      readonly tag: RequestTag | null;
      readonly fault: string | null;
    }
  /** A message with a code, as `stay-code` sends it; `stayId` is the PMS's name for the stay. */
  | { readonly kind: 'code'; readonly stayId: string }
  | { readonly kind: 'ask' };

/** Sorts a message. An answer that is none, as of a PMS that is down, carries the fault. */
export function readInput(msg: NodeMessage, nodeId: string): Input {
  const tag = readTag(msg.pms, nodeId);
  if (tag !== null) return { kind: 'answer', tag, ...readAnswer(msg) };
  const stayId = readStayId(msg);
  if (stayId !== null) return { kind: 'code', stayId };
  const { payload } = msg;
  const isBody =
    typeof payload === 'string' ? payload.trim() !== '' : typeof payload === 'object' && payload !== null;
  return isBody ? { kind: 'answer', tag: null, ...readAnswer(msg) } : { kind: 'ask' };
}

function readTag(value: unknown, nodeId: string): RequestTag | null {
  const tag = value as Partial<RequestTag> | null | undefined;
  return tag?.node === nodeId ? (tag as RequestTag) : null;
}

function readStayId({ code, reservation }: NodeMessage): string | null {
  const { digits } = (code ?? {}) as { digits?: unknown };
  const { id, pmsStayId } = (reservation ?? {}) as { id?: unknown; pmsStayId?: unknown };
  if (typeof digits !== 'string') return null;
  return [pmsStayId, id].find((one) => typeof one === 'string') ?? '';
}

function readAnswer({ payload, statusCode }: NodeMessage): { body: unknown; fault: string | null } {
  // Where no answer came, `http request` has the error's name as status.
  const isGood = statusCode === undefined || (Number(statusCode) >= 200 && Number(statusCode) < 300);
  if (!isGood)
    return { body: null, fault: typeof statusCode === 'string' ? statusCode : String(Number(statusCode)) };
  if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return { body: payload, fault: null };
  try {
    return { body: JSON.parse(payload.toString()) as unknown, fault: null };
  } catch {
    return { body: null, fault: 'no JSON' };
  }
}
