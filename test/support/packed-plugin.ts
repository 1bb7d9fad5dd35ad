/** The Homebridge plugin as a user gets it: its packed tarball, unpacked, with the dependencies that it names and no others. */
import { join } from 'node:path';
import { installLinked, manifestOf, packWorkspace } from './packed.ts';

/** Returns the folder of plugins to start Homebridge with; with an address the plugin is as it is published. */
export function unpackPlugin(folder: string, address?: string): string {
  const tarball = packWorkspace('homebridge-plugin', folder, address);
  installLinked(tarball, manifestOf('homebridge-plugin').name, folder);
  return join(folder, 'node_modules');
}
