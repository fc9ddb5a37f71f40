import { pullAddress } from './pull-address.js';

describe('pullAddress', () => {
  it.each([
    ['127.0.0.1', undefined, '127.0.0.1:7000'],
    ['::1', undefined, '[::1]:7000'],
    ['0.0.0.0', 'node-1.example', 'node-1.example:7000'],
    ['0.0.0.0', 'node-1.example:9000', 'node-1.example:9000'],
    ['::', 'fd00::7', '[fd00::7]:7000'],
    ['::', '[fd00::7]', '[fd00::7]:7000'],
    ['::', '[fd00::7]:9000', '[fd00::7]:9000'],
    ['10.0.0.7', '192.0.2.1', '192.0.2.1:7000'],
  ])('on %s, advertised as %s, is %s', (host, advertise, expected) => {
    expect(pullAddress({ host, advertise }, 7000)).toBe(expected);
  });

  it.each(['0.0.0.0', '::'])('has to be named when the trainer listens on %s', (host) => {
    expect(() => pullAddress({ host }, 7000)).toThrow(`${host} stands for all addresses of this machine: name the one that the coordinator dials with --advertise HOST`);
  });

  it.each(['', ':9000', 'a b', 'host:0', 'host:65536', 'host:x', 'http://host', '0.0.0.0', '[::]:9000'])('is not %j', (advertise) => {
    expect(() => pullAddress({ host: '0.0.0.0', advertise }, 7000)).toThrow(`--advertise ${JSON.stringify(advertise)} is no address to dial`);
  });
});
