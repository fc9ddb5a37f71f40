/** The product's own order of samples, `sampleAt` of libs/datasets; null, and a line that says so, where the workspace is not built. */
export async function productOrder() {
  try {
    return (await import('@langevin/datasets')).sampleAt;
  } catch (error) {
    process.stderr.write(`libs/datasets is not built (${error.code ?? error.message}): samples are checked by one implementation alone\n`);
    return null;
  }
}
