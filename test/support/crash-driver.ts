import { setTimeout as sleep } from 'node:timers/promises';
import type { AiKoreProcess } from './aikore-process.js';
import { brokenInvariants, rowsOf } from './crash-invariants.js';
import type { CrashOperation, CrashScene } from './crash-operations.js';
import { CrashPoints } from './crash-points.js';
import type { CrashSide } from './crash-points.js';
import { SeededRandom, chooseSeed, isSoak } from './crash-random.js';
import type { Lab } from './lab.js';
import { waitFor } from './wait.js';

/** Points of each operation that one test run tries; the endurance run tries all, on both sides of the call. */
const SAMPLE = 6;
/** A blueprint that ends at SIGTERM needs none of it. */
const STOP_GRACE_SECONDS = '2';

const RESTING = ['stopped', 'error', 'started'];

/** Does one operation again and again, with AiKore dying at another point each time, and looks what the next one makes of it. */
export class CrashDriver {
  private readonly points: CrashPoints;
  private readonly dataDir: string;
  private readonly random = new SeededRandom(chooseSeed());
  private caseCount = 0;
  private aikore: AiKoreProcess | null = null;

  constructor(private readonly lab: Lab) {
    this.points = CrashPoints.compile(lab.root);
    this.dataDir = lab.dataDir();
  }

  /** @returns how many points there are and were tried @throws Error that says what broke, and how to repeat it */
  async explore(operation: CrashOperation): Promise<{ points: number; tried: number }> {
    const points = await this.countPoints(operation);
    const chosen = isSoak ? this.random.sample(points, points) : this.random.sample(points, SAMPLE);
    const sides: CrashSide[] = ['before', 'after'];
    const cases = chosen.flatMap((number) =>
      (isSoak ? sides : [sides[this.random.below(2)] ?? 'before']).map((side) => ({ number, side })),
    );
    for (const { number, side } of cases) await this.tryPoint(operation, side, number);
    return { points, tried: cases.length };
  }

  private async countPoints(operation: CrashOperation): Promise<number> {
    const scene = await this.scene();
    await operation.prepare(scene);
    this.points.count();
    await operation.act(scene, () => undefined);
    const points = this.points.disarm();
    await this.expectSound(operation, scene, true, 'without a death');
    return points;
  }

  private async tryPoint(operation: CrashOperation, side: CrashSide, number: number): Promise<void> {
    const scene = await this.scene();
    await operation.prepare(scene);
    let wasAnswered = false;
    this.points.arm(side, number);
    const dying = scene.aikore;
    const acting = operation.act(scene, () => (wasAnswered = true)).catch(() => undefined);
    await Promise.race([dying.exited, acting]);
    // What threads do changes its order: a point that was not reached is a death after the operation.
    if (dying.isRunning) await sleep(20);
    this.points.disarm();
    const where = `${side} call ${number} of ${operation.title} (${this.points.lastCalls()})`;
    await dying.signal('SIGKILL');
    await acting;
    scene.aikore = await this.living().catch((error: unknown) => {
      throw new Error(`${where}: the next AiKore does not come up\n${String(error)}\n${this.repetition}`);
    });
    await this.expectSound(operation, scene, wasAnswered, where);
  }

  private async expectSound(
    operation: CrashOperation,
    scene: CrashScene,
    wasAnswered: boolean,
    where: string,
  ): Promise<void> {
    const { aikore } = scene;
    const settled = () => rowsOf(this.dataDir).every(({ status }) => RESTING.includes(status));
    const isSettled = await waitFor('it settles', settled, 15_000).catch(() => false);
    const broken = [
      ...(isSettled ? [] : ['it does not come to rest']),
      ...(await brokenInvariants(aikore)),
      ...(await operation.check(scene, wasAnswered)),
      ...(await this.remainsUsable(scene)),
    ];
    if (broken.length === 0) return;
    throw new Error(
      `${where}, ${wasAnswered ? 'answered' : 'not answered'}:\n  ${broken.join('\n  ')}\n` +
        `${this.repetition}\n${aikore.stderr.slice(-2000)}`,
    );
  }

  /** Whatever is there can be started, stopped and deleted, and its name is free again. */
  private async remainsUsable({ aikore, name }: CrashScene): Promise<string[]> {
    const { api } = aikore;
    try {
      // Satellites before their parents.
      for (const instance of (await api.instances()).reverse()) {
        if (instance.status !== 'started') await api.startUp(instance.id);
        await api.shutDown(instance.id);
        await api.expect(204, 'DELETE', `api/instances/${instance.id}?mode=permanent`);
      }
      const { id } = await api.create({ name, base_blueprint: 'idles.sh' });
      await api.expect(204, 'DELETE', `api/instances/${id}?mode=permanent`);
      return await brokenInvariants(aikore);
    } catch (error) {
      return [`it cannot be used any more: ${String(error)}`];
    }
  }

  private async scene(): Promise<CrashScene> {
    this.caseCount += 1;
    return { aikore: await this.living(), name: `Case ${this.caseCount}`, id: 0 };
  }

  private async living(): Promise<AiKoreProcess> {
    if (this.aikore?.isRunning) return this.aikore;
    const env = { ...this.points.env, AIKORE_STOP_GRACE: STOP_GRACE_SECONDS };
    this.aikore = await this.lab.start(env, this.dataDir);
    return this.aikore;
  }

  private get repetition(): string {
    return `Repeat with AIKORE_SEED=${this.random.seed}${isSoak ? ' AIKORE_SOAK=1' : ''}`;
  }

  get seed(): number {
    return this.random.seed;
  }
}
