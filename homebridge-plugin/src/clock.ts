/**
 * Time at this program's edge.
 * @module
 */
import type { ControllerClock } from '@staycode/core';
import { controllerClock } from '@staycode/core/edges';

/** The clocks of the platform. */
export interface PlatformClock extends ControllerClock {
  /** Milliseconds since 1970 UTC, by the host's clock. */
  wallMs(): number;
}

export const systemClock: PlatformClock = { ...controllerClock, wallMs: () => Date.now() };
