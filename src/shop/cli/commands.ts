/** The commands of the shop, in the order of the help. */
import type { CommandDeclaration } from '../../module.ts';

export const COMMANDS: readonly CommandDeclaration[] = [
  {
    usage: 'regions',
    summary: 'show what each region holds and its backlog',
    define: async (command) => (await import('./regions.command.ts')).defineRegionsCommand(command),
  },
  {
    usage: 'sync',
    summary: 'ship the changes of the regions to central',
    define: async (command) => (await import('./sync.command.ts')).defineSyncCommand(command),
  },
  {
    usage: 'relay',
    summary: 'run, pause or resume the relay of a region; purge its outbox',
    define: async (command) => (await import('./relay.command.ts')).defineRelayCommand(command),
  },
  {
    usage: 'transport',
    summary: 'check the transport between regions and central',
    define: async (command) => (await import('./transport.command.ts')).defineTransportCommand(command),
  },
  {
    usage: 'dead-letters',
    summary: 'events that central could not apply',
    define: async (command) => (await import('./dead-letters.command.ts')).defineDeadLettersCommand(command),
  },
  {
    usage: 'compare',
    summary: 'check that regions and central hold the same rows',
    define: async (command) => (await import('./compare.command.ts')).defineCompareCommand(command),
  },
  {
    usage: 'resend',
    summary: 'send the rows of a region to central again',
    define: async (command) => (await import('./resend.command.ts')).defineResendCommand(command),
  },
  {
    usage: 'central',
    summary: 'run or rebuild the central database',
    define: async (command) => (await import('./resend.command.ts')).defineCentralCommand(command),
  },
  {
    usage: 'report',
    summary: 'show what the regions have sold and have left',
    define: async (command) => (await import('./report.command.ts')).defineReportCommand(command),
  },
  {
    usage: 'stock',
    summary: 'receive and list the stock of regions',
    define: async (command) => (await import('./stock.command.ts')).defineStockCommand(command),
  },
  {
    usage: 'order',
    summary: 'place, cancel and list orders of a region',
    define: async (command) => (await import('./order.command.ts')).defineOrderCommand(command),
  },
  {
    usage: 'documents',
    summary: 'find order documents; check and rebuild the document store',
    define: async (command) => (await import('./documents.command.ts')).defineDocumentsCommand(command),
  },
  {
    usage: 'components',
    summary: 'show and set what products are made of',
    define: async (command) => (await import('./components.command.ts')).defineComponentsCommand(command),
  },
  {
    usage: 'demo',
    summary: 'play a story of regions and central, with explanations',
    define: async (command) => (await import('./demo.command.ts')).defineDemoCommand(command),
  },
];
