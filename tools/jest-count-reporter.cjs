const fs = require('node:fs');
const path = require('node:path');

/** Writes how many tests of one project passed, failed and were skipped, for `npm test` to add up. */
module.exports = class CountReporter {
  constructor(_globalConfig, { project }) {
    this.project = project;
  }
  onRunComplete(_contexts, results) {
    const folder = path.join(__dirname, '..', 'tmp', 'test-results');
    fs.mkdirSync(folder, { recursive: true });
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    fs.writeFileSync(path.join(folder, `${this.project}.json`), JSON.stringify(counts));
  }
};
