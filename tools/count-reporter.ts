// Ends a test run with the line "N passed, N failed" that scripts read; skipped tests are named with their reason.
import type { Reporter, TestModule } from 'vitest/node';

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      let counted = 0;
      for (const test of module.children.allTests()) {
        counted += 1;
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped.push(test.fullName);
      }
      if (counted === 0 || module.errors().length > 0) failed += 1;
    }
    // After the default reporter's summary, which is written in the same event.
    process.on('exit', () => {
      for (const name of skipped) console.log(`skipped: ${name}`);
      console.log(`${passed} passed, ${failed} failed`);
    });
  }
}
