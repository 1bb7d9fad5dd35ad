/** The demo's MQTT broker: aedes on 127.0.0.1. Takes its port as an argument, 0 for a free one. */
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';

const broker = await Aedes.createBroker();
const server = createServer(broker.handle);
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  console.log(`mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => {
  broker.close(() => process.exit(0));
});
