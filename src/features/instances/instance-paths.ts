import { join } from 'node:path';
import { lockedName } from './domain/instance-name.js';
import { segmentFileName } from './domain/segment-name.js';

/** Name of an instance's own script in its folder. */
export const SCRIPT_FILE = 'launch.sh';

/** Name of the folder of old logs in an instance's folder. */
export const OLD_LOGS_FOLDER = 'logs';

/** What begins with it is nobody's at a boot. */
export const ARRIVING_PREFIX = '.arriving-';

const DISPLAY_FOLDER = 'display';

/** Where everything of an instance lies (contract section 3). Pure joins; nothing is touched. */
export class InstancePaths {
  constructor(private readonly dataDir: string) {}

  get instancesRoot(): string {
    return join(this.dataDir, 'instances');
  }

  get outputsRoot(): string {
    return join(this.dataDir, 'outputs');
  }

  get trashRoot(): string {
    return join(this.dataDir, 'trashcan');
  }

  get modelsDir(): string {
    return join(this.dataDir, 'models');
  }

  get tmpDir(): string {
    return join(this.dataDir, 'tmp');
  }

  /** The instance's own folder: its script, its log, its environment. */
  home(name: string): string {
    return join(this.instancesRoot, lockedName(name));
  }

  /** Where the folder of a new instance is built; a dot begins no instance's name. */
  unfinishedHome(id: number): string {
    return join(this.instancesRoot, `.creating-${id}`);
  }

  /** Where the folder of an instance is put together that takes long to make, before it has an id. */
  arrivingHome(key: string): string {
    return join(this.instancesRoot, `${ARRIVING_PREFIX}${key}`);
  }

  /** The same for its outputs. */
  arrivingOutputs(key: string): string {
    return join(this.outputsRoot, `${ARRIVING_PREFIX}${key}`);
  }

  /** Where outputs that came with a new instance wait for its row. */
  unfinishedOutputs(id: number): string {
    return join(this.outputsRoot, `.creating-${id}`);
  }

  /** Says which folders are being moved to another name. */
  renamingNote(id: number): string {
    return join(this.instancesRoot, `.renaming-${id}`);
  }

  /** Where the folder of an instance that is deleted for ever lies until its bytes are gone. */
  doomedHome(id: number): string {
    return join(this.trashRoot, `.deleting-${id}`);
  }

  /** Where an entry of the trash can lies while another takes its place. */
  replaced(entryName: string): string {
    return join(this.replacedRoot, lockedName(entryName));
  }

  get replacedRoot(): string {
    return join(this.trashRoot, '.replaced');
  }

  script(name: string): string {
    return join(this.home(name), SCRIPT_FILE);
  }

  /** Newest segment of the current run's log; older ones and earlier runs' are in `oldLogs` (see log-segments.ts). */
  log(name: string): string {
    return join(this.home(name), 'output.log');
  }

  /** Times of the log's lines, written by the runner. */
  logTimes(name: string): string {
    return join(this.home(name), 'output.times');
  }

  /** Logs of earlier runs, and earlier segments of the current one. */
  oldLogs(name: string): string {
    return join(this.home(name), OLD_LOGS_FOLDER);
  }

  /** @param baseBytes offset in the run at which the segment begins */
  oldLog(name: string, run: number, baseBytes = 0): string {
    return join(this.oldLogs(name), segmentFileName(run, baseBytes));
  }

  /** Times of an old segment's lines. */
  oldLogTimes(name: string, run: number, baseBytes = 0): string {
    return `${this.oldLog(name, run, baseBytes)}.times`;
  }

  outputs(name: string, outputPath: string | null): string {
    return join(this.outputsRoot, outputPath ?? lockedName(name));
  }

  /** Files of the runner; they need not survive a reboot. */
  runDir(id: number): string {
    return join(this.dataDir, 'run', 'instances', String(id));
  }

  record(id: number): string {
    return join(this.runDir(id), 'record');
  }

  socket(id: number): string {
    return join(this.runDir(id), 'runner.sock');
  }

  /** Everything of a desktop but the browser's profile; its helper works here. */
  displayDir(id: number): string {
    return join(this.runDir(id), DISPLAY_FOLDER);
  }

  /** Where the desktop's screen is served, a unix socket. */
  rfbSocket(id: number): string {
    return join(this.displayDir(id), this.rfbSocketName);
  }

  readonly rfbSocketName = 'rfb.sock';

  /** Who has it may use the display. */
  xAuthority(id: number): string {
    return join(this.displayDir(id), 'Xauthority');
  }

  /** What the desktop's helper knows of it. */
  displayState(id: number): string {
    return join(this.displayDir(id), 'state');
  }

  /** Of the browser that shows a web application on its desktop. */
  kioskProfile(name: string): string {
    return join(this.home(name), '.aikore', 'kiosk');
  }
}
