import { parseSpecSetting, withSettings } from './spec-settings.js';

const spec = { name: 'digits', seed: 1, training: { steps: 10, clipNorm: 1, adam: { beta1: 0.9 } }, model: { block_out_channels: [8, 8] } };
const change = (...texts: string[]): unknown => withSettings(spec, texts.map(parseSpecSetting));

describe('settings of a job specification', () => {
  it('replace values, also deep ones, numbers as YAML reads them, and leave the rest', () => {
    expect(change('training.learningRate=3e-4', 'training.adam.beta1=0.8', 'seed=2')).toEqual({
      ...spec,
      seed: 2,
      training: { ...spec.training, learningRate: 3e-4, adam: { beta1: 0.8 } },
    });
    expect(spec.seed).toBe(1);
  });

  it('replace lists and whole blocks', () => {
    expect(change('model.block_out_channels=[4, 4]', 'training={steps: 2}')).toEqual({ ...spec, model: { block_out_channels: [4, 4] }, training: { steps: 2 } });
  });

  it('take away a key whose value is empty', () => {
    expect(change('training.clipNorm=')).toEqual({ ...spec, training: { steps: 10, adam: { beta1: 0.9 } } });
  });

  it('count in order', () => {
    expect(change('seed=2', 'seed=3')).toMatchObject({ seed: 3 });
  });

  it('begin blocks that were left out', () => {
    expect(change('process.beta_end=0.1')).toMatchObject({ process: { beta_end: 0.1 } });
  });

  it.each(['', 'seed', '=3', '.seed=3', 'a..b=3', 'a b=3', '3=3'])('are refused when they are none: %j', (text) => {
    expect(() => parseSpecSetting(text)).toThrow(`setting ${JSON.stringify(text)}: write path=value, such as training.learningRate=3e-4`);
  });

  it('are refused when their value is not YAML, or their path goes through a value', () => {
    expect(() => parseSpecSetting('seed=[3')).toThrow(/^setting "seed=\[3": its value is not YAML/);
    expect(() => change('seed.x=3')).toThrow('setting "seed.x": there is no such key in a job specification');
  });

  it('never touch the name, nor any prototype', () => {
    expect(() => parseSpecSetting('name=other')).toThrow(/a run keeps its name/);
    const changed = change('__proto__.polluted=1') as object;
    expect(Object.hasOwn(changed, '__proto__')).toBe(true);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
