import type { ServerEvent } from '../contracts/events.js';

type InstanceEventData = Extract<ServerEvent, { type: 'instance.state' }>['data'];

/** An event with the addresses that fit the host by which its receiver knows AiKore. */
export function localiseEvent(
  event: ServerEvent,
  localiseInstance: (instance: InstanceEventData) => InstanceEventData,
): ServerEvent {
  if (
    event.type === 'instance.created' ||
    event.type === 'instance.updated' ||
    event.type === 'instance.state'
  ) {
    return { ...event, data: localiseInstance(event.data) };
  }
  return event;
}
