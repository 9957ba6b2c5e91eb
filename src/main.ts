// The process begins here: starting the server loads the server only, every other command the command line only.

const [command = 'start', ...rest] = process.argv.slice(2);
const isOption = command.startsWith('--') && !['--help', '--version'].includes(command);
const asksForHelp = rest.includes('--help') || rest.includes('-h');

if ((command === 'start' && !asksForHelp) || isOption) {
  const { startProcess } = await import('#server/start.ts');
  await startProcess(isOption ? [command, ...rest] : rest);
} else {
  const { runCli } = await import('./cli/cli.ts');
  process.exitCode = await runCli(process.argv.slice(2));
}

export {};
