import type uPlot from 'uplot';
import type { Marker } from './marker.js';
import { markersPlugin } from './markers-plugin.js';
import { sharedOptions } from './plot-options.js';
import type { SharedOptions } from './plot-options.js';

/** Columns: x, greatest, least, raw, smoothed. */
export function curveOptions(shared: SharedOptions, smoothed: boolean, markers: () => readonly Marker[]): Omit<uPlot.Options, 'width' | 'height'> {
  const { palette } = shared;
  const edge = { stroke: 'transparent', width: 0, points: { show: false } };
  const thick = { stroke: palette.accent, width: 1.5, points: { show: false } };
  return {
    ...sharedOptions(shared),
    series: [
      {},
      edge,
      edge,
      smoothed ? { stroke: palette.ghost, width: 1, points: { show: false } } : thick,
      { ...thick, show: smoothed },
    ],
    bands: [{ series: [1, 2], fill: palette.band }],
    plugins: [markersPlugin(markers, palette)],
  };
}
