import { MemberList } from './member-list.js';

const member = (id: string, tcp: string, grpc: string) => ({ id, name: id, incarnation: '1', endpoints: { shm: '', tcp, grpc } });

describe('who takes part in the exchange', () => {
  it('counts when the list is whole', () => {
    const list = new MemberList();
    list.note({ members: [member('t1', '10.0.0.1:7000', '')], complete: false }, '10.0.0.9:7433');
    expect(list.members).toEqual([]);
    list.note({ members: [member('t2', '', '10.0.0.2:7001')], complete: true }, '10.0.0.9:7433');
    expect(list.members).toEqual([
      { id: 't1', name: 't1', incarnation: '1', shm: null, tcp: '10.0.0.1:7000', grpc: null },
      { id: 't2', name: 't2', incarnation: '1', shm: null, tcp: null, grpc: '10.0.0.2:7001' },
    ]);
  });

  it.each([
    ['10.0.0.9:7433', '10.0.0.9:7000', '10.0.0.9:7001'],
    ['[fd00::9]:7433', '[fd00::9]:7000', '[fd00::9]:7001'],
  ])('reaches a coordinator that listens on all addresses at the host that is dialled: %s', (coordinator, tcp, grpc) => {
    const list = new MemberList();
    list.note({ members: [member('coordinator', '127.0.0.1:7000', '127.0.0.1:7001')], complete: true }, coordinator);
    expect(list.members).toMatchObject([{ id: 'coordinator', tcp, grpc }]);
  });
});
