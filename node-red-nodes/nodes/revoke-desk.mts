/**
 * Tells a lock which codes are off: those that were withdrawn and may still open there. Offline they end when the next code is typed;
 * where the lock can be told, they end at once.
 * @module
 */
import { type CodeId, type CommandOutcome, listRevokes, type LockFile, toCodeId } from '@staycode/core';
import type { AccessCodeStore } from '@staycode/core/edges';
import { codesOf } from './lock-codes.mts';

export interface RevokeDesk {
  /** The register may have changed, or the lock has come in reach. */
  readonly look: () => void;
  /** The register is touched no more. */
  readonly close: () => void;
}

export interface RevokeParts {
  readonly file: Pick<LockFile, 'lockId' | 'units'>;
  readonly store: AccessCodeStore;
  /** Whether the lock can be told anything now. */
  readonly isInReach: () => boolean;
  /** Has the lock end a code. */
  readonly revoke: (code: CodeId) => Promise<CommandOutcome>;
  /** The lock does not end the code, and is not asked again before the next start. */
  readonly onRefused: (reason: string) => void;
  readonly onTrouble: (error: unknown) => void;
}

export function openRevokeDesk(parts: RevokeParts): RevokeDesk {
  const { file, store, isInReach, revoke, onRefused, onTrouble } = parts;
  const { lockId } = file;
  const refused = new Set<string>();
  let isBusy = false;
  let isDue = false;
  let isClosed = false;
  const tellAll = async (): Promise<void> => {
    const nowMs = Date.now();
    for (const code of listRevokes(codesOf(store, file), { nowMs, deadThere: store.ends.deadAt(lockId) })) {
      if (refused.has(code.id)) continue;
      if (!isInReach()) return;
      store.ends.revoking(code, nowMs);
      const outcome = await revoke(toCodeId(code));
      if (isClosed) return;
      if (outcome.ok) store.ends.ended(code, lockId, Date.now());
      // Out of reach: the next look tries again.
      else if (['unreachable', 'no-answer'].includes(outcome.reason)) return;
      else {
        refused.add(code.id);
        onRefused(outcome.reason);
      }
    }
  };
  const look = (): void => {
    isDue = true;
    if (isBusy) return;
    isDue = false;
    isBusy = true;
    tellAll()
      .catch(onTrouble)
      .finally(() => {
        isBusy = false;
        if (isDue && !isClosed) look();
      });
  };
  return {
    look,
    close() {
      isClosed = true;
    },
  };
}
