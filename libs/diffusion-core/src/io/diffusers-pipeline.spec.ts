import { checkDiffusersPipeline, todaysNames } from './diffusers-pipeline.js';

const index = { _class_name: 'DDPMPipeline', _diffusers_version: '0.42.1', scheduler: ['diffusers', 'PNDMScheduler'], unet: ['diffusers', 'UNet2DModel'] };

describe('checkDiffusersPipeline', () => {
  it('takes a U-Net with its scheduler, and parts that are left out', () => {
    expect(checkDiffusersPipeline(index)).toBeUndefined();
    expect(checkDiffusersPipeline({ ...index, safety_checker: [null, null], requires_safety_checker: false })).toBeUndefined();
  });

  it('names the parts that Langevin does not have', () => {
    const refused = (message: string) => expect.objectContaining({ code: 'unsupported', message });
    expect(() => checkDiffusersPipeline({ ...index, unet: ['diffusers', 'UNet2DConditionModel'], vqvae: ['diffusers', 'VQModel'] })).toThrow(
      refused('model_index.json: Langevin does not have unet (UNet2DConditionModel), vqvae (VQModel); a pipeline may have unet (UNet2DModel) and scheduler'),
    );
    expect(() => checkDiffusersPipeline({ scheduler: index.scheduler })).toThrow(refused('model_index.json: there is no unet'));
  });
});

describe('todaysNames', () => {
  it('renames the projections of attention, and nothing else', () => {
    const named = (names: string[]) => names.map((name) => ({ name, dtype: 'F32' as const, shape: [1], data: new Uint8Array(4) }));
    const former = ['mid_block.attentions.0.query.weight', 'up_blocks.1.attentions.12.key.bias', 'down_blocks.0.attentions.1.value.weight', 'mid_block.attentions.0.proj_attn.bias'];
    const today = ['mid_block.attentions.0.to_q.weight', 'up_blocks.1.attentions.12.to_k.bias', 'down_blocks.0.attentions.1.to_v.weight', 'mid_block.attentions.0.to_out.0.bias'];
    expect(todaysNames(named(former))).toEqual(named(today));
    const others = ['mid_block.attentions.0.group_norm.weight', 'mid_block.attentions.0.to_q.weight', 'query.weight', 'conv_in.bias', 'attentions.0.keys.weight'];
    expect(todaysNames(named(others))).toEqual(named(others));
  });
});
