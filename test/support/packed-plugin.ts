/** The Homebridge plugin as a user gets it: its packed tarball, unpacked, with the dependencies that it names and no others. */
import { join } from 'node:path';
import { installLinked, manifestOf, packWorkspace } from './packed.ts';

/** Returns the folder of plugins to start Homebridge with. */
export function unpackPlugin(folder: string): string {
  const tarball = packWorkspace('homebridge-plugin', folder);
  installLinked(tarball, manifestOf('homebridge-plugin').name, folder);
  return join(folder, 'node_modules');
}
