/** Something that happened at a place of the x axis. */
export interface Marker {
  readonly x: number;
  readonly tone: 'neutral' | 'good' | 'bad';
  /** Whether a line crosses the chart; else there is a flag only, for what happens often. */
  readonly hasLine: boolean;
  /** One line. */
  readonly text: string;
}
