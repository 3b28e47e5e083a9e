import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsIn,
  IsISO8601,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import type { Scope } from '../../contracts/auth.js';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './passwords.js';
import { SCOPES } from './scopes.js';

const TOO_LONG = { message: `Use at most ${MAX_PASSWORD_LENGTH} characters.` };
const SCOPES_SENTENCE = `Choose one or more of ${SCOPES.join(', ')}.`;

/** Body of `POST /api/auth/login`. */
export class LoginDto {
  @ApiProperty({ maxLength: MAX_PASSWORD_LENGTH, description: "The operator's password." })
  @MaxLength(MAX_PASSWORD_LENGTH, TOO_LONG)
  @IsNotEmpty({ message: 'Type the password.' })
  @IsString({ message: 'Type the password.' })
  password!: string;
}

/** Body of `PUT /api/auth/password`. */
export class ChangePasswordDto {
  @ApiProperty({
    minLength: MIN_PASSWORD_LENGTH,
    maxLength: MAX_PASSWORD_LENGTH,
    description: 'The new password.',
  })
  @MaxLength(MAX_PASSWORD_LENGTH, TOO_LONG)
  @IsNotEmpty({ message: 'Type the new password.' })
  @IsString({ message: 'Type the new password.' })
  password!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: MAX_PASSWORD_LENGTH,
    description: 'The present password; needed once one is set.',
  })
  @MaxLength(MAX_PASSWORD_LENGTH, TOO_LONG)
  @IsString({ message: 'Type the present password.' })
  @IsOptional()
  current_password?: string | null;
}

/** Body of `POST /api/auth/tokens`. */
export class CreateTokenDto {
  @ApiProperty({ maxLength: 64, description: 'Unique, whatever its case.' })
  @MaxLength(200, { message: 'Give a name of 1 to 64 visible characters.' })
  @IsNotEmpty({ message: 'Give the token a name.' })
  @IsString({ message: 'Give the token a name.' })
  name!: string;

  @ApiProperty({
    enum: SCOPES,
    isArray: true,
    description: 'edit includes operate, operate and terminal include read, admin includes all.',
  })
  @IsIn(SCOPES, { each: true, message: SCOPES_SENTENCE })
  @ArrayMaxSize(SCOPES.length, { message: SCOPES_SENTENCE })
  @ArrayNotEmpty({ message: SCOPES_SENTENCE })
  @IsArray({ message: SCOPES_SENTENCE })
  scopes!: Scope[];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'When it stops working; absent or null: never.',
  })
  @IsISO8601(
    { strict: true },
    { message: 'Give a time in the future, such as 2030-01-31T12:00:00Z, or none.' },
  )
  @IsOptional()
  expires_at?: string | null;
}

const ORIGIN_SENTENCE = 'Give the address of an application, such as http://comfy.home.lan:9001.';

/** Body of `POST /api/auth/tickets`. */
export class CreateTicketDto {
  @ApiProperty({
    maxLength: 300,
    example: 'http://comfy.home.lan:9001',
    description:
      'Scheme, host and port of an application that has a host name of its own, or of `<slug>.localhost`.',
  })
  @MaxLength(300, { message: ORIGIN_SENTENCE })
  @IsNotEmpty({ message: ORIGIN_SENTENCE })
  @IsString({ message: ORIGIN_SENTENCE })
  origin!: string;
}
