import { trainerPlaces } from './trainer-places.js';

const asked = { name: 'box', port: 0, advertise: undefined };

describe('trainerPlaces', () => {
  it('leave a single trainer as it is asked for', () => {
    const alone = { name: 'box', port: 7440, advertise: 'head.example:9000' };
    expect(trainerPlaces(alone, [])).toEqual([{ ...alone, device: undefined }]);
    expect(trainerPlaces(alone, [3])).toEqual([{ ...alone, device: 3 }]);
    expect(trainerPlaces(alone, [null])).toEqual([{ ...alone, device: null }]);
  });

  it('give each of several a name, and a port of its own', () => {
    expect(trainerPlaces(asked, [0, 2])).toEqual([
      { name: 'box-gpu0', port: 0, device: 0 },
      { name: 'box-gpu2', port: 0, device: 2 },
    ]);
    expect(trainerPlaces({ ...asked, port: 7440, advertise: 'head.example' }, [0, 2])).toEqual([
      { name: 'box-gpu0', port: 7440, advertise: 'head.example', device: 0 },
      { name: 'box-gpu2', port: 7441, advertise: 'head.example', device: 2 },
    ]);
  });

  it('cannot all be dialled at one port', () => {
    expect(() => trainerPlaces({ ...asked, advertise: 'head.example:9000' }, [0, 1])).toThrow('--advertise head.example:9000 names one port, and there are 2 trainers: leave the port out');
  });
});
