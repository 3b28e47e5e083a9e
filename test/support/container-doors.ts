import { freePort } from './ports.js';

/** A container whose links lead where its doors are published: what compose passes on, and a range of its own. */
export interface Published {
  dashboard: string;
  apps: string;
  /** Ports of instances, the same inside and outside. */
  range: readonly number[];
  env: Record<string, string>;
  run: string[];
}

/** @param firstPort of the range; no other suite may use it */
export async function published(firstPort: number, portCount = 4): Promise<Published> {
  const [port, appsPort] = [await freePort(), await freePort()];
  const [dashboard, apps] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${appsPort}`];
  const range = Array.from({ length: portCount }, (_, index) => firstPort + index);
  const span = `${range[0]}-${range.at(-1)}`;
  return {
    dashboard,
    apps,
    range,
    env: {
      AIKORE_PUBLIC_URL: dashboard,
      AIKORE_APPS_PUBLIC_URL: apps,
      AIKORE_INSTANCE_PORT_RANGE: span,
    },
    run: [
      `--publish=127.0.0.1:${port}:9000`,
      `--publish=127.0.0.1:${appsPort}:9001`,
      `--publish=127.0.0.1:${span}:${span}`,
    ],
  };
}
