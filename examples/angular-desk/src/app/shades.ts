import type {
  IPrimitivePaneRenderer,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
  UTCTimestamp,
} from 'lightweight-charts';
import type { Stretch } from './holes';

export interface Shade extends Stretch {
  readonly ink: string;
}

export interface ShadeInks {
  readonly text: string;
  readonly back: string;
  readonly font: string;
  /** The time of the chart that is a time of ours. */
  readonly timeOf: (time: number) => UTCTimestamp;
}

/** Shades stretches of time over the whole height of a chart, and says above what they are. */
export interface Shades {
  readonly primitive: ISeriesPrimitive<Time>;
  readonly show: (stretches: readonly Shade[], inks: ShadeInks) => void;
}

const LINE = 18;
/** Below the two lines that are said of a bar. */
const TOP = 50;

export const shades = (): Shades => {
  let attached: SeriesAttachedParameter<Time> | undefined;
  let shown: readonly Shade[] = [];
  let inks: ShadeInks = { text: '', back: '', font: '', timeOf: (time) => time as UTCTimestamp };

  /** Where a stretch begins and ends, in pixels. */
  const edges = ({ first, last }: Shade): readonly [number, number] => {
    const scale = attached?.chart.timeScale();
    const half = (scale?.options().barSpacing ?? 0) / 2;
    const at = (time: number): number => scale?.timeToCoordinate(inks.timeOf(time)) ?? NaN;
    return [at(first) - half, at(last) + half];
  };

  const shade = (context: CanvasRenderingContext2D, height: number): void => {
    for (const stretch of shown) {
      const [left, right] = edges(stretch);
      context.fillStyle = stretch.ink;
      context.fillRect(left, 0, right - left, height);
    }
  };
  /** One that would cover another stands a line lower. */
  const label = (context: CanvasRenderingContext2D, width: number): void => {
    context.font = inks.font;
    context.textBaseline = 'middle';
    const ends: number[] = [];
    for (const stretch of shown) {
      const [left, right] = edges(stretch);
      if (stretch.state === 'seen in part' || right < 0 || left > width) continue;
      const long = context.measureText(stretch.state).width + 10;
      const x = Math.max(2, Math.min((Math.max(left, 0) + Math.min(right, width) - long) / 2, width - long - 2));
      const free = ends.findIndex((end) => end < x);
      const line = free < 0 ? ends.length : free;
      ends[line] = x + long;
      const y = TOP + line * LINE;
      context.fillStyle = inks.back;
      context.fillRect(x, y, long, LINE - 2);
      context.fillStyle = inks.text;
      context.fillText(stretch.state, x + 5, y + LINE / 2);
    }
  };

  type Draw = (context: CanvasRenderingContext2D, size: { readonly width: number; readonly height: number }) => void;
  const view = (zOrder: 'bottom' | 'normal', draw: Draw) => ({
    zOrder: () => zOrder,
    renderer: (): IPrimitivePaneRenderer => ({
      draw: (target) => target.useMediaCoordinateSpace(({ context, mediaSize }) => draw(context, mediaSize)),
    }),
  });
  const views = [
    view('bottom', (context, { height }) => shade(context, height)),
    // Not on top, where the crosshair is: that layer is seen under a pointer only.
    view('normal', (context, { width }) => label(context, width)),
  ];

  return {
    primitive: { attached: (to) => (attached = to), detached: () => (attached = undefined), paneViews: () => views },
    show: (stretches, colours) => {
      shown = stretches;
      inks = colours;
      attached?.requestUpdate();
    },
  };
};
