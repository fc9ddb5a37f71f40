import { parseWith } from '@langevin/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/** Where Prometheus looks, unless it is told otherwise. */
export const scrapePath = '/metrics';

/** Metrics as text. */
export interface ScrapeAnswer {
  readonly mediaType: string;
  readonly body: string;
}

/** Serves what a monitoring system scrapes. It asks for the token as all else does. */
export function registerScrape(app: FastifyInstance, scrape: () => Promise<ScrapeAnswer>): void {
  app.get(scrapePath, async (request, reply) => {
    parseWith(z.strictObject({}), { ...(request.query as object) }, 'invalid_argument', 'query'); // Fastify parses it to an object.
    const { mediaType, body } = await scrape();
    return reply.headers({ 'Content-Type': mediaType, 'Cache-Control': 'no-store' }).send(body);
  });
}
