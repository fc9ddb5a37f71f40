import { parseCommand } from './commands.js';

const draw = { kind: 'draw', id: 'x', denoiser: { run: 'digits', step: 1 }, labels: [7], count: 1, sharedNoise: false, columns: 1, gap: 0, sampler: 'ddim', steps: 5, seed: 0 };

describe('parseCommand', () => {
  it('takes a drawing whose guidance is left to the model, or said', () => {
    expect(parseCommand(draw)).toEqual(draw);
    expect(parseCommand({ ...draw, guidanceScale: 2 })).toEqual({ ...draw, guidanceScale: 2 });
  });

  it('refuses what is no command', () => {
    expect(() => parseCommand({ kind: 'dance' })).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
