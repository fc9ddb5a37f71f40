import { fileURLToPath } from 'node:url';

/** Programs that specs start. */
export const fixtures = {
  waits: fileURLToPath(new URL('waits.mjs', import.meta.url)),
  guarding: fileURLToPath(new URL('guarding-main.mjs', import.meta.url)),
  coordinator: fileURLToPath(new URL('fake-coordinator.mjs', import.meta.url)),
  trainer: fileURLToPath(new URL('fake-trainer.mjs', import.meta.url)),
};
