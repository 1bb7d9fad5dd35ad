/** Both plugins in one folder: ours from its packed tarball, and the bare one. */
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { unpackPlugin } from '../../support/packed-plugin.ts';

const MQTT = join(import.meta.dirname, '../../../node_modules/mqtt');

/** Returns the folder to start Homebridge with. */
export function layPlugins(folder: string): string {
  const plugins = unpackPlugin(folder);
  const bare = join(plugins, 'homebridge-bare');
  cpSync(join(import.meta.dirname, 'bare-plugin'), bare, { recursive: true });
  mkdirSync(join(bare, 'node_modules'));
  symlinkSync(MQTT, join(bare, 'node_modules/mqtt'), 'dir');
  return plugins;
}
