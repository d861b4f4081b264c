/** Bars over time with an axis, and where there is one a limit as a labelled line; the table beside has the figures. */
import type { FC } from 'hono/jsx';

export interface Bar {
  /** When it begins, for the axis. */
  readonly label: string;
  /** The whole and, drawn over it, a part of it: requests, and errors among them. */
  readonly parts: readonly number[];
}

export interface ChartProps {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** What a bar and its part are, for the legend. */
  readonly names: readonly string[];
  readonly limit?: { readonly value: number; readonly label: string };
}

/** Of a bar and of its part. */
const FILLS = ['var(--primary)', 'var(--danger)'] as const;

/** Drawn at its own size, pixels: a narrow screen scrolls it, so that its words stay readable. */
const WIDTH = 780;
const LEFT = 64;
const RIGHT = 772;
const TOP = 44;
const BOTTOM = 220;
/** Words below the axis at most: as many as stand side by side, the last within the picture. */
const LABELS = 7;

/** The next even figure of two digits, so that the half of it is round too. */
function roundUp(value: number): number {
  const step = Math.max(2, 2 * 10 ** (Math.floor(Math.log10(value)) - 1));
  return Math.ceil(value / step) * step;
}

export const Chart: FC<ChartProps> = ({ title, bars, names, limit }) => {
  const highest = roundUp(Math.max(4, limit?.value ?? 0, ...bars.flatMap(({ parts }) => parts)) * 1.05);
  const heightOf = (value: number) => Math.round(BOTTOM - (value / highest) * (BOTTOM - TOP));
  const step = (RIGHT - LEFT) / Math.max(1, bars.length);
  const width = Math.max(2, Math.round(step * 0.7));
  const every = Math.ceil(bars.length / LABELS);
  return (
    <section class="scroll" tabindex={0} aria-label={title}>
      <svg
        width={WIDTH}
        height="256"
        role="img"
        aria-label={`${title}; the table below has the figures`}
        font-size="14"
      >
        {names.map((name, index) => (
          <g>
            <rect x={LEFT + 200 * index} y="6" width="14" height="14" fill={FILLS[index]} />
            <text x={LEFT + 200 * index + 22} y="18" fill="var(--ink)">
              {name}
            </text>
          </g>
        ))}
        {[0, highest / 2, highest].map((value) => (
          <g>
            <path d={`M${LEFT} ${heightOf(value)}H${RIGHT}`} stroke="var(--line)" />
            <text x={LEFT - 8} y={heightOf(value) + 5} text-anchor="end" fill="var(--muted)">
              {value.toLocaleString('en-GB')}
            </text>
          </g>
        ))}
        {bars.map(({ label, parts }, index) => {
          const x = Math.round(LEFT + index * step + (step - width) / 2);
          return (
            <g>
              {parts.map((part, each) => (
                <rect
                  x={x}
                  y={heightOf(part)}
                  width={width}
                  height={BOTTOM - heightOf(part)}
                  fill={FILLS[each]}
                />
              ))}
              {index % every === 0 ? (
                <text x={x} y={BOTTOM + 22} fill="var(--muted)">
                  {label}
                </text>
              ) : null}
            </g>
          );
        })}
        {limit === undefined ? null : (
          <g>
            <path
              d={`M${LEFT} ${heightOf(limit.value)}H${RIGHT}`}
              stroke="var(--danger)"
              stroke-width="2"
              stroke-dasharray="6 4"
            />
            <text x={RIGHT} y={heightOf(limit.value) - 6} text-anchor="end" fill="var(--danger)">
              {limit.label}
            </text>
          </g>
        )}
      </svg>
    </section>
  );
};
