import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StandIn } from './stand-in.js';
import { Supply } from './supply.js';

/** All that blueprints reach on other machines, on this one: each stand-in has a part of its own. */
export class Outside {
  private readonly supplies = new Map<string, Supply>();

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  /** @param folder for repositories; made anew */
  static async open(folder: string): Promise<Outside> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const outside = new Outside(folder, server);
    server.on('request', (request, response) => {
      const [, key = '', ...path] = decodeURI(request.url ?? '').split('/');
      const supply = outside.supplies.get(key);
      if (supply === undefined || supply.isDown) return void request.destroy();
      const served = supply.answer(path.join('/').replace(/\?.*/, ''));
      if (served === null) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': served.type, 'content-length': served.body.length });
      response.end(served.body);
    });
    return outside;
  }

  /** What one stand-in is installed from. */
  supply(standIn: StandIn): Supply {
    const key = standIn.key ?? standIn.blueprint;
    const root = join(this.folder, key);
    mkdirSync(root, { recursive: true });
    const { port } = this.server.address() as AddressInfo;
    const supply = new Supply(root, `http://127.0.0.1:${port}/${key}/`, standIn);
    this.supplies.set(key, supply);
    return supply;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
