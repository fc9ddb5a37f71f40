import { imageCount } from './image-set.js';

const imageShape = [2, 2, 1] as const;

describe('imageCount', () => {
  it('counts images whose numbers agree', () => {
    expect(imageCount({ images: new Float32Array(12), imageShape, labels: [0, 1, 2] }, 'digits')).toBe(3);
  });

  it('refuses an empty set', () => {
    expect(() => imageCount({ images: new Float32Array(0), imageShape, labels: [] }, 'digits')).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: 'digits: there are no images' }),
    );
  });

  it('refuses images and labels that differ in number, with both numbers', () => {
    expect(() => imageCount({ images: new Float32Array(12), imageShape, labels: [0, 1] }, 'digits')).toThrow(
      'digits: 2 labels need 8 values of [2, 2, 1] images, got 12',
    );
  });
});
