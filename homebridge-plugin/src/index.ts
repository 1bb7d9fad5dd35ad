/**
 * What Homebridge loads: registers the platform.
 * @module
 */
import type { API } from 'homebridge';
import { PLATFORM_NAME, PLUGIN_NAME, StaycodePlatform } from './platform.ts';

/** Homebridge calls this once, before it reads its config. */
export default function register(api: API): void {
  api.registerPlatform(PLUGIN_NAME, PLATFORM_NAME, StaycodePlatform);
}
