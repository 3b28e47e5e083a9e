// What Jest's result files say.
//   test-results.mjs failed FILE         the suites that failed, a line each
//   test-results.mjs totals FILES...      one line of totals, and the suites that passed only the second time
import { readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';

const [what, ...files] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, 'utf8')).testResults;
const suitesOf = (results) => new Map(results.map((suite) => [relative('.', suite.name), suite]));

if (what === 'failed') {
  for (const [name, suite] of suitesOf(read(files[0]))) if (suite.status === 'failed') console.log(name);
} else {
  // Those that ran once more count as they ended then.
  const isAgain = (file) => basename(file).endsWith('-again.json');
  const [first, again] = [files.filter((file) => !isAgain(file)), files.filter(isAgain)].map((some) =>
    suitesOf(some.flatMap(read)),
  );
  const last = new Map([...first, ...again]);
  const tests = [...last.values()].flatMap((suite) => suite.assertionResults);
  const count = (status) => tests.filter((test) => test.status === status).length;
  // A suite that could not be loaded has no tests to count.
  const broken = [...last.values()].filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some(({ status }) => status === 'failed'),
  );
  const unsteady = [...again].filter(([, suite]) => suite.status === 'passed');
  for (const [name] of unsteady) console.log(`unsteady: ${name} failed at first and passed by itself`);
  console.log(
    `${count('passed')} passed, ${count('failed') + broken.length} failed, ${count('pending')} skipped`,
  );
}
