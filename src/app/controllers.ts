import type { Type } from '@nestjs/common';
import { AuditController } from '../core/audit/audit.controller.js';
import { authControllers } from '../core/auth/auth.access.js';
import { TicketPageController } from '../features/access/ticket-page.controller.js';
import { BlueprintsController } from '../features/blueprints/blueprints.api.js';
import { InstancesController } from '../features/instances/http/instances.controller.js';
import { RowOrderController } from '../features/instances/http/order.controller.js';
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
import { scriptControllers } from './build-scripts.js';
import { versionControllers } from './build-versions.js';

/** What answers requests for the dashboard's origin. */
export const controllers: Type[] = [
  InstancesController,
  RowOrderController,
  TrashController,
  LogsController,
  InstanceTerminalsController,
  MachineTerminalsController,
  BlueprintsController,
  ...scriptControllers,
  ...versionControllers,
  SystemController,
  PortsController,
  MetricsController,
  StatusController,
  AuditController,
  TicketPageController,
  ...authControllers,
];
