/** A desktop's address as it should be, and as it is: instance → port. */
export type Ports = ReadonlyMap<number, number>;

export interface ListenerPlan {
  /** Instances whose address is given up. */
  close: number[];
  open: { instanceId: number; port: number }[];
}

/** What has to be done so that exactly the wanted addresses are served. A port moves before somebody else takes it. */
export function planListeners(wanted: Ports, present: Ports): ListenerPlan {
  const close = [...present].filter(([id, port]) => wanted.get(id) !== port).map(([id]) => id);
  const open = [...wanted]
    .filter(([id, port]) => present.get(id) !== port)
    .map(([instanceId, port]) => ({ instanceId, port }));
  return { close, open };
}
