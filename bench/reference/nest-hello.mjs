/**
 * NestJS on Fastify, one route, nothing else. Decorators are applied by hand: no build step.
 *   node nest-hello.mjs PORT
 */
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class HelloController {
  hello() {
    return { hello: 'world' };
  }
}
const method = { value: HelloController.prototype.hello };
Get('hello')(HelloController.prototype, 'hello', method);
Controller()(HelloController);

class HelloModule {}
Module({ controllers: [HelloController] })(HelloModule);

const app = await NestFactory.create(HelloModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.argv[2]), '127.0.0.1');
