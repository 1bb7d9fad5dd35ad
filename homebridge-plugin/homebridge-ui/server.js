/** The settings page's own process, which the Homebridge UI starts; what it can do is in src/settings. */
import { HomebridgePluginUiServer } from '@homebridge/plugin-ui-utils';
import { settingsRequests } from '../dist/settings.js';

const server = new HomebridgePluginUiServer();
for (const [path, answer] of Object.entries(settingsRequests())) server.onRequest(path, answer);
server.ready();
