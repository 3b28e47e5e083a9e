import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { Logger, Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blueprint } from '../../contracts/blueprint.js';
import { BlueprintCatalogue } from './blueprint-catalogue.js';
import { BlueprintsController } from './blueprints.controller.js';
import { CustomBlueprintsService } from './custom-blueprints.service.js';

let root: string;
let app: INestApplication;
let origin: string;

@Module({})
class BlueprintsTestModule {}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aikore-blueprints-'));
  const stockDir = join(root, 'stock');
  const customDir = join(root, 'custom');
  await mkdir(stockDir);
  await writeFile(join(stockDir, 'Demo.sh'), '');
  const catalogue = new BlueprintCatalogue({ stockDir, customDir });
  Logger.overrideLogger(false);
  app = await NestFactory.create(
    {
      module: BlueprintsTestModule,
      controllers: [BlueprintsController],
      providers: [
        { provide: BlueprintCatalogue, useValue: catalogue },
        { provide: CustomBlueprintsService, useValue: new CustomBlueprintsService(catalogue, customDir) },
      ],
    },
    new FastifyAdapter(),
  );
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  origin = await app.getUrl();
});

afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${origin}/api/system/blueprints${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

describe('BlueprintsController', () => {
  it('creates, lists, reads, replaces and deletes a custom blueprint', async () => {
    const named = (filename: string): Partial<Blueprint> => ({ filename });
    const created = await call('POST', '/custom', { filename: 'My App.sh', content: 'one' });
    expect(created).toMatchObject({ status: 201, body: named('My App.sh') });
    expect(await call('GET', '')).toMatchObject({
      status: 200,
      body: { stock: [named('Demo.sh')], custom: [named('My App.sh')] },
    });
    expect(await call('PUT', '/custom/My%20App.sh', { content: 'two' })).toMatchObject({ status: 200 });
    expect(await call('GET', '/custom/My%20App.sh')).toEqual({
      status: 200,
      body: {
        filename: 'My App.sh',
        origin: 'custom',
        content: 'two',
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        instances: [],
      },
    });
    expect(await call('DELETE', '/custom/My%20App.sh')).toEqual({ status: 204, body: null });
  });

  it.each([{}, { filename: 'a.sh' }, { filename: 1, content: 'x' }, { filename: 'a.sh', content: ['x'] }])(
    'refuses the body %j',
    async (body) => {
      expect((await call('POST', '/custom', body)).status).toBe(400);
    },
  );
});
