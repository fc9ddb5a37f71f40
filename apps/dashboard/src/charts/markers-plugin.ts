import type uPlot from 'uplot';
import type { Marker } from './marker.js';
import type { Palette } from './palette.js';

/** Draws a small flag for each marker in view, and a thin line for some, behind the curves. */
export function markersPlugin(markers: () => readonly Marker[], palette: Palette): uPlot.Plugin {
  return {
    hooks: {
      drawAxes: (plot) => {
        const { ctx, bbox } = plot;
        const tones = { neutral: palette.quiet, good: palette.good, bad: palette.bad };
        ctx.save();
        for (const { x, tone, hasLine } of markers()) {
          const at = Math.round(plot.valToPos(x, 'x', true));
          if (at < bbox.left || at > bbox.left + bbox.width) continue;
          drawFlag(ctx, at, bbox.top, hasLine ? bbox.height : 0, tones[tone]);
        }
        ctx.restore();
      },
    },
  };
}

function drawFlag(ctx: CanvasRenderingContext2D, x: number, top: number, height: number, colour: string): void {
  const size = 3.5 * devicePixelRatio;
  ctx.globalAlpha = 0.45;
  ctx.fillStyle = colour;
  ctx.fillRect(x, top, Math.max(1, devicePixelRatio), height);
  ctx.globalAlpha = 1;
  ctx.beginPath();
  ctx.moveTo(x - size, top);
  ctx.lineTo(x + size, top);
  ctx.lineTo(x, top + size * 1.4);
  ctx.fill();
}
