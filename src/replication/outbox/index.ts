/** What a project imports from `meridian/outbox`: change events that are written in the transaction of the change. */
export { OutboxEvent } from './outbox-event.entity.ts';
