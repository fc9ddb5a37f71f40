import { findDestinations } from './destinations.js';

const names = (text: string) => findDestinations(text, [], [{ name: 'digits', versions: 1, latest: 1, aliases: {}, guidanceRole: 'denoiser', scheduleDigest: 'a'.repeat(64) }]).map(({ kind, name }) => `${kind} ${name}`);

describe('findDestinations', () => {
  it('offers everything for no text, pages first', () => {
    expect(names('')).toEqual(['page Runs', 'page Models', 'page Nodes', 'page New job', 'model digits']);
  });

  it('looks for a part of the name, whatever the case', () => {
    expect(names(' OD')).toEqual(['page Models', 'page Nodes']);
    expect(names('igi')).toEqual(['model digits']);
  });

  it('finds nothing for what nothing is called', () => {
    expect(names('xyz')).toEqual([]);
  });
});
