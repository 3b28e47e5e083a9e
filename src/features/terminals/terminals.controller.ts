import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TerminalSession as SessionView } from '../../contracts/terminal.js';
import { parseId } from '../../core/http/validation.js';
import { TerminalSessions } from './terminal-sessions.js';
import { MACHINE, ShellPlaces, ownerOf } from './terminals.ports.js';
import { TerminalDto } from './terminals.dto.js';

/** The terminals of instances: `/api/instances/{id}/terminals`. */
@ApiTags('terminals')
@Controller('api/instances/:id/terminals')
export class InstanceTerminalsController {
  constructor(
    private readonly sessions: TerminalSessions,
    private readonly places: ShellPlaces,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The terminals of an instance, oldest first' })
  @ApiOkResponse({ type: [TerminalDto] })
  list(@Param('id') id: string): SessionView[] {
    return this.sessions.list(this.ownerOf(id));
  }

  @Delete(':session')
  @HttpCode(204)
  @ApiOperation({ summary: 'Close a terminal; everything that runs in it ends' })
  close(@Param('id') id: string, @Param('session') session: string): Promise<void> {
    return this.sessions.close(this.ownerOf(id), session);
  }

  private ownerOf(text: string): string {
    const id = parseId(text);
    this.places.requireInstance(id);
    return ownerOf(id);
  }
}

/** The terminals of the machine: `/api/system/terminals`. */
@ApiTags('terminals')
@Controller('api/system/terminals')
export class MachineTerminalsController {
  constructor(private readonly sessions: TerminalSessions) {}

  @Get()
  @ApiOperation({ summary: 'The terminals of the machine, oldest first' })
  @ApiOkResponse({ type: [TerminalDto] })
  list(): SessionView[] {
    return this.sessions.list(MACHINE);
  }

  @Delete(':session')
  @HttpCode(204)
  @ApiOperation({ summary: 'Close a terminal; everything that runs in it ends' })
  close(@Param('session') session: string): Promise<void> {
    return this.sessions.close(MACHINE, session);
  }
}
