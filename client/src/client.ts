import type { LogOutputChannel } from 'vscode';
import { LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
import { type Environment, environmentNotification } from '../../server/src/lsp/messages.ts';
import { readEnvironment } from './environment.ts';
import { documentSelector } from './selector.ts';
import type { StatusItem } from './status.ts';

/** The connection to the language server. Starts and stops happen one after another, however often they are asked for. */
export class BallastClient {
  private readonly client: LanguageClient;
  private readonly log: LogOutputChannel;
  private readonly status: StatusItem;
  private last: Promise<void> = Promise.resolve();

  constructor(serverModule: string, log: LogOutputChannel, status: StatusItem) {
    this.log = log;
    this.status = status;
    this.client = new LanguageClient(
      'ballast',
      'Ballast',
      { module: serverModule, transport: TransportKind.ipc },
      {
        documentSelector,
        outputChannel: log,
        initializationOptions: () => ({ environment: readEnvironment() }),
      },
    );
    this.client.onDidChangeState(({ newState }) => this.status.show(stateNames[newState]));
  }

  start(): Promise<void> {
    return this.queue(() => this.client.start());
  }

  restart(): Promise<void> {
    return this.queue(() => (this.client.needsStop() ? this.client.restart() : this.client.start()));
  }

  stop(): Promise<void> {
    return this.queue(() => (this.client.needsStop() ? this.client.stop() : Promise.resolve()));
  }

  /** Tells the server what has changed around it. A server that is not running reads it when it starts. */
  send(environment: Environment): void {
    if (this.client.state === State.Running) {
      void this.client.sendNotification(environmentNotification, environment);
    }
  }

  private queue(step: () => Promise<void>): Promise<void> {
    this.last = this.last.then(step).catch((error) => {
      this.status.show('failed');
      this.log.error(error instanceof Error ? error : String(error));
    });
    return this.last;
  }
}

const stateNames = {
  [State.Stopped]: 'stopped',
  [State.Starting]: 'starting',
  [State.StartFailed]: 'failed',
  [State.Running]: 'running',
} as const;
