// Hashes "abc" in the background, prints the digest, and has nothing more to do.
const { BackgroundHash } = require('../background-hash.ts');

const hash = new BackgroundHash();
hash
  .update(Buffer.from('abc'))
  .then(() => hash.digest())
  .then((digest) => console.log(digest));
