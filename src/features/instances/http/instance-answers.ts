import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Instance } from '../../../contracts/instance.js';
import type { InstancesService } from '../instances.service.js';
import type { InstanceAddress } from './instance-address.js';

/** Answers with an instance as whoever asks sees it, and the ETag of its settings. */
export class InstanceAnswers {
  constructor(
    private readonly instances: InstancesService,
    private readonly address: InstanceAddress,
  ) {}

  /** @throws AppError `not_found` */
  one(id: number, { client }: FastifyRequest, reply: FastifyReply): Instance {
    void reply.header('etag', `"${this.instances.revision(id)}"`);
    return this.address.localise(this.instances.get(id), client);
  }
}
