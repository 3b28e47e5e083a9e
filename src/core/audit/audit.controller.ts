import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditPage } from '../../contracts/audit.js';
import { AuditQueryDto } from './audit.dto.js';
import { AuditLog, KEPT_DAYS, KEPT_ENTRIES } from './audit-log.js';
import { AuditPageDto } from './audit-answer.dto.js';

const USUAL_LIMIT = 100;

/** `GET /api/audit`: who did what, when, from where. */
@ApiTags('audit')
@Controller('api/audit')
export class AuditController {
  constructor(private readonly audit: AuditLog) {}

  @Get()
  @ApiOperation({ summary: 'Who did what, newest first' })
  @ApiOkResponse({ type: AuditPageDto })
  async list(@Query() query: AuditQueryDto): Promise<AuditPage> {
    const limit = Number(query.limit ?? USUAL_LIMIT);
    const { actor, action, target, outcome } = query;
    const filter = {
      actor,
      action,
      target,
      outcome,
      instanceId: numberOr(query.instance),
      before: numberOr(query.before),
    };
    // One more than asked for tells whether there is another page.
    const found = await this.audit.find(filter, limit + 1);
    const entries = found.slice(0, limit);
    const isFirst = query.before === undefined;
    return {
      entries,
      next_before: found.length > limit ? (entries.at(-1)?.id ?? null) : null,
      ...(isFirst ? await this.audit.words() : { actors: [], actions: [] }),
      kept_days: KEPT_DAYS,
      kept_entries: KEPT_ENTRIES,
    };
  }
}

function numberOr(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
