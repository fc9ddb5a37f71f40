import { asTyped } from './as-typed.js';

const npx = { npm_command: 'exec' };

describe('asTyped', () => {
  it.each([
    ['start one with `langevin up`', 'start one with `npx langevin up`'],
    ['  $ langevin certs --out tls && langevin up --tls tls', '  $ npx langevin certs --out tls && npx langevin up --tls tls'],
    ['npx langevin sample --run tiny', 'npx langevin sample --run tiny'],
    ['langevin: no store', 'langevin: no store'],
    ['langevin upholds its promises', 'langevin upholds its promises'],
    ['the folder my-langevin up there', 'the folder my-langevin up there'],
  ])('makes of %j under npx %j', (text, typed) => {
    expect(asTyped(text, npx)).toBe(typed);
  });

  it('leaves texts as they are where the command itself was typed', () => {
    expect(asTyped('start one with `langevin up`', {})).toBe('start one with `langevin up`');
    expect(asTyped('start one with `langevin up`', { npm_command: 'test' })).toBe('start one with `langevin up`');
  });
});
