import type * as api from '@langevin/contracts/api';

type Schemas = typeof api;

/** While a page is not seen there are no frames: then it need not wait for one. */
const mostMs = 150;

let schemas: Promise<Schemas> | undefined;

/** The schemas of the API, loaded when first an answer is to be read, after a frame: what needs none is on screen before. */
export function loadSchemas(): Promise<Schemas> {
  return (schemas ??= nextFrame().then(() => import('@langevin/contracts/api')));
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, mostMs);
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(timer);
        resolve();
      }),
    );
  });
}
