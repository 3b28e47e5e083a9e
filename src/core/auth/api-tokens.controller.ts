import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ApiToken, CreatedApiToken } from '../../contracts/auth.js';
import { ApiTokens } from './api-tokens.js';
import { CreateTokenDto } from './auth.dto.js';
import { notFound, recordId } from './record-id.js';
import { ApiTokenDto, CreatedApiTokenDto } from './auth-answer.dto.js';

/** Named tokens for scripts. */
@ApiTags('auth')
@Controller('api/auth/tokens')
export class ApiTokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Get()
  @ApiOperation({ summary: 'The tokens by name, without their secrets' })
  @ApiOkResponse({ type: [ApiTokenDto] })
  list(): ApiToken[] {
    return this.tokens.list();
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Make a token; its secret is shown in this answer only' })
  @ApiCreatedResponse({ type: CreatedApiTokenDto })
  async create(@Body() body: CreateTokenDto): Promise<CreatedApiToken> {
    return this.tokens.create({ name: body.name, scopes: body.scopes, expiresAt: body.expires_at ?? null });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a token, which stops working at once' })
  async delete(@Param('id') idText: string): Promise<void> {
    if (!(await this.tokens.delete(recordId(idText, 'token')))) throw notFound('token');
  }
}
