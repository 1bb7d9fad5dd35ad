/** The least that shows a lock's messages in the Home app: no check, no memory, no command. */
import { connect } from 'mqtt';

export default (api) => {
  api.registerPlatform('Bare', Bare);
};

class Bare {
  constructor(log, { url, topics }, api) {
    api.on('didFinishLaunching', () => {
      const { Characteristic, Service, uuid } = api.hap;
      const accessory = new api.platformAccessory('Bare', uuid.generate('bare'));
      const lock = accessory.addService(Service.LockMechanism);
      const button = accessory.addService(Service.StatelessProgrammableSwitch);
      api.registerPlatformAccessories('homebridge-bare', 'Bare', [accessory]);
      const client = connect(url);
      api.on('shutdown', () => client.end(true));
      client.subscribe(topics, { qos: 1 });
      client.on('message', (topic, payload) => {
        const message = JSON.parse(payload);
        if (topic.endsWith('/event')) button.updateCharacteristic(Characteristic.ProgrammableSwitchEvent, 0);
        else lock.updateCharacteristic(Characteristic.LockCurrentState, message.bolt === 'secured' ? 1 : 0);
      });
    });
  }

  configureAccessory() {}
}
