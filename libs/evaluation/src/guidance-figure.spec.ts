import { guidanceFigure } from './guidance-figure.js';
import type { GuidancePoint } from './judge-guidance.js';

const point = (scale: number, labelAgreement: number, diversityRatio: number): GuidancePoint => ({
  scale,
  labelAgreement,
  labelAgreementInterval: { lower: labelAgreement - 0.1, upper: labelAgreement + 0.1 },
  diversityRatio,
});
const points = [point(0, 0.1, 1.2), point(2, 0.6, 0.8), point(8, 0.9, 0.4)];

/** Places of the marks of a curve. */
const marks = (svg: string, name: string) => [...svg.matchAll(new RegExp(`<circle class="${name}" cx="([\\d.]+)" cy="([\\d.]+)"`, 'g'))].map(([, x, y]) => [Number(x), Number(y)]);

describe('guidanceFigure', () => {
  const svg = guidanceFigure(points, 'digits & <more>', 0.1);

  it('puts every point where its numbers say, from 0 at the bottom to the largest at the top', () => {
    // From 120 % at y = 56 to 0 at y = 336; three columns of 165.3 from x = 64.
    const y = (share: number) => Math.round(10 * (336 - (280 * share) / 1.2)) / 10;
    expect(marks(svg, 'agreement')).toEqual([[146.7, y(0.1)], [312, y(0.6)], [477.3, y(0.9)]]);
    expect(marks(svg, 'diversity').map(([, at]) => at)).toEqual([y(1.2), y(0.8), y(0.4)]);
    expect(svg).toContain(`<line class="chance" x1="64" x2="560" y1="${y(0.1)}"`);
    expect(svg).toContain(`y1="${y(0.5)}" y2="${y(0.7)}"`);
  });

  it('says in words what it shows, for those who do not see it', () => {
    expect(svg).toContain('role="img"');
    expect(svg).toContain('γ = 2: agreement 60.0 %, diversity 80.0 %');
  });

  it('is readable on dark ground too, and well-formed whatever the title', () => {
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toContain('digits &amp; &lt;more&gt;');
    const tags = svg.match(/<[^>]+>/g) ?? [];
    const open = tags.filter((tag) => !/^<\/|\/>$/.test(tag)).length;
    expect(open).toBe(tags.filter((tag) => tag.startsWith('</')).length);
  });

  it('keeps the names of curves that end together apart', () => {
    const names = (svg: string) => [...svg.matchAll(/<text class="(?:agreement|diversity)" x="568" y="([\d.]+)"/g)].map(([, at]) => Number(at));
    const [agreement, diversity] = names(guidanceFigure([point(1, 0.8, 0.79)], 'close', 0.1));
    expect(diversity! - agreement!).toBeCloseTo(18, 1);
    const [below, above] = names(guidanceFigure([point(1, 0.79, 0.8)], 'close', 0.1));
    expect(below! - above!).toBeCloseTo(18, 1);
  });

  it('draws a single point, and refuses none', () => {
    expect(marks(guidanceFigure([points[0]!], 'one', 0.1), 'agreement')).toHaveLength(1);
    expect(() => guidanceFigure([], 'none', 0.1)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
