import { LangevinError } from '@langevin/contracts';
import type { GuidancePoint } from './judge-guidance.js';

/** Extent of the figure and of the plot in it, in pixels. */
const size = { width: 720, height: 400 };
const plot = { left: 64, right: 560, top: 56, bottom: 336 };
const lineHeight = 18;

/** Readable on light and on dark ground; the ground itself is left to the page. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 }
  .grid { stroke: #d0d7de } .chance { stroke: #6e7781; stroke-dasharray: 5 4 }
  .agreement { stroke: #0969da; fill: #0969da } .diversity { stroke: #bc4c00; fill: #bc4c00 }
  polyline { fill: none !important; stroke-width: 2.5 } text.agreement, text.diversity { stroke: none; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .grid { stroke: #3d444d } .chance { stroke: #9198a1 }
    .agreement { stroke: #4493f8; fill: #4493f8 } .diversity { stroke: #f0883e; fill: #f0883e }
  }`;

/**
 * A figure of γ against label agreement, with its 95 % intervals, and diversity: an SVG document. Scales stand in the order
 * given, evenly spaced.
 *
 * @param chance share of agreement that needs no guidance: 1 ÷ classes
 * @throws LangevinError `invalid_argument` without points
 */
export function guidanceFigure(points: readonly GuidancePoint[], title: string, chance: number): string {
  if (points.length === 0) throw new LangevinError('invalid_argument', 'there are no points to draw');
  const top = Math.ceil(5 * Math.max(1, ...points.map(({ diversityRatio }) => diversityRatio))) / 5;
  const x = (i: number) => round(plot.left + ((i + 0.5) * (plot.right - plot.left)) / points.length);
  const y = (share: number) => round(plot.bottom - ((plot.bottom - plot.top) * share) / top);
  const shares = Array.from({ length: Math.round(top * 5) + 1 }, (_, i) => i / 5);
  const last = points[points.length - 1]!;
  const [agreementName, diversityName] = apart(y(last.labelAgreement), y(last.diversityRatio));
  const summary = points.map(({ scale, labelAgreement, diversityRatio }) => `γ = ${scale}: agreement ${percent(labelAgreement)}, diversity ${percent(diversityRatio)}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="title desc">
<title id="title">${escape(title)}</title>
<desc id="desc">${escape(summary.join('; '))}</desc>
<style>${style}
</style>
<text class="title" x="${plot.left}" y="28">${escape(title)}</text>
${shares.map((share) => `<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y(share)}" y2="${y(share)}"/><text x="${plot.left - 8}" y="${y(share) + 4}" text-anchor="end">${percent(share, 0)}</text>`).join('\n')}
<line class="chance" x1="${plot.left}" x2="${plot.right}" y1="${y(chance)}" y2="${y(chance)}"/><text x="${plot.right + 8}" y="${y(chance) + 4}">chance</text>
${points.map(({ scale }, i) => `<text x="${x(i)}" y="${plot.bottom + 22}" text-anchor="middle">${scale}</text>`).join('\n')}
<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 46}" text-anchor="middle">scale γ of the classifier's gradient</text>
${points.map(({ labelAgreementInterval: { lower, upper } }, i) => `<line class="agreement" x1="${x(i)}" x2="${x(i)}" y1="${y(lower)}" y2="${y(upper)}"/>`).join('\n')}
${curve('agreement', 'label agreement', agreementName, points.map(({ labelAgreement }, i) => [x(i), y(labelAgreement)]))}
${curve('diversity', 'diversity ÷ real', diversityName, points.map(({ diversityRatio }, i) => [x(i), y(diversityRatio)]))}
</svg>
`;
}

/** Heights of two names that would cover each other otherwise. */
function apart(a: number, b: number): [number, number] {
  const missing = lineHeight - Math.abs(a - b);
  if (missing <= 0) return [a, b];
  return a < b ? [a - missing / 2, b + missing / 2] : [a + missing / 2, b - missing / 2];
}

/** A line through the points, a mark on each, and the name at its end. */
function curve(className: string, name: string, nameY: number, points: readonly (readonly [number, number])[]): string {
  const marks = points.map(([x, y]) => `<circle class="${className}" cx="${x}" cy="${y}" r="4"/>`).join('');
  return `<polyline class="${className}" points="${points.map((point) => point.join(',')).join(' ')}"/>${marks}<text class="${className}" x="${plot.right + 8}" y="${round(nameY + 4)}">${name}</text>`;
}

function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function round(value: number): number {
  return Math.round(10 * value) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
