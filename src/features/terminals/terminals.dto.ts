import { ApiProperty } from '@nestjs/swagger';
import type { TerminalSession } from '../../contracts/terminal.js';

/** A terminal as the OpenAPI document describes it. */
export class TerminalDto implements TerminalSession {
  @ApiProperty({ description: 'What `session` in the address of the WebSocket takes' }) id!: string;
  @ApiProperty({ description: 'Name of the program in the foreground; empty: not known', example: 'vim' })
  title!: string;
  @ApiProperty({ description: 'Another program than the shell is in the foreground' }) is_busy!: boolean;
  @ApiProperty({ format: 'date-time' }) started_at!: string;
  @ApiProperty() cols!: number;
  @ApiProperty() rows!: number;
  @ApiProperty({ description: 'Connections that show it' }) viewers!: number;
  @ApiProperty({ description: 'false: its shell has ended, the end of its output can still be seen' })
  running!: boolean;
}
