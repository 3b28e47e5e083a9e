/** A line of a chart. */
export interface ChartLine {
  label: string;
  /** Number of a colour in the tokens (`--chart-1`…). */
  colour: 1 | 2 | 3 | 4;
  /** Name of the scale, for two kinds of figures in one chart; lines of one kind share it. */
  scale?: string;
  isFilled?: boolean;
  format: (value: number) => string;
}
