// The same echo as echo-server.mjs on our own HTTP server. Prints its port and process id as one line of JSON.

import { createHttpServer } from '#runtime/http/http-server.ts';

const server = createHttpServer({
  onRequest(request, exchange) {
    const { body } = request;
    const text = JSON.stringify(JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString()));
    exchange.reply({ status: 200, headers: [['Content-Type', 'application/json']], body: text });
  },
});
const { port } = await server.listen({ host: '127.0.0.1', port: Number(process.argv[2] ?? 0) });
process.stdout.write(`${JSON.stringify({ port, pid: process.pid })}\n`);
process.on('SIGTERM', () => process.exit(0));
