import { ApiProperty } from '@nestjs/swagger';
import type {
  CheckedEnvironment,
  PackageConflict,
  PackageVersion,
  VersionCheck,
  VersionFact,
} from '../../../contracts/versions.js';

const nullable = { nullable: true } as const;

export class VersionFactDto implements VersionFact {
  @ApiProperty({ example: 'driver_cuda' }) key!: string;
  @ApiProperty() label!: string;
  @ApiProperty() value!: string;
}

export class PackageVersionDto implements PackageVersion {
  @ApiProperty() name!: string;
  @ApiProperty() version!: string;
}

export class PackageConflictDto implements PackageConflict {
  @ApiProperty() package!: string;
  @ApiProperty({ type: String, ...nullable }) version!: string | null;
  @ApiProperty({ example: 'numpy<2' }) requirement!: string;
  @ApiProperty({ example: 'numpy' }) dependency!: string;
  @ApiProperty({ type: String, ...nullable, description: 'null: nothing' }) installed!: string | null;
  @ApiProperty({ description: 'As it was printed' }) message!: string;
}

export class CheckedEnvironmentDto implements CheckedEnvironment {
  @ApiProperty({ enum: ['python', 'conda', 'machine'] }) kind!: CheckedEnvironment['kind'];
  @ApiProperty({ type: String, ...nullable }) path!: string | null;
  @ApiProperty({ enum: ['ready', 'missing', 'broken'] }) state!: CheckedEnvironment['state'];
  @ApiProperty({ description: 'One sentence for a person' }) message!: string;
  @ApiProperty({ type: Number, ...nullable }) installed_count!: number | null;
}

export class VersionCheckDto implements VersionCheck {
  @ApiProperty({ description: 'The facts and packages as a text' }) versions!: string;
  @ApiProperty({ description: 'The conflicts as a text' }) conflicts!: string;
  @ApiProperty({ type: CheckedEnvironmentDto }) environment!: CheckedEnvironmentDto;
  @ApiProperty({ type: [VersionFactDto] }) facts!: VersionFactDto[];
  @ApiProperty({ type: [PackageVersionDto] }) packages!: PackageVersionDto[];
  @ApiProperty({ type: [PackageConflictDto] }) conflicts_list!: PackageConflictDto[];
  @ApiProperty({ type: Boolean, ...nullable, description: 'null: it could not be checked' })
  has_conflicts!: boolean | null;
  @ApiProperty({ type: [String] }) advice!: string[];
  @ApiProperty({ format: 'date-time' }) checked_at!: string;
  @ApiProperty() took_ms!: number;
}
