import type { Type } from '@nestjs/common';
import { AuditController } from '../core/audit/audit.controller.js';
import { authControllers } from '../core/auth/auth.access.js';
import { TicketPageController } from '../features/access/ticket-page.controller.js';
import { BlueprintsController } from '../features/blueprints/blueprints.api.js';
import { InstancesController } from '../features/instances/http/instances.controller.js';
import { RebuildController } from '../features/instances/http/rebuild.controller.js';
import { RowOrderController } from '../features/instances/http/order.controller.js';
import { SatellitesController } from '../features/instances/http/satellites.controller.js';
import { TrashController } from '../features/instances/http/trash.controller.js';
import { LogsController } from '../features/logs/logs.controller.js';
import { MetricsController } from '../features/system/metrics/metrics.controller.js';
import {
  InstanceTerminalsController,
  MachineTerminalsController,
} from '../features/terminals/terminals.controller.js';
import { StatusController } from '../features/system/status.controller.js';
import { PortsController } from '../features/system/ports.controller.js';
import { SystemController } from '../features/system/system.controller.js';
import { environmentControllers } from './build-environments.js';
import { scriptControllers } from './build-scripts.js';
import { transferControllers } from './build-transfers.js';
import { versionControllers } from './build-versions.js';

/** What answers requests for the dashboard's origin. */
export const controllers: Type[] = [
  InstancesController,
  RebuildController,
  SatellitesController,
  RowOrderController,
  TrashController,
  LogsController,
  InstanceTerminalsController,
  MachineTerminalsController,
  BlueprintsController,
  ...scriptControllers,
  ...versionControllers,
  ...environmentControllers,
  ...transferControllers,
  SystemController,
  PortsController,
  MetricsController,
  StatusController,
  AuditController,
  TicketPageController,
  ...authControllers,
];
