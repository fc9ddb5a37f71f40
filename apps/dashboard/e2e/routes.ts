const several = encodeURIComponent(JSON.stringify(['digits-ddpm', 'digits-cosine']));

/** Every page, and every dialog that an address opens. */
export const routes = [
  '/runs',
  '/runs?q=nothing-has-this-name',
  '/runs/digits-ddpm',
  '/runs/digits-ddpm?x=time&log=false&from=0',
  '/runs/digits-ddpm/samples',
  '/runs/digits-ddpm/samples?view=steps',
  '/runs/digits-ddpm/samples?with=50',
  '/runs/digits-ddpm/samples?cell=%5B7%2C1%5D',
  '/runs/digits-classifier/samples',
  '/runs/digits-ddpm/checkpoints',
  '/runs/digits-ddpm/spec',
  '/runs/nothing',
  '/runs/digits-ddpm?draw=run%3Adigits-ddpm',
  '/runs?draw=nonsense',
  `/compare?runs=${several}`,
  '/compare',
  '/models',
  '/models/digits-ddpm',
  '/models/nothing',
  '/nodes',
  '/submit',
  '/no-such-page',
] as const;
