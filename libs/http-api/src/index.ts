export { startHttpServer } from './http-server.js';
export type { HttpServer, HttpServerOptions } from './http-server.js';
export { LiveFeed } from './live-feed.js';
export type { LiveFeedOptions } from './live-feed.js';
export type { FileAnswer } from './file-answer.js';
export type { Answer, ApiHandlers } from './routes.js';
export type { ScrapeAnswer } from './scrape.js';
export { roundedMetrics } from './rounded-metrics.js';
