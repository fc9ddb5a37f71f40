import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from './canonical-json.js';
import { isClassifierJob, isDenoiserJob, jobImageChannels, parseJobSpec, parseJobSpecYaml, parseYaml } from './job-spec.js';

const recipe = (name = 'digits-ddpm'): string => readFileSync(join(__dirname, `../../../recipes/${name}.yaml`), 'utf8');

/** A recipe as plain values, with one value replaced. */
function withValue(path: string, value: unknown, text = recipe()): unknown {
  const spec: unknown = JSON.parse(JSON.stringify(parseJobSpecYaml(text)));
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((node: object, key) => Reflect.get(node, key) as object, spec as object);
  Reflect.set(parent, last, value);
  return spec;
}

describe('parseJobSpecYaml', () => {
  it('fills the defaults in', () => {
    const spec = parseJobSpecYaml(recipe());
    expect(spec.training.adam).toEqual({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 });
    expect(spec.model.norm_eps).toBe(1e-5);
    expect(spec.exchange).toBe('peers');
    expect(spec.training.gradientCheckpointing).toBe(false);
    expect(spec.training.xla).toBe(false);
    expect(spec.training).not.toHaveProperty('precision');
    expect(spec.trainers.min).toBe(1);
  });

  it('takes its own output unchanged', () => {
    const spec = parseJobSpecYaml(recipe());
    expect(parseJobSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  it('holds the precision where it is not that of old, and so leaves the digests of jobs without it as they were', () => {
    const given = (precision: unknown) => parseJobSpec(withValue('training.precision', precision));
    expect(given('bf16').training.precision).toBe('bf16');
    expect(parseJobSpec(JSON.parse(JSON.stringify(given('bf16'))))).toEqual(given('bf16'));
    expect(canonicalJson(given('fp32'))).toBe(canonicalJson(parseJobSpecYaml(recipe())));
    expect(() => given('fp16')).toThrow('job spec: training.precision: invalid option: expected one of "fp32"|"bf16"');
  });

  it('holds the loss where it is not that of old, and so leaves the digests of jobs without it as they were', () => {
    const given = (training: object, model: object = {}, text = recipe()) => {
      const spec = parseYaml(text) as { training: object; model: object };
      return parseJobSpec({ ...spec, training: { ...spec.training, ...training }, model: { ...spec.model, ...model } });
    };
    expect(canonicalJson(given({ loss: 'simple' }))).toBe(canonicalJson(parseJobSpecYaml(recipe())));
    for (const loss of ['min_snr', 'truncated_snr', 'edm', 'likelihood', 'vlb']) {
      expect(given({ loss }).training).toMatchObject({ loss });
      expect(parseJobSpec(JSON.parse(JSON.stringify(given({ loss }))))).toEqual(given({ loss }));
    }
    expect(given({ loss: 'min_snr', minSnrGamma: 3 }).training).toMatchObject({ minSnrGamma: 3 });
    expect(given({ loss: 'hybrid' }, { out_channels: 2 }).training).toMatchObject({ loss: 'hybrid' });
    expect(() => given({ loss: 'hybrid' })).toThrow('training.loss: hybrid teaches a variance: it needs model.out_channels 2, twice the channels of an image');
    expect(() => given({ loss: 'edm', minSnrGamma: 3 })).toThrow('training.minSnrGamma: belongs to loss min_snr');
    expect(() => given({ minSnrGamma: 3 })).toThrow('training.minSnrGamma: belongs to loss min_snr');
    expect(() => given({ loss: 'huber' })).toThrow('training.loss: invalid option: expected one of "simple"|"min_snr"');
    for (const training of [{ loss: 'simple' }, { minSnrGamma: 5 }]) expect(() => given(training, {}, recipe('digits-classifier'))).toThrow('a classifier minimises its cross-entropy: leave it out');
  });

  it('holds a last noise level without signal where it is asked for, and leaves the digests of other jobs as they were', () => {
    const given = (value: unknown, text = recipe()) => parseJobSpec(withValue('process.rescale_betas_zero_snr', value, text));
    expect(given(true).process.rescale_betas_zero_snr).toBe(true);
    expect(parseJobSpec(JSON.parse(JSON.stringify(given(true))))).toEqual(given(true));
    expect(canonicalJson(given(false))).toBe(canonicalJson(parseJobSpecYaml(recipe())));
    expect(() => given(true, recipe().replace('v_prediction', 'epsilon'))).toThrow('process.rescale_betas_zero_snr: needs prediction_type sample or v_prediction');
    expect(() => given(true, recipe().replace('process:', 'process:\n  num_train_timesteps: 1'))).toThrow('process.rescale_betas_zero_snr: needs num_train_timesteps of at least 2');
    expect(given(true, recipe('digits-classifier')).process.rescale_betas_zero_snr).toBe(true);
  });

  it('says the line of a syntax error', () => {
    expect(() => parseJobSpecYaml('name: x\nseed: a: b')).toThrow(/job spec: not YAML: .* at line 2/);
  });

  it('refuses a key that is given twice', () => {
    expect(() => parseJobSpecYaml('name: a\nname: b')).toThrow(/not YAML: .*unique/i);
  });

  it.each([
    ['an alias of nothing', 'name: *x', /^job spec: not YAML: .*\bx\b/],
    ['aliases that grow without end', `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: &e [*d, *d]\nf: &f [*e, *e]\ng: [*f, *f]`, /^job spec: not YAML: .*alias/i],
    ['a list that holds itself', 'name: &a [*a]', /name: expected string, got what JSON cannot say/],
    ['brackets that end no stack', '['.repeat(5000), /^job spec: not YAML of a specification: more than 100/],
    ['dashes that end no stack', `a:\n${'- '.repeat(5000)}a`, /^job spec: not YAML of a specification: more than 100/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseJobSpecYaml(text)).toThrow(expect.objectContaining({ code: 'invalid_spec', message: expect.stringMatching(message) }));
  });

  it('refuses an unknown key by its name and place', () => {
    expect(() => parseJobSpec(withValue('training.learning_rate', 1))).toThrow('job spec: training: unknown key "learning_rate"');
  });

  it('says what was expected and what was found', () => {
    expect(() => parseJobSpec(withValue('training.learningRate', 'fast'))).toThrow(
      'job spec: training.learningRate: expected number, got "fast"',
    );
  });

  it('says what is missing', () => {
    expect(() => parseJobSpec({})).toThrow(/name: missing, expected string; .*training: missing, expected a group of keys/);
  });

  it('names every problem at once', () => {
    const spec = withValue('training.steps', 0);
    Reflect.set(spec as object, 'seed', -1);
    expect(() => parseJobSpec(spec)).toThrow(/seed: .*; training\.steps: /);
  });

  it.each([
    ['training.virtualWorkers', 6, 'training.virtualWorkers: 6 is not a power of two'],
    ['training', { steps: 2, xla: true, gradientCheckpointing: true }, 'training.xla: leave out gradientCheckpointing or this'],
    ['training.warmupSteps', 5000, 'training.warmupSteps: 5000 exceeds steps 800'],
    ['trainers', { min: 9 }, 'trainers.min: 9 exceeds virtualWorkers 8: the others would idle'],
    ['model.num_class_embeds', undefined, 'training.labelDropout: needs model.num_class_embeds'],
    ['model.sample_size', 30, 'model.sample_size: 30 is not divisible by 4, which 3 levels need'],
    ['model.block_out_channels', [24, 60, 64], 'model.block_out_channels[1]: 60 is not divisible by norm_num_groups 8'],
    ['model.attention_head_dim', 16, 'model.block_out_channels[0]: 24 is not divisible by attention_head_dim 16'],
    ['model.down_block_types', ['DownBlock2D'], 'model.down_block_types: has 1 entries, block_out_channels has 3'],
    ['model.out_channels', 3, 'model.out_channels: 3 must equal the channels of an image, 1, or with learned variance 2'],
    ['model.low_resolution', { factor: 2 }, 'model.in_channels: 1 is odd: with low_resolution half of them are the coarse image'],
    ['model.low_resolution', { factor: 3 }, 'model.low_resolution.factor: 3 does not divide sample_size 28'],
    ['model.class_embed_type', 'timestep', 'model.class_embed_type: leave it out: the labels of a dataset are classes'],
    ['process.beta_end', 1e-5, 'process.beta_end: 0.00001 must exceed beta_start 0.0001'],
  ])('refuses an impossible combination at %s', (path, value, message) => {
    expect(() => parseJobSpec(withValue(path, value))).toThrow(message);
  });
});

describe('the images of a job', () => {
  const withModel = (options: object) => {
    const spec = parseJobSpecYaml(recipe());
    return parseJobSpec({ ...spec, model: { ...spec.model, ...options } });
  };

  it('are as many channels as a denoiser sees, without those of a coarse image beside them', () => {
    expect(jobImageChannels(withModel({ in_channels: 4, out_channels: 4 }))).toBe(4);
    expect(jobImageChannels(withModel({ in_channels: 4, out_channels: 2, low_resolution: { factor: 4 } }))).toBe(2);
    expect(jobImageChannels(parseJobSpecYaml(recipe('digits-classifier')))).toBe(1);
  });

  it('may have a variance that is learned beside them', () => {
    expect(withModel({ out_channels: 2 }).model).toMatchObject({ in_channels: 1, out_channels: 2 });
    expect(withModel({ in_channels: 2, out_channels: 2, low_resolution: { factor: 2 } }).model).toMatchObject({ out_channels: 2 });
    expect(() => withModel({ in_channels: 4, out_channels: 6, low_resolution: { factor: 2 } })).toThrow('6 must equal the channels of an image, 2, or with learned variance 4');
  });
});

describe('the job of a classifier', () => {
  const text = recipe('digits-classifier');

  it('is told by model.type, which is unet2d unless it is given', () => {
    const [denoiser, classifier] = [parseJobSpecYaml(recipe().replace('  type: unet2d\n', '')), parseJobSpecYaml(text)];
    expect([isDenoiserJob(denoiser), isClassifierJob(denoiser), isDenoiserJob(classifier), isClassifierJob(classifier)]).toEqual([true, false, false, true]);
    expect(classifier.model).toMatchObject({ type: 'classifier2d', num_classes: 10, norm_eps: 1e-5 });
    expect(classifier.process).toEqual({ num_train_timesteps: 1000, beta_schedule: 'squaredcos_cap_v2', beta_start: 1e-4, beta_end: 0.02 });
    expect(parseJobSpec(JSON.parse(JSON.stringify(classifier)))).toEqual(classifier);
  });

  it.each([
    ['process.prediction_type', 'epsilon', 'job spec: process.prediction_type: a classifier predicts classes: leave it out'],
    ['training.labelDropout', 0.1, 'job spec: training.labelDropout: a classifier learns from every label: leave it out'],
    ['model.up_block_types', ['UpBlock2D'], 'job spec: model: unknown key "up_block_types"'],
    ['model.num_class_embeds', 11, 'job spec: model: unknown key "num_class_embeds"'],
    ['model.num_classes', undefined, 'job spec: model.num_classes: missing, expected'],
    ['model.num_classes', 1, 'job spec: model.num_classes: '],
    ['model.attention_head_dim', 24, 'job spec: model.block_out_channels[0]: 16 is not divisible by attention_head_dim 24'],
    ['model.sample_size', 30, 'job spec: model.sample_size: 30 is not divisible by 4, which 3 levels need'],
    ['model.down_block_types', ['DownBlock2D'], 'job spec: model.down_block_types: has 1 entries, block_out_channels has 3'],
    ['process.beta_end', 1e-5, 'process.beta_end: 0.00001 must exceed beta_start 0.0001'],
    ['training.virtualWorkers', 6, 'training.virtualWorkers: 6 is not a power of two'],
  ])('refuses what makes no sense at %s', (path, value, message) => {
    expect(() => parseJobSpec(withValue(path, value, text))).toThrow(message);
  });

  it('refuses a kind of network that is not there', () => {
    expect(() => parseJobSpec(withValue('model.type', 'transformer'))).toThrow('job spec: model.type: must be unet2d or classifier2d');
  });
});
