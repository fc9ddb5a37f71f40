declare module 'parse-prometheus-text-format' {
  /** Reads the text format 0.0.4 of Prometheus. */
  export default function parsePrometheusTextFormat(text: string): unknown;
}
