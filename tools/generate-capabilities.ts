// Writes docs/capabilities.md: every operation of every API that Eddy speaks, done or refused, from the same tables that answer requests;
// and each room's own list of differences. With --check it compares instead, and fails when the page is not what the code says.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { NotificationSigner } from '#model/notification-envelope.ts';
import { type Capability, capabilitiesOf } from '#server/admin-api/capabilities.ts';
import { buildServices, buildWireServices } from '#server/services.ts';

const PAGE = 'docs/capabilities.md';

const unusedSigner: NotificationSigner = { sign: () => '', certificatePath: '' };

function page(): string {
  const capabilities = capabilitiesOf(buildWireServices(), buildServices({ signer: unusedSigner }));
  const rows = capabilities.map(({ service, name, apiVersion, protocols, done, refused }) => {
    const all = done.length + refused.length;
    return `| [${name}](#${service}) | ${apiVersion} | ${protocols.join(', ')} | ${done.length} of ${all} |`;
  });
  return [
    '# Capabilities',
    '',
    '<!-- Made by `node tools/run-ts.mjs tools/generate-capabilities.ts` from the tables that answer requests. Do not edit. -->',
    '',
    'An operation that is not done is refused with an error that names it (`NotImplemented`, status 501), and so is a parameter that cannot be',
    'carried out. A running server tells the same at `/_eddy/capabilities`.',
    '',
    '| Service | API version | Protocols | Operations done |',
    '|---|---|---|---|',
    ...rows,
    '',
    ...capabilities.flatMap(section),
  ].join('\n');
}

function section({ service, name, done, refused }: Capability): string[] {
  const lines = [
    `## ${service}`,
    '',
    `**Done** (${name}): ${done.map((operation) => `\`${operation}\``).join(', ')}.`,
    '',
  ];
  if (refused.length > 0) lines.push(`**Refused**: ${refused.map((operation) => `\`${operation}\``).join(', ')}.`, '');
  for (const { title, text } of limitsOf(service)) lines.push(`**${title}**`, '', text, '');
  return lines;
}

/** What the room's README says under headings that tell where it ends: "Differences from AWS", "Refused", "Encryption". */
function limitsOf(service: string): readonly { readonly title: string; readonly text: string }[] {
  const path = `src/services/${service}/README.md`;
  if (!existsSync(path)) return [];
  const sections = readFileSync(path, 'utf8').matchAll(
    /^##? ((?:Differences|Refused|Encryption)[^\n]*)\n([\s\S]*?)(?=^##? |(?![\s\S]))/gm,
  );
  return [...sections].map(([, title = '', text = '']) => ({ title, text: text.trim() }));
}

const wanted = page();
if (!process.argv.includes('--check')) {
  writeFileSync(PAGE, wanted);
  console.log(`${PAGE} written`);
} else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== wanted) {
  console.error(`${PAGE} is not what the code says: run node tools/run-ts.mjs tools/generate-capabilities.ts`);
  process.exitCode = 1;
}
